// Marks in a loop of which only a sample is simulated.

/// What a mark means to the stream in which it stands.
enum SampleMark: Sendable, Equatable {
  /// An op that is no mark.
  case none
  /// The sample begins.
  case sampleStart
  /// `iterations` more pass, each as long as the `sampled` ones before were on average; of 0 sampled ones,
  /// they go on from the fast-forward before.
  case fastForward(iterations: Int, sampled: Int)
}
