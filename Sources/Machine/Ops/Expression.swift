// What an elementwise op computes: a formula over the tiles it reads, with sums and maxima of rows in it.
// The guards for rows that see nothing yet (m = −∞) are those of the released kernels.

/// A formula over tiles. Tiles of one column meet wider ones row by row.
package indirect enum Expression: Sendable, Equatable {
  /// The nth tile that the op reads.
  case input(Int)
  /// What the written tile holds already.
  case itself
  case number(Float)
  case add(Expression, Expression)
  case subtract(Expression, Expression)
  case multiply(Expression, Expression)
  /// A weight, or a gradient of one, times a value: a weight of 0 lets nothing through, not even NaN.
  case weigh(Expression, Expression)
  /// 0 where the dividend or the divisor is 0: a row whose sum is 0 sees nothing.
  case divide(Expression, Expression)
  /// NaN wins, as in IEEE 754 maximum.
  case maximum(Expression, Expression)
  case exp(Expression)
  case log(Expression)
  case tanh(Expression)
  case square(Expression)
  /// e^(score − m): 0 where the score is −∞, and NaN in the rest of a row whose maximum is +∞.
  case weights(Expression, minus: Expression)
  /// e^(old − new) for two maxima: 1 while nothing has been seen, so that 0 stays 0.
  case factor(Expression, minus: Expression)
  /// A column laid along the columns of what it meets.
  case asRow(Expression)
  case rowMaximum(Expression)
  case rowSum(Expression)
  /// The sum of each row of a∘b. Where a is weighted, a weight of 0 adds nothing; where it is not, a row
  /// of b that is 0 has collected nothing, so that nothing of a counts.
  case rowDot(Expression, Expression, weighted: Bool)
}

extension Expression {
  /// The formulas directly inside.
  package var parts: [Expression] {
    switch self {
    case .input, .itself, .number: []
    case .add(let a, let b), .subtract(let a, let b), .multiply(let a, let b), .weigh(let a, let b),
      .divide(let a, let b), .maximum(let a, let b), .weights(let a, let b), .factor(let a, let b),
      .rowDot(let a, let b, _):
      [a, b]
    case .exp(let a), .log(let a), .tanh(let a), .square(let a), .asRow(let a), .rowMaximum(let a),
      .rowSum(let a):
      [a]
    }
  }

  /// How often `itself` stands in it.
  var usesOfItself: Int {
    if case .itself = self { return 1 }
    return parts.reduce(0) { $0 + $1.usesOfItself }
  }
}
