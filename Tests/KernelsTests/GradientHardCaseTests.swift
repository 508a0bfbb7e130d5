// Backward on inputs that go wrong easily: rows that see nothing, keys that nobody sees, huge
// logits, NaN; and the backward pass alone against the one that follows its forward pass.

import Foundation
import Kernels
import Machine
import Testing

@Suite("Hard cases backward")
struct GradientHardCaseTests {
  static let mappings = [Mapping(tile: 8), Mapping(rows: 8, columns: 12, depth: 1)]

  private func everywhere(
    _ problem: AttentionProblem, _ inputs: [String: Matrix],
    _ check: (_ run: Finished) throws -> Void
  ) throws {
    for kernel in attentionKernels {
      for mapping in Self.mappings {
        try check(Finished(kernel, .attention(problem), mapping, inputs: inputs))
      }
    }
  }

  static let blindProblems: [AttentionProblem] = [
    AttentionProblem(queries: 20, d: 4, maskRule: .padding(length: 0)),
    AttentionProblem(queries: 20, d: 4, maskRule: .padding(length: 7)),
    AttentionProblem(queries: 40, keys: 9, d: 4, maskRule: .causal),
    AttentionProblem(queries: 9, keys: 40, d: 4, maskRule: .causalTopLeft),
    AttentionProblem(queries: 50, keys: 9, d: 4, maskRule: .window(left: 3, right: 0)),
    AttentionProblem(
      queries: 20, keys: 40, d: 4, maskRule: .table(Matrix(rows: 20, columns: 40))),
  ]

  @Test(
    "A row that sees nothing has dQ = 0, a key that nobody sees dK = dV = 0",
    arguments: blindProblems)
  func blind(problem: AttentionProblem) throws {
    let problem = problem.going(.both, dropout: 0.2)
    let inputs = Problem.attention(problem).seededInputs(2)
    let sees = literalVisibility(problem)
    let rows = (0..<problem.queries).filter { row in
      !(0..<problem.keys).contains { sees(0, row, $0) }
    }
    let keys = (0..<problem.keys).filter { key in
      !(0..<problem.queries).contains { sees(0, $0, key) }
    }
    #expect(!rows.isEmpty || !keys.isEmpty)
    let scales = naturalScales(problem, inputs)
    let exact = Reference(problem, inputs: inputs).gradients(inputs["dO"]!)
    try everywhere(problem, inputs) { run in
      for row in rows { #expect((0..<4).allSatisfy { run["dQ"]![row, $0] == 0 }) }
      for name in ["dK", "dV"] {
        for key in keys { #expect((0..<4).allSatisfy { run[name]![key, $0] == 0 }, "\(name)") }
      }
      for (name, error) in gradientErrors(of: run, against: exact, scales: scales) {
        #expect(error < 1e-5, "\(run.plan.kernel.name) \(name)")
      }
    }
  }

  @Test("Logits of ±10,000 give finite gradients, near the exact ones")
  func hugeLogits() throws {
    // q·k = ±10⁴ + j/8, all of it in 17 bits; L = m + log l is off by half of 2⁻¹⁰.
    let problem = AttentionProblem(queries: 40, keys: 50, d: 2, dv: 3, scale: 1).going(.both)
    var inputs = Problem.attention(problem).seededInputs(5)
    for row in 0..<40 {
      inputs["Q"]![row, 0] = row % 2 == 0 ? 100 : -100
      inputs["Q"]![row, 1] = 1
    }
    for key in 0..<50 {
      inputs["K"]![key, 0] = key % 3 == 0 ? 100 : -100
      inputs["K"]![key, 1] = Float(key % 16) / 8
    }
    let exact = Reference(problem, inputs: inputs).gradients(inputs["dO"]!)
    let scales = naturalScales(problem, inputs)
    try everywhere(problem, inputs) { run in
      for (name, error) in gradientErrors(of: run, against: exact, scales: scales) {
        #expect(error < 2e-3, "\(run.plan.kernel.name) \(name)")
      }
    }
    for name in ["Q", "K"] { inputs[name]!.values = inputs[name]!.values.map { $0 * 1000 } }
    try everywhere(problem, inputs) { run in
      for name in ["dQ", "dK", "dV"] { #expect(run[name]!.values.allSatisfy { $0.isFinite }) }
    }
  }

  @Test("A backward pass alone is the second half of both, bit for bit", arguments: [nil, 0.2])
  func backwardAlone(dropout: Double?) throws {
    for type in [DataType.fp32, .fp16] {
      let problem = AttentionProblem(
        queries: 33, keys: 40, d: 6, dv: 5, heads: 4, keyValueHeads: 2, type: type, softcap: 2,
        maskRule: .causal, bias: .normal(rows: 33, columns: 40, seed: 1, stream: 9))
      let inputs = Problem.attention(problem.going(.both)).seededInputs(7)
      for kernel in attentionKernels {
        let runs = try [Pass.backward, .both].map { pass in
          try Finished(
            kernel, .attention(problem.going(pass, dropout: dropout)), Self.mappings[1],
            inputs: inputs)
        }
        for name in ["dQ", "dK", "dV"] {
          #expect(runs[0][name] == runs[1][name], "\(kernel.name) \(name)")
        }
        let alone = try runs[0].plan.totals().launches
        let after = try runs[1].plan.totals().launches.suffix(alone.count)
        #expect(alone.map(\.name) == after.map(\.name))
        #expect(alone.map(\.hbmBytes) == after.map(\.hbmBytes))
        #expect(alone.map(\.cycles) == after.map(\.cycles), "\(kernel.name)")
      }
    }
  }

  @Test("A backward pass leaves O and the statistics as the forward pass has them")
  func forwardUnchanged() throws {
    let problem = AttentionProblem(queries: 20, keys: 28, d: 4, maskRule: .causal)
    let inputs = Problem.attention(problem.going(.both)).seededInputs(7)
    for kernel in attentionKernels {
      let runs = try Pass.allCases.map { pass in
        try Finished(kernel, .attention(problem.going(pass)), Self.mappings[1], inputs: inputs)
      }
      for name in ["O", "m", "l", "L"] {
        #expect(runs[0][name] == runs[2][name], "\(name)")
        if let kept = runs[1][name] { #expect(kept == runs[0][name], "\(name)") }
      }
    }
  }
}
