// Marks of sampled simulation: where a sample begins, and where a loop is fast-forwarded.

/// A mark in one stream of a block.
enum SampleMark: Sendable, Equatable {
  /// An op that is not a mark.
  case none
  /// The sample begins.
  case sampleStart
  /// `iterations` pass at once. Each takes the average time of the `sampled` ones before; if
  /// `sampled` is 0, the average of the fast-forward before is used again.
  case fastForward(iterations: Int, sampled: Int)
}
