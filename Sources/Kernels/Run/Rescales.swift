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

/// The rescales of a run, counted once for all cycles.
package struct RescaleCounts: Sendable {
  /// What had been counted when a factor was known, in the order of time.
  private var counts: [(cycle: Int, rescales: Rescales)] = []

  /// The rescales up to a cycle; nil in a run without values, and for a kernel without a running maximum.
  package func until(_ cycle: Int) -> Rescales? {
    guard !counts.isEmpty else { return nil }
    let next = counts.partitioningIndex { $0.cycle > cycle }
    return next == 0 ? Rescales() : counts[next - 1].rescales
  }

  /// Counts the rescales of a run.
  package init(_ recording: Recording) {
    var rescales = Rescales()
    var begun: Set<RowBlock> = []
    for factor in recording.extracts.factors {
      let place = recording.blocks[factor.key.block].tiles[factor.key.tile].place
      let rows = RowBlock(block: factor.key.block, plane: place.plane, rows: place.rows)
      if !begun.insert(rows).inserted {
        rescales.visited += 1
        if factor.values.contains(where: { $0 != 1 }) { rescales.done += 1 }
      }
      counts.append((factor.cycle, rescales))
    }
  }
}

/// The rows of a head that a thread block works on.
private struct RowBlock: Hashable {
  let block: BlockID
  let plane: Int
  let rows: Range<Int>
}
