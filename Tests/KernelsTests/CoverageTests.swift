// What a mask leaves of a tile, by arithmetic and by counting.

import Machine
import Testing

@testable import Library

private let rules: [Mask.Rule] = [
  .none, .causal, .causalTopLeft, .padding(length: 0), .padding(length: 4), .padding(length: 99),
  .window(left: 0, right: 0), .window(left: 2, right: 1), .window(left: -3, right: 5),
  .window(left: -2, right: 1), .window(left: 20, right: -18),
]

private func countedCoverage(_ mask: Mask, _ rows: Range<Int>, _ columns: Range<Int>) -> Coverage {
  var visible = 0
  for row in rows {
    for key in columns where mask.isVisible(plane: 0, row: row, key: key) { visible += 1 }
  }
  if visible == 0 { return .none }
  return visible == rows.count * columns.count ? .all : .some
}

@Test("A tile's coverage is that of its pairs, one by one", arguments: rules)
func coverageOfEveryTile(_ rule: Mask.Rule) {
  for (queries, keys) in [(7, 7), (5, 9), (9, 4), (1, 6), (8, 1)] {
    let mask = Mask(rule, queries: queries, keys: keys)
    for height in 1...queries {
      for width in 1...keys {
        for i in 0..<tileCount(queries, height) {
          for j in 0..<tileCount(keys, width) {
            let rows = tileRange(i, of: queries, by: height)
            let columns = tileRange(j, of: keys, by: width)
            #expect(
              mask.coverage(plane: 0, rows: rows, columns: columns)
                == countedCoverage(mask, rows, columns))
          }
        }
      }
    }
  }
}
