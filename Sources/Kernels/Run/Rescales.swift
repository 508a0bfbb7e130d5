// How often a running sum and its output were really rescaled: FlashAttention-4 keeps its maximum until a larger one is
// worth the work (Zadouri et al. 2026, arXiv 2603.05451).

import Machine

/// Tiles of scores for which what was summed before had to shrink.
package struct Rescales: Sendable, Encodable, Equatable {
  /// Tiles in which the factor of some row was not 1.
  package var done = 0
  /// All tiles but the first of each row block, which finds nothing to rescale.
  package var visited = 0
}

extension Recording {
  /// The rescales up to a cycle; nil in a run without values, and for a kernel without a running maximum.
  package func rescales(until cycle: Int = .max) -> Rescales? {
    guard !extracts.factors.isEmpty else { return nil }
    var rescales = Rescales()
    var begun: Set<RowBlock> = []
    for factor in extracts.factors {
      guard factor.cycle <= cycle else { break }
      let place = blocks[factor.key.block].tiles[factor.key.tile].place
      let rows = RowBlock(block: factor.key.block, plane: place.plane, rows: place.rows)
      if begun.insert(rows).inserted { continue }
      rescales.visited += 1
      if factor.values.contains(where: { $0 != 1 }) { rescales.done += 1 }
    }
    return rescales
  }
}

/// The rows of a head that a thread block works on.
private struct RowBlock: Hashable {
  let block: BlockID
  let plane: Int
  let rows: Range<Int>
}
