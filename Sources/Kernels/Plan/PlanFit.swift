// Whether the tiles of a plan fit in SRAM, and the largest that do.

import Machine

/// Checks that every block of a problem fits in SRAM.
///
/// Small problems bound the need from above: a few row blocks without a mask, and with a mask that
/// leaves every tile partly visible. If these fit, every block fits; if not, every block is
/// checked.
/// - Throws: `DoesNotFit`.
package func checkFit(
  _ kernel: Kernel, _ problem: Problem, _ mapping: Mapping, _ device: Device
) throws(DoesNotFit) {
  do {
    for bound in problem.bounds(mapping) {
      try kernel.program(for: bound, mapping: mapping, device: device)?.checkFit(on: device)
    }
  } catch {
    guard problem.tileProducts(mapping) < mostStepsToLookAt else { throw error }
    try kernel.program(for: problem, mapping: mapping, device: device)?.checkFit(on: device)
  }
}

/// Whether every block of a problem fits in SRAM, for searches over tile sizes.
package func fits(
  _ kernel: Kernel, _ problem: Problem, _ mapping: Mapping, _ device: Device
) -> Bool {
  (try? checkFit(kernel, problem, mapping, device)) != nil
}

extension Kernel {
  /// The tiles where nobody names any: those of the released implementation on the device, else the largest
  /// of the device's default tile, its half, its quarter … that fits in SRAM.
  package func standardMapping(
    _ problem: Problem, on device: Device, stages: Int = 2
  ) -> Mapping {
    if case .attention(let attention) = problem, let launched = launched(attention, on: device) {
      return launched
    }
    var tile = device.defaultTile
    while tile > 1, !fits(self, problem, Mapping(tile: tile, stages: stages), device) { tile /= 2 }
    return Mapping(tile: tile, stages: stages)
  }
}

/// For a problem with at least this many tile products, only the upper bound is checked.
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
  // Footprints grow with the tile size, so a binary search finds the largest that fits.
  var (low, high) = (0, max(limit, mapping.rows, mapping.columns))
  while low < high {
    let middle = (low + high + 1) / 2
    let mapping = Mapping(tile: middle, stages: mapping.stages)
    if fits(kernel, problem, mapping, device) { low = middle } else { high = middle - 1 }
  }
  return low == 0 ? nil : low
}

extension Problem {
  /// The number of tile products, roughly: a recording's size grows with it.
  package func tileProducts(_ mapping: Mapping) -> Double {
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

  /// Problems that are quick to record, one of which needs at least as much SRAM as any block of
  /// this one: three row blocks, one K/V head, at most three query heads.
  fileprivate func bounds(_ mapping: Mapping) -> [Problem] {
    guard case .attention(var few) = self else { return [fewTiles(mapping)] }
    few.queries = min(few.queries, 3 * mapping.rows)
    // Rows longer than this fit on no SM and are processed in tiles, so their length does not
    // matter.
    few.keys = min(few.keys, max(1 << 16, 4096 * mapping.columns))
    few.heads = min(few.heads / max(1, few.keyValueHeads), 3)
    (few.batch, few.keyValueHeads) = (1, 1)
    few.bias = few.bias.map { _ in Matrix(rows: 0, columns: 0, values: []) }
    var open = few
    open.maskRule = .none
    switch few.maskRule {
    case .none: return [.attention(open)]
    case .table:
      // A mask table matters tile by tile; whole rows are covered by the problem without a mask.
      few.keys = min(few.keys, 3 * mapping.columns)
      few.maskRule = .table(.checkerboard(rows: few.queries, columns: few.keys))
      return [.attention(open), .attention(few)]
    default: return [.attention(open), .attention(few)]
    }
  }
}

extension Problem {
  /// The matrix product with at most three tiles along each axis.
  fileprivate func fewTiles(_ mapping: Mapping) -> Problem {
    guard case .matmul(var few) = self else { return self }
    few.m = min(few.m, 3 * mapping.rows)
    few.n = min(few.n, 3 * mapping.columns)
    few.k = min(few.k, 3 * mapping.depth)
    return .matmul(few)
  }
}

extension Matrix {
  /// A mask table of alternating ones and zeros: every tile of more than one element is partly
  /// visible.
  fileprivate static func checkerboard(rows: Int, columns: Int) -> Matrix {
    Matrix(
      rows: rows, columns: columns,
      values: (0..<rows * columns).map { Float(($0 / columns + $0 % columns + 1) % 2) })
  }
}
