// The runs of tiles that a mask leaves, against the coverage of every single tile.

import Testing

@testable import Library
@testable import Machine
@testable import Notation

@Suite("Runs of tiles")
struct TileRunTests {
  private static let rules: [Mask.Rule] = [
    .none, .causal, .causalTopLeft, .window(left: 0, right: 0), .window(left: 3, right: 2),
    .window(left: 9, right: 0), .window(left: 40, right: 40), .window(left: -2, right: 5),
    .window(left: 5, right: -2), .window(left: -3, right: 1), .padding(length: 0),
    .padding(length: 5), .padding(length: 16),
  ]

  @Test(
    "They are the tiles whose coverage is not none, and those whose coverage is all",
    arguments: rules)
  func runs(rule: Mask.Rule) throws {
    for (queries, keys) in [(1, 1), (16, 16), (13, 29), (29, 13), (7, 40), (24, 9)] {
      for tiles in [(1, 1), (4, 4), (5, 3), (2, 7), (16, 16), (50, 50)] {
        let mask = Mask(rule, queries: queries, keys: keys)
        for i in 0..<tileCount(queries, tiles.0) {
          let found = try #require(mask.columns(ofRowBlock: i, tiles: tiles))
          let coverage = (0..<tileCount(keys, tiles.1)).map { visible(mask, i, $0, tiles) }
          #expect(found == expected(coverage), "\(rule) \(queries)×\(keys) \(tiles) row \(i)")
        }
        for j in 0..<tileCount(keys, tiles.1) {
          let found = try #require(mask.rows(ofColumnBlock: j, tiles: tiles))
          let coverage = (0..<tileCount(queries, tiles.0)).map { visible(mask, $0, j, tiles) }
          #expect(found == expected(coverage), "\(rule) \(queries)×\(keys) \(tiles) column \(j)")
        }
      }
    }
  }

  private func visible(_ mask: Mask, _ i: Int, _ j: Int, _ tiles: (Int, Int)) -> Coverage {
    mask.coverage(
      plane: 0, rows: tileRange(i, of: mask.queries, by: tiles.0),
      columns: tileRange(j, of: mask.keys, by: tiles.1))
  }

  private func expected(_ coverage: [Coverage]) -> TileRun {
    func run(_ tiles: [Int]) -> Range<Int> {
      #expect(tiles == Array((tiles.first ?? 0)..<(tiles.last.map { $0 + 1 } ?? 0)), "one run")
      return tiles.isEmpty ? 0..<0 : tiles[0]..<tiles[tiles.count - 1] + 1
    }
    return TileRun(
      some: run(coverage.indices.filter { coverage[$0] != .none }),
      all: run(coverage.indices.filter { coverage[$0] == .all }))
  }
}
