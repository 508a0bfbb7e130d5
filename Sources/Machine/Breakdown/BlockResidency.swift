// When each block is resident on its SM, and in which wave. A launch of more blocks than fit at
// once runs in waves, and the last wave may leave SMs without a block.

/// The residency of one block on its SM.
package struct BlockResidency: Sendable, Equatable {
  /// Index of its launch.
  package var launch: Int
  package var sm: Int
  /// The wave of the block, from 0: how many blocks of the launch had its place before.
  package var wave: Int
  /// The cycle of its dispatch.
  package var start: Int
  /// The cycle at which its last op has finished.
  package var finish: Int

  /// Whether the block is resident after all events up to and including `cycle`.
  package func holds(_ cycle: Int) -> Bool { start <= cycle && cycle < finish }
}
