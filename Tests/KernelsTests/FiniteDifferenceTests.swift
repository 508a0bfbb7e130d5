// The chain rule itself against differences: Σ dO∘O a little to either side of every input, by the
// direct formula forward, which knows nothing of gradients.

import Kernels
import Machine
import Testing

@Suite("The chain rule agrees with finite differences")
struct FiniteDifferenceTests {
  static let table = Matrix(
    planes: 2, rows: 5, columns: 6, values: (0..<60).map { ($0 * 7 + $0 / 6) % 3 == 0 ? 0 : 1 })
  static let bias = Matrix.normal(planes: 2, rows: 5, columns: 6, seed: 3, stream: 9)

  static let problems: [AttentionProblem] = [
    AttentionProblem(queries: 5, keys: 6, d: 3, dv: 2),
    AttentionProblem(queries: 6, keys: 4, d: 2, dv: 3, scale: -0.7, maskRule: .causal),
    AttentionProblem(queries: 4, keys: 6, d: 2, maskRule: .causal),
    AttentionProblem(queries: 4, keys: 6, d: 2, maskRule: .causalTopLeft),
    AttentionProblem(queries: 6, d: 2, maskRule: .window(left: 1, right: 1)),
    AttentionProblem(queries: 4, keys: 5, d: 2, maskRule: .padding(length: 3)),
    AttentionProblem(queries: 5, keys: 6, d: 2, heads: 2, maskRule: .table(table)),
    AttentionProblem(queries: 5, keys: 6, d: 2, batch: 2, heads: 2, keyValueHeads: 1, bias: bias),
    AttentionProblem(queries: 4, d: 3, softcap: 0.8),
    AttentionProblem(
      queries: 5, keys: 6, d: 2, dv: 3, batch: 2, heads: 4, keyValueHeads: 2, scale: 0.9,
      softcap: 1.2, maskRule: .causal,
      bias: .normal(planes: 4, rows: 5, columns: 6, seed: 3, stream: 9)),
    AttentionProblem(queries: 1, d: 3), AttentionProblem(queries: 3, keys: 1, d: 2),
  ]

  /// Σ dO∘O in double precision.
  private func loss(_ problem: AttentionProblem, _ inputs: [String: Matrix]) -> Double {
    let (reference, dO) = (Reference(problem, inputs: inputs), inputs["dO"]!)
    var sum = 0.0
    for plane in 0..<problem.planes {
      for row in 0..<problem.queries {
        let output = reference.row(plane: plane, row: row).output
        for column in 0..<problem.dv { sum += Double(dO[plane, row, column]) * output[column] }
      }
    }
    return sum
  }

  /// The derivative by one entry, to the fourth order.
  private func slope(
    _ problem: AttentionProblem, _ inputs: [String: Matrix], _ name: String, _ index: Int
  ) -> Double {
    let step: Float = 0x1p-9
    func difference(_ step: Float) -> Double {
      var (above, below) = (inputs, inputs)
      above[name]!.values[index] += step
      below[name]!.values[index] -= step
      return (loss(problem, above) - loss(problem, below)) / (2 * Double(step))
    }
    return (4 * difference(step) - difference(2 * step)) / 3
  }

  @Test("for every mask, bias, cap, scale and grouping", arguments: problems, [nil, 0.3])
  func everyProblem(problem: AttentionProblem, dropout: Double?) {
    let problem = problem.going(.backward, dropout: dropout, seed: 4)
    // Multiples of 2⁻¹⁰, so that a step to either side is exact in fp32.
    let inputs = Problem.attention(problem).seededInputs(7).mapValues { matrix in
      var matrix = matrix
      matrix.values = matrix.values.map { ($0 * 1024).rounded() / 1024 }
      return matrix
    }
    let exact = Reference(problem, inputs: inputs).gradients(inputs["dO"]!)
    for (input, gradient) in [("Q", "dQ"), ("K", "dK"), ("V", "dV")] {
      for index in inputs[input]!.values.indices {
        let slope = slope(problem, inputs, input, index)
        #expect(abs(slope - exact[gradient][index]) < 1e-8, "\(gradient) \(index)")
      }
    }
  }
}
