// NaN in an input of the backward pass: what it spoils, and what it must not touch. A row whose
// softmax or whose D is NaN spoils all keys it sees, since every entry of its dS depends on every
// weight of the row; what the row cannot see stays clean.

import Kernels
import Machine
import Testing

@Suite("NaN backward")
struct NonFiniteGradientTests {
  private func check(
    _ rule: Mask.Rule, _ name: String, _ spoiltRow: Int,
    isSpoilt: (_ gradient: String, _ row: Int, _ column: Int, _ sees: (Int, Int) -> Bool) -> Bool
  ) throws {
    let problem = AttentionProblem(queries: 30, d: 4, maskRule: rule).going(.both)
    let sees = literalVisibility(problem)
    let inputs = Problem.attention(problem).seededInputs(8)
    var spoilt = inputs
    spoilt[name]![spoiltRow, 1] = .nan
    let exact = Reference(problem, inputs: spoilt).gradients(spoilt["dO"]!)
    for kernel in attentionKernels {
      for mapping in GradientHardCaseTests.mappings {
        let run = try Finished(kernel, .attention(problem), mapping, inputs: spoilt)
        let clean = try Finished(kernel, .attention(problem), mapping, inputs: inputs)
        for gradient in ["dQ", "dK", "dV"] {
          for row in 0..<30 {
            for column in 0..<4 {
              let what = Comment(rawValue: "\(kernel.name) \(gradient) \(row),\(column)")
              let value = run[gradient]![row, column]
              let isNaN = isSpoilt(gradient, row, column, { sees(0, $0, $1) })
              #expect(exact[gradient][row * 4 + column].isNaN == isNaN, "the reference's \(what)")
              if isNaN {
                #expect(value.isNaN, what)
              } else {
                #expect(abs(value - clean[gradient]![row, column]) <= 1e-5, what)
              }
            }
          }
        }
      }
    }
  }

  private static let all = 0..<30

  @Test(
    "NaN in a value spoils dQ of the rows that see it and dK of the keys they see, and no dV",
    arguments: NonFiniteTests.rules)
  func value(rule: Mask.Rule) throws {
    for key in [13, 29] {
      try check(rule, "V", key) { gradient, row, _, sees in
        switch gradient {
        case "dQ": sees(row, key)
        case "dK": Self.all.contains { sees($0, key) && sees($0, row) }
        default: false
        }
      }
    }
  }

  @Test(
    "NaN in a key spoils dQ of the rows that see it, and dK and dV of the keys they see",
    arguments: NonFiniteTests.rules)
  func key(rule: Mask.Rule) throws {
    for key in [13, 29] {
      try check(rule, "K", key) { gradient, row, _, sees in
        gradient == "dQ"
          ? sees(row, key) : Self.all.contains { sees($0, key) && sees($0, row) }
      }
    }
  }

  @Test(
    "NaN in a query spoils its row of dQ, and dK and dV of the keys it sees",
    arguments: NonFiniteTests.rules)
  func query(rule: Mask.Rule) throws {
    try check(rule, "Q", 9) { gradient, row, _, sees in
      gradient == "dQ" ? row == 9 && Self.all.contains { sees(9, $0) } : sees(9, row)
    }
  }

  @Test(
    "NaN in a row of dO spoils that row of dQ, and of the keys it sees dK and a column of dV",
    arguments: NonFiniteTests.rules)
  func gradient(rule: Mask.Rule) throws {
    try check(rule, "dO", 9) { gradient, row, column, sees in
      switch gradient {
      case "dQ": row == 9 && Self.all.contains { sees(9, $0) }
      case "dK": sees(9, row)
      default: column == 1 && sees(9, row)
      }
    }
  }
}
