// What the passes compute: FLOPs of matrix products, counted two for a multiply-add.

import Kernels
import Machine
import Testing

@Suite("FLOPs of forward and backward")
struct FlopTests {
  @Test("4·N·Nk·d forward, 8 backward from stored P, 10 where P is computed again")
  func matmul() throws {
    for (n, nk, heads) in [(64, 64, 1), (65, 130, 1), (33, 20, 3), (1, 1, 2)] {
      let problem = AttentionProblem(queries: n, keys: nk, d: 8, heads: heads)
      let unit = n * nk * 8 * heads
      for kernel in attentionKernels {
        let isTextbook = keepsScores(kernel)
        for dropout in [nil, 0.1] {
          let flops = try Pass.allCases.map { pass in
            try Plan(
              kernel, .attention(problem.going(pass, dropout: dropout)),
              Mapping(rows: 16, columns: 24, depth: 8), testDevice()
            ).totals()
          }
          let backward = isTextbook ? 8 : 10
          #expect(
            flops.map(\.matmulFlops) == [4 * unit, backward * unit, (4 + backward) * unit],
            "\(kernel.name)")
          let again = isTextbook ? 0 : 2 * unit
          #expect(flops.map(\.recomputedFlops) == [0, again, again], "\(kernel.name)")
        }
      }
    }
  }

  @Test("Under a mask the Flash kernels compute the tiles that somebody sees, and no others")
  func masked() throws {
    let problem = AttentionProblem(queries: 40, keys: 70, d: 6, maskRule: .causal)
    let mapping = Mapping(rows: 16, columns: 24, depth: 8)
    let area = SeenTiles(problem, mapping, plane: 0, sees: literalVisibility(problem)).area
    #expect(area < 40 * 70)
    for kernel in attentionKernels {
      let totals = try Plan(
        kernel, .attention(problem.going(.both)), mapping, testDevice()
      ).totals()
      let isTextbook = keepsScores(kernel)
      #expect(totals.matmulFlops == (isTextbook ? 12 * 40 * 70 : 14 * area) * 6)
      #expect(totals.recomputedFlops == (isTextbook ? 0 : 2 * area * 6))
    }
  }
}
