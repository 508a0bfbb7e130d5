// Runs that only need times record blocks of equal shape once and simulate SMs that live the same
// life once. Nothing may come of it: cycles and totals are those of a recording of every event.

import Kernels
import Machine
import Testing

@Suite("Timing-only runs are those of a recording")
struct ExactTimingTests {
  static let rules: [Mask.Rule] = [
    .none, .causal, .window(left: 150, right: 0), .padding(length: 300),
  ]

  private static func problem(
    _ n: Int, _ keys: Int? = nil, heads: Int, kvHeads: Int? = nil, d: Int = 64,
    rule: Mask.Rule = .none, pass: Pass = .both, dropout: Double? = nil
  ) -> AttentionProblem {
    AttentionProblem(
      queries: n, keys: keys, d: d, heads: heads, keyValueHeads: kvHeads, type: .fp16,
      maskRule: rule
    ).going(pass, dropout: dropout)
  }

  /// Few heads leave most of a chip empty, many come in ragged waves.
  static let cases: [TimingCase] = ["a100-40gb", "h100-sxm"].flatMap { device in
    rules.map { TimingCase(problem: problem(512, heads: 2, rule: $0), device: device) } + [
      TimingCase(problem: problem(256, heads: 70, rule: .causal, pass: .forward), device: device),
      TimingCase(problem: problem(400, 330, heads: 4, kvHeads: 2, rule: .causal), device: device),
      TimingCase(problem: problem(333, heads: 3, d: 128, dropout: 0.1), device: device),
      TimingCase(problem: problem(1, 200, heads: 2), device: device),
      TimingCase(
        problem: problem(300, heads: 2, rule: .causal), device: device, isAsLaunched: false),
      TimingCase(
        problem: problem(200, 257, heads: 30, kvHeads: 10, pass: .forward), device: device,
        isAsLaunched: false),
    ]
  }

  @Test("for every kernel, mask, pass and device, to the cycle", arguments: cases)
  func exact(example: TimingCase) throws {
    for kernel in allAttentionKernels {
      guard let plan = try example.plan(kernel) else { continue }
      let timed = try plan.totals(isExact: true)
      let recorded = try plan.record(inputs: nil).totals
      #expect(timed.cycles == recorded.cycles, "\(kernel.name)")
      #expect(timed.launches == recorded.launches, "\(kernel.name)")
      #expect(timed.amounts == recorded.amounts, "\(kernel.name)")
      #expect(timed == recorded, "\(kernel.name)")
    }
  }
}
