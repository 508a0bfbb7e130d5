// Long loops are measured and taken to go on as they were. What is counted stays exact, and times
// are within a hundredth of those of a simulation of every iteration.

import Kernels
import Machine
import Testing

@testable import Runs

@Suite("Measured loops")
struct MeasuredTimingTests {
  private static func problem(
    _ n: Int, _ keys: Int? = nil, heads: Int = 1, d: Int = 64, rule: Mask.Rule = .none,
    dropout: Double? = nil
  ) -> AttentionProblem {
    AttentionProblem(
      queries: n, keys: keys, d: d, heads: heads, type: .fp16, maskRule: rule
    ).going(.both, dropout: dropout)
  }

  static let cases: [TimingCase] =
    ["a100-40gb", "h100-sxm"].flatMap { device in
      [
        problem(1024, heads: 16), problem(2048, rule: .causal), problem(2048, d: 128),
        problem(2048, heads: 2, d: 128, rule: .window(left: 1000, right: 0)),
        problem(2048, dropout: 0.1), problem(2048, rule: .padding(length: 1500)),
        problem(1500, 2700, rule: .causal), problem(2049, dropout: 0.1),
      ].map { TimingCase(problem: $0, device: device) }
    }
    // Long loops of few blocks: over keys in the forward pass, over queries in the backward pass.
    + ["h100-sxm", "b200"].flatMap { device in
      [problem(200, 9000), problem(9000, 130), problem(4500, 200, d: 128)]
        .map { TimingCase(problem: $0, device: device) }
    } + [
      // As printed, warp groups drift.
      TimingCase(
        problem: problem(3072, rule: .causal).going(.forward), device: "a100-40gb",
        isAsLaunched: false)
    ]

  @Test("come to the same bytes and FLOPs, and to the same cycles within 1 %", arguments: cases)
  func within(example: TimingCase) throws {
    for kernel in allAttentionKernels {
      guard let plan = try example.plan(kernel) else { continue }
      let exact = try plan.totals(isExact: true)
      let measured = try plan.totals()
      let error = Double(measured.cycles) / Double(exact.cycles) - 1
      #expect(abs(error) < 0.01, "\(kernel.name): \(error)")
      for unit in Unit.allCases {
        let units = unit.isSharedBySMs ? 1 : plan.device.smCount
        #expect(measured.busyCycles[unit] ?? 0 <= units * measured.cycles, "\(kernel.name) \(unit)")
      }
      #expect(measured.sramPeakBytes <= plan.device.sramBytes)
      #expect(measured.hbm == exact.hbm && measured.launched == exact.launched)
      #expect(measured.matmulFlops == exact.matmulFlops)
      #expect(measured.recomputedFlops == exact.recomputedFlops)
      #expect(measured.elementwiseOps == exact.elementwiseOps)
      #expect(measured.exponentials == exact.exponentials)
      #expect(measured.instructions == exact.instructions)
      #expect(measured.launches.map(\.busBytes) == exact.launches.map(\.busBytes))
      #expect(measured.sramPeakBytes == exact.sramPeakBytes)
    }
  }
}
