// How a unit serves several thread blocks that want it at the same time, in the terms of queueing theory.

/// The order in which a unit serves what waits for it.
package enum QueueDiscipline: String, Sendable, CaseIterable {
  /// One whole op after the other: what a human can follow.
  case firstComeFirstServed = "first-come-first-served"
  /// All at once, each the more slowly, averaged over how far the blocks are out of step: what the
  /// interleaved instructions of real warps come to.
  case processorSharing = "processor-sharing"
}
