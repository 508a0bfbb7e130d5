// A plan that has been carried out: what the screen, the reports and the lessons look at.

import Machine

/// A recording with the plan behind it and the data's own words.
public struct CompletedRun: Sendable {
  /// What it is called on screen and in cues.
  public let name: String
  public let plan: Plan
  public let recording: Recording
  public let inputs: [String: Matrix]
  /// One word per query and key, if the data has them.
  public let tokens: [String]
  /// Where the data came from: `sample notebook`, `seed 1`.
  public let origin: String
  /// The direct formula on the same inputs; nil for matrix products, and without values.
  public let reference: Reference?
  /// Where the softmax of each query meets a block of keys.
  public let softmaxVisits: [SoftmaxVisit]
  /// The lines of the kernel's text that the run has.
  public let listing: [ListingLine]

  /// Without `inputs` the run is one of times and bytes only.
  /// - Throws: `PlanError`.
  public init(
    name: String? = nil, _ plan: Plan, inputs: [String: Matrix]?, tokens: [String] = [],
    origin: String = ""
  ) throws(PlanError) {
    self.name = name ?? plan.kernel.name
    self.plan = plan
    self.inputs = inputs ?? [:]
    self.tokens = tokens
    self.origin = origin
    recording = try plan.record(inputs: inputs)
    softmaxVisits = recording.softmaxVisits()
    listing = plan.listing
    if case .attention(let problem) = plan.problem, let inputs, plan.kernel.text.computesAttention {
      reference = Reference(problem, inputs: inputs)
    } else {
      reference = nil
    }
  }

  /// Whether queries meet keys in it; a backward pass alone has met them before.
  public var hasSoftmax: Bool { !softmaxVisits.isEmpty || reference != nil }

  /// Whether its tiles hold numbers.
  public var hasValues: Bool { !recording.finalState.hbm.isEmpty }

  /// The word of query or key `index`, or nil.
  public func token(_ index: Int) -> String? {
    tokens.indices.contains(index) ? tokens[index] : nil
  }
}
