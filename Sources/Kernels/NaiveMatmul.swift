// One thread per element of C, and no thread shares what it loads: each of the bn threads in a row
// fetches the same element of A for itself. Every multiply-add costs two reads from HBM.

import Machine

public struct NaiveMatmul: MatmulKernel {
  public let name = "naive-matmul"
  public let title = "one output element per thread, every operand fetched from HBM"
  public let source = "CUDA C++ Programming Guide, Matrix Multiplication without Shared Memory"
  public let listing = [
    ListingLine("c = 0 in every thread (i, j)", why: "One accumulator per element of C."),
    ListingLine(
      "for each p: load A[i,p], B[p,j]",
      why: "Threads of a row need the same A and those of a column the same B; each fetches alone."),
    ListingLine("  c = c + A[i,p] B[p,j]", why: "One multiply-add for two reads from HBM."),
    ListingLine("write C[i,j] = c", why: "Each element of C is written once."),
  ]

  public init() {}

  public func program(_ problem: MatmulProblem, _ mapping: Mapping, _ device: Device) -> Program {
    let gpu = MatmulLayout(problem, mapping)
    return gpu.program { i, j, sm in
      let c = sm.fill("C", at: gpu.c(i, j), with: 0, line: 1)
      for p in 0..<gpu.depthBlocks {
        let a = sm.load(gpu.a(i, p), copies: c.columns, line: 2)
        let b = sm.load(gpu.b(p, j), copies: c.rows, line: 2)
        sm.accumulate(a, b, onto: c, onLanes: true, line: 3)
        sm.free(a, b, line: 3)
      }
      sm.store(c, to: gpu.c(i, j), line: 4)
      sm.free(c, line: 4)
    }
  }

  public func traffic(_ problem: MatmulProblem, _ mapping: Mapping) -> [TensorTraffic] {
    let products = problem.m * problem.n * problem.k
    return [
      TensorTraffic("A", problem.type, reads: products, "m·n·k"),
      TensorTraffic("B", problem.type, reads: products, "m·n·k"),
      TensorTraffic("C", problem.type, writes: problem.m * problem.n, "m·n"),
    ]
  }
}
