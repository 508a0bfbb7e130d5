// NaN and infinity in the inputs: they appear in the rows that see them, and nowhere else.

import Kernels
import Machine
import Testing

@Suite("NaN and infinity")
struct NonFiniteTests {
  static let rules: [Mask.Rule] = [
    .none, .causal, .causalTopLeft, .window(left: 4, right: 3), .padding(length: 21),
    .table(
      Matrix(
        rows: 30, columns: 30, values: (0..<900).map { ($0 * 7 + $0 / 30) % 3 == 0 ? 0 : 1 })),
  ]

  private func runs(
    _ rule: Mask.Rule, type: DataType = .fp32, _ change: (inout [String: Matrix]) -> Void
  ) throws -> [(run: Finished, clean: Finished, problem: AttentionProblem)] {
    let problem = AttentionProblem(queries: 30, d: 4, dv: 3, type: type, maskRule: rule)
    let inputs = Problem.attention(problem).seededInputs(8)
    var spoilt = inputs
    change(&spoilt)
    return try attentionKernels.flatMap { kernel in
      try [Mapping(tile: 8), Mapping(rows: 8, columns: 12, depth: 1)].map { mapping in
        let problem = Problem.attention(problem)
        return (
          try Finished(kernel, problem, mapping, inputs: spoilt),
          try Finished(kernel, problem, mapping, inputs: inputs),
          AttentionProblem(queries: 30, d: 4, dv: 3, type: type, maskRule: rule)
        )
      }
    }
  }

  /// Every entry is NaN where `isSpoilt` says so, and elsewhere what it is without the spoilt input.
  private func check(
    _ runs: [(run: Finished, clean: Finished, problem: AttentionProblem)],
    isSpoilt: (_ row: Int, _ column: Int, _ sees: (Int, Int) -> Bool) -> Bool
  ) {
    for (run, clean, problem) in runs {
      let sees = literalVisibility(problem)
      let (spoilt, whole) = (run["O"]!, clean["O"]!)
      for row in 0..<30 {
        for column in 0..<3 {
          let value = spoilt[row, column]
          if isSpoilt(row, column, { sees(0, $0, $1) }) {
            #expect(value.isNaN, "\(run.plan.kernel.name) \(row),\(column)")
          } else {
            let error = abs(value - whole[row, column])
            #expect(error <= 2e-6, "\(run.plan.kernel.name) \(row),\(column)")
          }
        }
      }
    }
  }

  @Test("NaN in a query spoils its row alone", arguments: rules)
  func query(rule: Mask.Rule) throws {
    let runs = try runs(rule) { $0["Q"]![9, 2] = .nan }
    check(runs) { row, _, sees in row == 9 && (0..<30).contains { sees(9, $0) } }
  }

  @Test("NaN in a key spoils the rows that see it", arguments: rules)
  func key(rule: Mask.Rule) throws {
    for key in [0, 13, 29] {
      check(try runs(rule) { $0["K"]![key, 1] = .nan }) { row, _, sees in sees(row, key) }
    }
  }

  @Test("NaN in a value spoils its column in the rows that see it", arguments: rules)
  func value(rule: Mask.Rule) throws {
    for key in [0, 13, 29] {
      check(try runs(rule) { $0["V"]![key, 1] = .nan }) { row, column, sees in
        column == 1 && sees(row, key)
      }
    }
  }

  @Test("Infinity in a value is infinity, of its sign, in the rows that see it", arguments: rules)
  func infinity(rule: Mask.Rule) throws {
    for (run, clean, problem) in try runs(
      rule,
      { inputs in
        inputs["V"]![13, 0] = .infinity
        inputs["V"]![13, 1] = -.infinity
        inputs["V"]![20, 2] = .infinity
        inputs["V"]![21, 2] = -.infinity
      })
    {
      let sees = literalVisibility(problem)
      for row in 0..<30 {
        let (output, whole) = (run["O"]!, clean["O"]!)
        let name = "\(run.plan.kernel.name) row \(row)"
        if sees(0, row, 13) {
          #expect(output[row, 0] == .infinity && output[row, 1] == -.infinity, "\(name)")
        } else {
          #expect(abs(output[row, 0] - whole[row, 0]) < 2e-6, "\(name)")
        }
        switch (sees(0, row, 20), sees(0, row, 21)) {
        case (true, true): #expect(output[row, 2].isNaN, "\(name)")
        case (true, false): #expect(output[row, 2] == .infinity, "\(name)")
        case (false, true): #expect(output[row, 2] == -.infinity, "\(name)")
        case (false, false): #expect(abs(output[row, 2] - whole[row, 2]) < 2e-6, "\(name)")
        }
      }
    }
  }

  @Test("An fp16 overflow in the data is infinity before the run, in kernel and reference alike")
  func overflow() throws {
    let problem = AttentionProblem(queries: 8, d: 2, type: .fp16)
    var inputs = Problem.attention(problem).seededInputs(1)
    inputs["V"]![3, 0] = 1e6
    for kernel in attentionKernels {
      let run = try Finished(kernel, .attention(problem), Mapping(tile: 4), inputs: inputs)
      for row in 0..<8 {
        #expect(run["O"]![row, 0] == .infinity && run["O"]![row, 1].isFinite)
      }
      let exact = ExactOutput(.attention(problem), inputs: inputs)
      #expect(exact.error(of: run.recording)?.nonFiniteMismatches == 0)
    }
  }
}
