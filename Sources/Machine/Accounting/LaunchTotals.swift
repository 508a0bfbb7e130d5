// The totals of one launch.

/// The part of a run's totals that belongs to one launch.
package struct LaunchTotals: Sendable, Equatable {
  package var name: String
  package var blocks: Int
  /// The cycle at which its first blocks were dispatched.
  package var start = 0
  /// The cycle at which its last block ended.
  package var finish = 0
  /// Bytes between HBM and SRAM, as the algorithm counts them.
  package var hbmBytes = 0
  /// Bytes that cross the HBM bus: those that a released kernel moves, without those that L2
  /// serves.
  package var busBytes = 0
  /// FLOPs of matrix products, 2 per multiply-add.
  package var matmulFlops = 0
  /// Blocks that an SM holds at one time.
  package var blocksPerSM = 0
  /// Ticks that its blocks occupy each unit, over all SMs.
  var busyTicks = Ticks()

  /// Cycles from the start of its first block to the end of its last one, without launch overhead.
  package var cycles: Int { finish - start }
}
