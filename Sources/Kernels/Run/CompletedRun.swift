// A plan that has been carried out: what the screen, the reports and the lessons look at.

import Machine
import Notation

/// A recording with the plan behind it and the data's own words.
package struct CompletedRun: Sendable {
  /// What it is called on screen and in cues.
  package let name: String
  package let plan: Plan
  package let recording: Recording
  package let inputs: [String: Matrix]
  /// One word per query and key, if the data has them.
  package let tokens: [String]
  /// Where the data came from: `sample notebook`, `seed 1`.
  package let origin: String
  /// The direct formula on the same inputs; nil for matrix products, and without values.
  package let reference: Reference?
  /// Where the softmax of each query meets a block of keys.
  package let softmaxVisits: [SoftmaxVisit]
  /// The lines of the kernel's text that the run has.
  package let listing: [ListingLine]
  /// What holds at every cycle.
  package let facts: RunFacts

  /// Simulates a plan; without `inputs` the run is one of times and bytes only.
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

  /// Whether queries meet keys in it; a backward pass alone has met them before.
  package var hasSoftmax: Bool { !softmaxVisits.isEmpty || reference != nil }

  /// Whether its tiles hold numbers.
  package var hasValues: Bool { !recording.finalState.hbm.isEmpty }

  /// The word of query or key `index`, or nil.
  package func token(_ index: Int) -> String? {
    tokens.indices.contains(index) ? tokens[index] : nil
  }
}
