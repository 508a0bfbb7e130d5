// The matrix product problem: its sizes and its format.

import Machine

/// C = A·B with A m×k and B k×n.
package struct MatmulProblem: Sendable, Equatable {
  package var m: Int
  package var n: Int
  package var k: Int
  package var type: DataType

  package init(m: Int, n: Int, k: Int, type: DataType = .fp32) {
    self.m = m
    self.n = n
    self.k = k
    self.type = type
  }
}
