// How long each block is on its SM, and in which wave: worked out from a recording's spans alone. A
// launch of more blocks than fit at once runs in waves, and the last one leaves SMs without a block.

/// The time that one block has on its SM.
package struct BlockResidency: Sendable, Equatable {
  package var launch: Int
  package var sm: Int
  /// How many blocks of the launch had its place before it.
  package var wave: Int
  /// The cycle at which it was dealt, and the one at which its last op had finished.
  package var start: Int
  package var finish: Int

  /// Whether the block is on its SM after all events up to and including `cycle`.
  package func holds(_ cycle: Int) -> Bool { start <= cycle && cycle < finish }
}
