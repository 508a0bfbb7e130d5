// Tiled matrix multiplication: X (a tile of A) and Y (a tile of B) are loaded once for a whole tile
// Z of C, so each element that comes on chip is used bn or bm times before it goes.

import Machine

public struct TiledMatmul: MatmulKernel {
  public let name = "tiled-matmul"
  public let title = "tiles X of A and Y of B in fast memory, Z = X Y accumulated there"
  public let source = "CUDA C++ Programming Guide, Matrix Multiplication with Shared Memory"
  public let listing = [
    ListingLine("Z = 0 on chip", why: "The tile C[i,j] is built in fast memory."),
    ListingLine("for each p: load X = A[i,p], Y = B[p,j]", why: "One read serves a whole tile."),
    ListingLine("  Z = Z + X Y", why: "C[i,j] = A[i,0] B[0,j] + A[i,1] B[1,j] + ..."),
    ListingLine("write C[i,j] = Z", why: "Each element of C is written once."),
  ]

  public init() {}

  public func program(_ problem: MatmulProblem, _ mapping: Mapping, _ device: Device) -> Program {
    let gpu = MatmulLayout(problem, mapping)
    return gpu.program { i, j, sm in
      let z = sm.fill("C", at: gpu.c(i, j), with: 0, line: 1)
      for p in 0..<gpu.depthBlocks {
        let x = sm.load(gpu.a(i, p), line: 2)
        let y = sm.load(gpu.b(p, j), line: 2)
        sm.accumulate(x, y, onto: z, line: 3)
        sm.free(x, y, line: 3)
      }
      sm.store(z, to: gpu.c(i, j), line: 4)
      sm.free(z, line: 4)
    }
  }

  public func traffic(_ problem: MatmulProblem, _ mapping: Mapping) -> [TensorTraffic] {
    let rowBlocks = tileCount(problem.m, mapping.rows)
    let columnBlocks = tileCount(problem.n, mapping.columns)
    return [
      TensorTraffic(
        "A", problem.type, reads: problem.m * problem.k * columnBlocks, "m·k·⌈n/bn⌉"),
      TensorTraffic("B", problem.type, reads: problem.k * problem.n * rowBlocks, "k·n·⌈m/bm⌉"),
      TensorTraffic("C", problem.type, writes: problem.m * problem.n, "m·n"),
    ]
  }
}
