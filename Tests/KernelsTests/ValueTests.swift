// Every kernel against the direct formula in double precision.

import Kernels
import Testing

@Suite("Values agree with the direct formula")
struct ValueTests {
  /// Sizes that divide and sizes that do not, one query, more keys than queries and fewer.
  static let shapes: [AttentionProblem] = [
    AttentionProblem(queries: 64, d: 8),
    AttentionProblem(queries: 65, keys: 130, d: 5, dv: 7),
    AttentionProblem(queries: 1, d: 4),
    AttentionProblem(queries: 17, keys: 3, d: 4, dv: 1),
    AttentionProblem(queries: 33, d: 8, batch: 2, heads: 4, keyValueHeads: 2),
    AttentionProblem(queries: 127, d: 16, scale: 0),
    AttentionProblem(queries: 20, d: 6, scale: -0.7),
    AttentionProblem(queries: 40, keys: 24, d: 6, softcap: 3),
    AttentionProblem(queries: 40, keys: 56, d: 6, maskRule: .causal),
    AttentionProblem(queries: 56, keys: 40, d: 6, maskRule: .causal),
    AttentionProblem(queries: 40, keys: 56, d: 6, maskRule: .causalTopLeft),
    AttentionProblem(queries: 40, d: 6, maskRule: .window(left: 5, right: 2)),
    AttentionProblem(queries: 40, d: 6, maskRule: .padding(length: 19)),
    AttentionProblem(queries: 12, d: 6, maskRule: .padding(length: 0)),
  ]

  @Test("for every shape, mask and scale", arguments: shapes)
  func everyShape(problem: AttentionProblem) throws {
    let inputs = Problem.attention(problem).seededInputs(7)
    for kernel in attentionKernels {
      for mapping in [Mapping(tile: 16), Mapping(rows: 16, columns: 24, depth: 8)] {
        let run = try Finished(kernel, .attention(problem), mapping, inputs: inputs)
        #expect(worstError(run["O"]!, problem, inputs) < 2e-6, "\(kernel.name)")
      }
    }
  }
}
