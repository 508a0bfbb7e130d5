// The figures of one launch.

/// One launch's share.
package struct LaunchTotals: Sendable, Equatable {
  package var name: String
  package var blocks: Int
  package var start = 0
  package var finish = 0
  package var hbmBytes = 0
  /// Bytes that cross the HBM bus: as the launched kernel moves them, without what L2 served.
  package var busBytes = 0
  package var matmulFlops = 0
  /// Blocks that one SM holds at a time.
  package var blocksPerSM = 0
  /// What its blocks ask of each unit, over all SMs.
  var busyTicks = Ticks()

  /// From the first block's start to the last one's end, launch overhead left out.
  package var cycles: Int { finish - start }
}
