// What an element-wise op computes: a formula over the tiles it reads, with row sums and row
// maxima. The guards for rows that have seen no key yet (m = −∞) are those of the released kernels.

/// A formula over tiles. A tile of one column is broadcast across the columns of a wider one.
package indirect enum Expression: Sendable, Equatable {
  /// The tile that the op reads, by its index among the op's inputs.
  case input(Int)
  /// The values that the written tile holds before the op.
  case itself
  case number(Float)
  case add(Expression, Expression)
  case subtract(Expression, Expression)
  case multiply(Expression, Expression)
  /// A weight, or the gradient of one, times a value. A weight of 0 gives 0, even times NaN.
  case weigh(Expression, Expression)
  /// Quotient; 0 where the dividend or the divisor is 0, for rows that have seen no key.
  case divide(Expression, Expression)
  /// The larger of both; NaN if one of them is NaN (`maximum` of IEEE 754).
  case maximum(Expression, Expression)
  case exp(Expression)
  case log(Expression)
  case tanh(Expression)
  case square(Expression)
  case squareRoot(Expression)
  /// 1 where the comparison holds, 0 elsewhere.
  case compare(Expression, Comparison, Expression)
  /// The second where the first is not 0, and the third elsewhere.
  case select(Expression, Expression, Expression)
  /// e^(score − m). It is 0 where the score is −∞, and NaN elsewhere in a row whose maximum is +∞.
  case weights(Expression, minus: Expression)
  /// The same, with a polynomial on the FP32 lanes in the first `lanes` of every 32 columns; see `PolynomialExponential`.
  case splitWeights(Expression, minus: Expression, lanes: Int)
  /// e^(old − new) for two maxima; 1 while the new one is −∞, so that a sum of 0 stays 0.
  case factor(Expression, minus: Expression)
  /// A column used as a row: its entry j applies to column j of the other operand.
  case asRow(Expression)
  case rowMaximum(Expression)
  /// The column of the largest entry of each row; the first of several. NaN counts as the largest.
  case rowArgumentOfMaximum(Expression)
  case rowSum(Expression)
  /// The row sums of a∘b. If a is `weighted`, an entry 0 of a adds nothing, whatever b holds. If it
  /// is not, a row of b that is all 0 gives 0, whatever a holds.
  case rowDot(Expression, Expression, weighted: Bool)
}

/// How two numbers are compared.
package enum Comparison: Sendable, Equatable { case equal, atMost, less }

extension Expression {
  /// The operands of the outermost operation.
  package var parts: [Expression] {
    switch self {
    case .input, .itself, .number: []
    case .add(let a, let b), .subtract(let a, let b), .multiply(let a, let b), .weigh(let a, let b),
      .divide(let a, let b), .maximum(let a, let b), .weights(let a, let b),
      .splitWeights(let a, let b, _),
      .factor(let a, let b),
      .rowDot(let a, let b, _), .compare(let a, _, let b):
      [a, b]
    case .exp(let a), .log(let a), .tanh(let a), .square(let a), .squareRoot(let a), .asRow(let a),
      .rowMaximum(let a), .rowArgumentOfMaximum(let a), .rowSum(let a):
      [a]
    case .select(let condition, let a, let b): [condition, a, b]
    }
  }

  /// How often `itself` occurs in the formula.
  var usesOfItself: Int {
    if case .itself = self { return 1 }
    return parts.reduce(0) { $0 + $1.usesOfItself }
  }
}
