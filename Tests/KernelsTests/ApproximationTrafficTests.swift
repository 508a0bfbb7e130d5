// HBM traffic of the approximations whose texts state no moves, by formulas that are written down here once more.

import Machine
import Testing

@testable import Kernels
@testable import Notation

@Suite("Traffic of approximations")
struct ApproximationTrafficTests {
  /// Elements read and written of each tensor, for one head.
  private typealias Moves = [String: (reads: Int, writes: Int)]

  private func check(
    _ name: String, _ own: [String: Int], n: Int, d: Int, dv: Int, tile: Int, isCausal: Bool,
    _ expected: Moves
  ) throws {
    let heads = 2
    let problem = AttentionProblem(
      queries: n, d: d, dv: dv, heads: heads, maskRule: isCausal ? .causal : .none)
    let kernel = Catalogue[name].with(own.mapValues { .size($0) })
    let plan = try Plan(kernel, .attention(problem), Mapping(tile: tile), testDevice())
    let recording = try plan.record(inputs: nil)
    var left = expected
    for (tensor, moved) in zip(plan.program.tensors, recording.totals.tensors) {
      let wanted = left.removeValue(forKey: tensor.name) ?? (0, 0)
      #expect(moved.readBytes == 4 * heads * wanted.reads, "\(name): reads of \(tensor.name)")
      #expect(moved.writeBytes == 4 * heads * wanted.writes, "\(name): writes of \(tensor.name)")
    }
    #expect(left.isEmpty, "\(name) has no \(left.keys.sorted())")
  }

  /// Edges of square tiles that divide the number of tokens, and one that does not.
  private static let cases = [(n: 24, tile: 4), (n: 24, tile: 8), (n: 27, tile: 8)]

  @Test(
    "Performer: features of queries and keys, a state, and no scores", arguments: [false, true])
  func performer(isCausal: Bool) throws {
    let (d, dv, f) = (4, 3, 6)
    for (n, tile) in Self.cases {
      let t = tileCount(n, tile)
      var moves: Moves = [
        "Q": (n * d, 0), "A": (n * d, n * d), "U": (2 * n * f, n * f), "M": (n, n),
        "B": (n * f, n * f),
        // Each block of queries and each block of keys reads all directions.
        "R": (2 * t * f * d, 0),
        "K": (n * d, 0), "C": (2 * n * d, n * d), "Y": (2 * n * f, 2 * n * f),
        "X": (n * d, n * d), "T": (n, n), "N": (n, n), "V": (n * dv, 0),
      ]
      if isCausal {
        moves.merge(["G": (n * f, n * f), "H": (n * f, n * f), "O": (0, n * dv)]) { $1 }
      } else {
        moves.merge([
          "G": (2 * n * f, n * f), "H": (2 * n * f, n * f), "W": (t * f * dv, f * dv),
          "Z": (t * f, f), "L": (n, n), "O": (n * dv, 2 * n * dv),
        ]) { $1 }
      }
      try check(
        "performer", ["feature-count": f], n: n, d: d, dv: dv, tile: tile, isCausal: isCausal,
        moves)
    }
  }

  @Test("Routing transformer: w rows for each of c clusters", arguments: [false, true])
  func routing(isCausal: Bool) throws {
    let (d, dv, c, w) = (4, 3, 3, 5)
    for (n, tile) in Self.cases {
      let t = tileCount(n, tile)
      var moves: Moves = [
        "Q": (n * d + c * w * d, 0), "Y": (n * d, n * d), "U": (n * c, n * c),
        "B": (c * w * d, c * w * d), "D": (c * w * d, c * w * d), "E": (c * w * dv, c * w * dv),
        "V": (c * w * dv, 0), "P": (c * w * w, c * w * w),
        // Sums over clusters begin at 0 and are read for each addition, and once for the mean.
        "A": (c * w * dv + n * dv, c * w * dv), "Z": (c * w + n, c * w), "O": (0, n * dv),
      ]
      if isCausal {
        moves.merge([
          "K": (c * w * d, 0), "M": (t * c * d, 0), "I": (5 * c * w, c * w),
          "S": (3 * c * w * w, 3 * c * w * w),
        ]) { $1 }
      } else {
        moves.merge([
          "K": (n * d + c * w * d, 0), "B'": (n * d, n * d), "W": (n * c, n * c),
          "M": (2 * t * c * d, 0), "I": (2 * c * w, c * w), "J": (2 * c * w, c * w),
          "S": (2 * c * w * w, 2 * c * w * w),
        ]) { $1 }
      }
      try check(
        "routing-transformer", ["clusters": c, "window": w], n: n, d: d, dv: dv, tile: tile,
        isCausal: isCausal, moves)
    }
  }

  @Test(
    "Reformer: each chunk of the sorted order meets itself and the one before",
    arguments: [false, true])
  func reformer(isCausal: Bool) throws {
    let (d, dv, b) = (4, 3, 4)
    for (n, tile, chunk) in [(24, 4, 4), (24, 4, 8), (32, 8, 8)] {
      let t = tileCount(n, tile)
      let (chunks, inChunk) = (n / chunk, chunk / tile)
      let pairs = (2 * chunks - 1) * inChunk * inChunk
      let area = pairs * tile * tile
      // Launches that change S element by element: scale, bucket, (order,) itself.
      let changes = isCausal ? 4 : 3
      try check(
        "reformer", ["buckets": b, "chunk": chunk], n: n, d: d, dv: dv, tile: tile,
        isCausal: isCausal,
        [
          // The hash, and three lines of the gather: queries, lengths, keys.
          "Q": (4 * n * d, 0), "R": (t * d * b / 2, 0), "U": (n * b / 2, n * b / 2),
          "H": (2 * n, n), "V": (n * dv, 0), "N": (n, n),
          "A": (pairs * tile * d, n * d), "B": (pairs * tile * d, n * d),
          "C": (pairs * tile * dv, n * dv), "G": (2 * pairs * tile, n),
          // Five lines of the gather, one or two of the scores, and the way back.
          "T": (6 * n + (isCausal ? 2 : 1) * 2 * pairs * tile, n),
          "S": ((changes + 2) * area, (changes + 1) * area), "P": (area, area), "O": (0, n * dv),
        ])
    }
  }
}
