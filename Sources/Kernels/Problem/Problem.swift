// A problem of either family: attention or a matrix product.

/// What is to be computed: attention or a matrix product.
package enum Problem: Sendable, Equatable {
  case attention(AttentionProblem)
  case matmul(MatmulProblem)
}

extension Problem {
  /// Rows of the result: queries, or rows of C.
  package var rows: Int {
    switch self {
    case .attention(let problem): problem.queries
    case .matmul(let problem): problem.m
    }
  }

  /// Elements of all its matrices together, scores included; a Double, as they may be more than Int
  /// holds.
  package var elements: Double {
    switch self {
    case .attention(let p):
      let (n, nk) = (Double(p.queries), Double(p.keys))
      let inputs = n * Double(p.d) + nk * Double(p.d + p.dv)
      return Double(p.batch) * Double(p.heads) * (inputs + n * nk + n * Double(p.dv))
    case .matmul(let p):
      let (m, n, k) = (Double(p.m), Double(p.n), Double(p.k))
      return m * k + k * n + m * n
    }
  }
}
