// Whether the tiles of a plan fit in SRAM, and the largest that do.

import Machine

/// Refuses tiles that do not fit in SRAM, for the block of the problem that needs most.
///
/// A block sees at most what it would see of a few whole row blocks without a mask, or with one that is
/// mixed everywhere; where that fits, all fit. Where it does not, every block is looked at.
package func checkFit(
  _ kernel: Kernel, _ problem: Problem, _ mapping: Mapping, _ device: Device
) throws(DoesNotFit) {
  do {
    for bound in problem.bounds(mapping) {
      try kernel.program(for: bound, mapping: mapping, device: device)?.checkFit(on: device)
    }
  } catch {
    guard problem.tileSteps(mapping) < mostStepsToLookAt else { throw error }
    try kernel.program(for: problem, mapping: mapping, device: device)?.checkFit(on: device)
  }
}

/// Whether tiles fit in SRAM. Where they do not, the reason is not wanted: other tiles are tried.
package func fits(
  _ kernel: Kernel, _ problem: Problem, _ mapping: Mapping, _ device: Device
) -> Bool {
  (try? checkFit(kernel, problem, mapping, device)) != nil
}

/// Of a problem with more tile products than this, only the bound is looked at.
private let mostStepsToLookAt = 0x1p18

/// The largest T for which tiles of T × T fit; nil if not even 1 does.
func largestFittingTile(
  _ kernel: Kernel, _ problem: Problem, _ mapping: Mapping, _ device: Device
) -> Int? {
  let limit =
    switch problem {
    case .attention(let p): max(p.queries, p.keys)
    case .matmul(let p): max(p.m, p.n, p.k)
    }
  // Footprints grow with the tile, so the fitting sizes are an initial run.
  var (low, high) = (0, max(limit, mapping.rows, mapping.columns))
  while low < high {
    let middle = (low + high + 1) / 2
    let mapping = Mapping(tile: middle, stages: mapping.stages)
    if fits(kernel, problem, mapping, device) { low = middle } else { high = middle - 1 }
  }
  return low == 0 ? nil : low
}

extension Problem {
  /// How many times tiles meet in a product, roughly: what a recording's size grows with.
  package func tileSteps(_ mapping: Mapping) -> Double {
    switch self {
    case .attention(let p):
      let rows = tileCount(p.queries, mapping.rows)
      return Double(p.planes) * Double(rows) * Double(tileCount(p.keys, mapping.columns))
    case .matmul(let p):
      let rows = tileCount(p.m, mapping.rows)
      return Double(rows) * Double(tileCount(p.n, mapping.columns))
        * Double(tileCount(p.k, mapping.depth))
    }
  }

  /// Problems, quick to record at any size, one of which needs at least as much SRAM as any block of
  /// this one: three row blocks, and as many heads to a group as a loop over them can tell apart.
  fileprivate func bounds(_ mapping: Mapping) -> [Problem] {
    guard case .attention(var few) = self else { return [fewTiles(mapping)] }
    few.queries = min(few.queries, 3 * mapping.rows)
    // Rows that no SM holds are gone through in tiles, however long they are.
    few.keys = min(few.keys, max(1 << 16, 4096 * mapping.columns))
    few.heads = min(few.heads / max(1, few.keyValueHeads), 3)
    (few.batch, few.keyValueHeads) = (1, 1)
    few.bias = few.bias.map { _ in Matrix(rows: 0, columns: 0, values: []) }
    var open = few
    open.maskRule = .none
    switch few.maskRule {
    case .none: return [.attention(open)]
    case .table:
      // What depends on a table depends on its tiles; what needs whole rows does not ask for it.
      few.keys = min(few.keys, 3 * mapping.columns)
      few.maskRule = .table(.checkerboard(rows: few.queries, columns: few.keys))
      return [.attention(open), .attention(few)]
    default: return [.attention(open), .attention(few)]
    }
  }
}

extension Problem {
  /// A product of a few of the same tiles.
  fileprivate func fewTiles(_ mapping: Mapping) -> Problem {
    guard case .matmul(var few) = self else { return self }
    few.m = min(few.m, 3 * mapping.rows)
    few.n = min(few.n, 3 * mapping.columns)
    few.k = min(few.k, 3 * mapping.depth)
    return .matmul(few)
  }
}

extension Matrix {
  /// Ones and zeros by turns along rows and columns.
  fileprivate static func checkerboard(rows: Int, columns: Int) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      values: (0..<rows * columns).map { Float(($0 / columns + $0 % columns + 1) % 2) })
  }
}
