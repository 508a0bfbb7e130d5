// A simulated plan with everything that the screen, the reports and the lessons read from it.

import Machine

/// A recording, with the plan that it carried out and the data that it ran on.
package struct CompletedRun: Sendable {
  /// The run's name on the screen and in lessons.
  package let name: String
  package let plan: Plan
  package let recording: Recording
  /// The input matrices by tensor name; empty in a run without values.
  package let inputs: [String: Matrix]
  /// One word per query and key, if the data has them.
  package let tokens: [String]
  /// Where the data came from: `sample notebook`, `seed 1`.
  package let origin: String
  /// Exact attention on the same inputs; nil if the kernel computes something else, and without
  /// values.
  package let reference: Reference?
  /// Every tile of scores that the softmax has processed, with its ops.
  package let softmaxVisits: [SoftmaxVisit]
  /// The lines of the kernel's text that the run executes.
  package let listing: [ListingLine]
  /// Facts of the run that hold at every cycle.
  package let facts: RunFacts

  /// Simulates a plan; without `inputs` the run has times and bytes only.
  /// - Throws: `PlanError`.
  package static func simulate(
    name: String? = nil, _ plan: Plan, inputs: [String: Matrix]?, tokens: [String] = [],
    origin: String = ""
  ) throws(PlanError) -> CompletedRun {
    let recording = try plan.record(inputs: inputs)
    var reference: Reference?
    if case .attention(let problem) = plan.problem, let inputs, plan.kernel.text.computesAttention {
      reference = Reference(problem, inputs: inputs)
    }
    return CompletedRun(
      name: name ?? plan.kernel.name, plan: plan, recording: recording, inputs: inputs ?? [:],
      tokens: tokens, origin: origin, reference: reference,
      softmaxVisits: recording.softmaxVisits(), listing: plan.listing,
      facts: RunFacts(plan, recording))
  }

  /// Whether it has softmax statistics to show: processed tiles of scores, or an exact reference.
  package var hasSoftmax: Bool { !softmaxVisits.isEmpty || reference != nil }

  /// Whether its tiles hold numbers.
  package var hasValues: Bool { !recording.finalState.hbm.isEmpty }

  /// The word of query or key `index`; nil if the data has none, or the kernel puts its rows into another order.
  package func token(_ index: Int) -> String? {
    guard !plan.kernel.text.gathersRows else { return nil }
    return tokens.indices.contains(index) ? tokens[index] : nil
  }
}
