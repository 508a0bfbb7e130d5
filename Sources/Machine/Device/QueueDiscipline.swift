// How a unit serves several thread blocks that want it at the same time, in the terms of queueing
// theory.

/// The order in which a unit serves the ops that wait for it.
package enum QueueDiscipline: String, Sendable, CaseIterable {
  /// One whole op after the other, so that a reader can follow.
  case firstComeFirstServed = "first-come-first-served"
  /// All ops at once, each more slowly, as warps of several blocks interleave their instructions on
  /// a real SM. The slowdown is averaged over how far the blocks are out of step.
  case processorSharing = "processor-sharing"
}
