// Formulas in double precision, written a second time and plainly: what a run's own text comes to where nothing
// is rounded.

import RealModule

/// A matrix in double precision, row-major. One of a single row or column is repeated to fit another.
package struct DoubleMatrix: Sendable, Equatable {
  /// Number of rows.
  package var rows: Int
  /// Number of columns.
  package var columns: Int
  /// Row after row.
  package var values: [Double]

  /// - Precondition: `values.count == rows * columns`.
  package init(rows: Int, columns: Int, values: [Double]) {
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  init(rows: Int, columns: Int, repeating value: Double) {
    self.init(
      rows: rows, columns: columns, values: Array(repeating: value, count: rows * columns))
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  var transposed: DoubleMatrix {
    var result = DoubleMatrix(rows: columns, columns: rows, repeating: 0)
    for row in 0..<rows { for column in 0..<columns { result[column, row] = self[row, column] } }
    return result
  }

  func map(_ operation: (Double) -> Double) -> DoubleMatrix {
    DoubleMatrix(rows: rows, columns: columns, values: values.map(operation))
  }

  /// The matrix with its only row, or column, or entry, repeated.
  func filling(rows: Int, columns: Int) -> DoubleMatrix {
    guard (self.rows, self.columns) != (rows, columns) else { return self }
    var result = DoubleMatrix(rows: rows, columns: columns, repeating: 0)
    for row in 0..<rows {
      for column in 0..<columns {
        result[row, column] = self[self.rows == 1 ? 0 : row, self.columns == 1 ? 0 : column]
      }
    }
    return result
  }

  func combined(
    with other: DoubleMatrix, _ operation: (Double, Double) -> Double
  ) -> DoubleMatrix {
    let (height, width) = (max(rows, other.rows), max(columns, other.columns))
    let (a, b) = (
      filling(rows: height, columns: width), other.filling(rows: height, columns: width)
    )
    return DoubleMatrix(
      rows: height, columns: width, values: zip(a.values, b.values).map(operation))
  }

  /// One number for each row.
  func reduced(_ operation: (ArraySlice<Double>) -> Double) -> DoubleMatrix {
    DoubleMatrix(
      rows: rows, columns: 1,
      values: (0..<rows).map { operation(values[$0 * columns..<($0 + 1) * columns]) })
  }

  /// a·b. A zero of a `weighted` left side adds nothing, whatever the right side holds.
  func times(_ other: DoubleMatrix, weighted: Bool) -> DoubleMatrix {
    var result = DoubleMatrix(rows: rows, columns: other.columns, repeating: 0)
    for row in 0..<rows {
      for k in 0..<columns where !weighted || self[row, k] != 0 {
        let factor = self[row, k]
        for column in 0..<other.columns { result[row, column] += factor * other[k, column] }
      }
    }
    return result
  }
}

extension Expression {
  /// The value of the formula in double precision, with the guards that `Expression` tells of.
  /// - Parameter old: the values of the written tile before the op.
  func doubleValue(_ inputs: [DoubleMatrix], old: DoubleMatrix) -> DoubleMatrix {
    func value(_ part: Expression) -> DoubleMatrix { part.doubleValue(inputs, old: old) }
    func both(
      _ a: Expression, _ b: Expression, _ operation: (Double, Double) -> Double
    ) -> DoubleMatrix {
      value(a).combined(with: value(b), operation)
    }
    switch self {
    case .input(let index): return inputs[index]
    case .itself: return old
    case .number(let number): return DoubleMatrix(rows: 1, columns: 1, values: [Double(number)])
    case .add(let a, let b): return both(a, b, +)
    case .subtract(let a, let b): return both(a, b, -)
    case .multiply(let a, let b): return both(a, b, *)
    case .weigh(let a, let b): return both(a, b) { $0 == 0 ? 0 : $0 * $1 }
    case .divide(let a, let b): return both(a, b) { $0 == 0 || $1 == 0 ? 0 : $0 / $1 }
    case .maximum(let a, let b): return both(a, b) { $0 > $1 || $0.isNaN ? $0 : $1 }
    case .exp(let a): return value(a).map { .exp($0) }
    case .log(let a): return value(a).map { .log($0) }
    case .tanh(let a): return value(a).map { .tanh($0) }
    case .square(let a): return value(a).map { $0 * $0 }
    case .squareRoot(let a): return value(a).map { $0.squareRoot() }
    case .compare(let a, let sign, let b):
      return both(a, b) { x, y in
        switch sign {
        case .equal: x == y ? 1 : 0
        case .atMost: x <= y ? 1 : 0
        case .less: x < y ? 1 : 0
        }
      }
    case .select(let condition, let a, let b):
      let (chosen, first, second) = (value(condition), value(a), value(b))
      let rows = max(chosen.rows, first.rows, second.rows)
      let columns = max(chosen.columns, first.columns, second.columns)
      var result = second.filling(rows: rows, columns: columns)
      let (wanted, other) = (
        chosen.filling(rows: rows, columns: columns), first.filling(rows: rows, columns: columns)
      )
      for index in result.values.indices where wanted.values[index] != 0 {
        result.values[index] = other.values[index]
      }
      return result
    case .weights(let a, minus: let b):
      return both(a, b, Self.weight)
    case .splitWeights(let a, minus: let b, let lanes):
      let (scores, maxima) = (value(a), value(b))
      var result = scores
      for row in 0..<scores.rows {
        for column in 0..<scores.columns {
          let (score, maximum) = (scores[row, column], maxima[row, 0])
          result[row, column] =
            PolynomialExponential.takes(column: column, lanes: lanes)
            ? PolynomialExponential.weight(score, maximum)
            : Self.weight(score, maximum)
        }
      }
      return result
    case .factor(let a, minus: let b):
      return both(a, b) { old, new in new == -.infinity ? 1 : .exp(old - new) }
    case .asRow(let a): return value(a).transposed
    case .rowMaximum(let a):
      return value(a).reduced { row in
        row.contains(where: \.isNaN) ? .nan : row.max() ?? -.infinity
      }
    case .rowArgumentOfMaximum(let a):
      return value(a).reduced { row in
        let place =
          row.firstIndex(where: \.isNaN) ?? row.firstIndex { $0 == row.max() } ?? row.startIndex
        return Double(place - row.startIndex)
      }
    case .rowSum(let a): return value(a).reduced { $0.reduce(0, +) }
    case .rowDot(let a, let b, let weighted):
      let (left, right) = (value(a), value(b))
      return DoubleMatrix(
        rows: left.rows, columns: 1,
        values: (0..<left.rows).map { row in
          let range = row * left.columns..<(row + 1) * left.columns
          if !weighted, right.values[range].allSatisfy({ $0 == 0 }) { return 0 }
          return range.reduce(0) { sum, index in
            weighted && left.values[index] == 0
              ? sum : sum + left.values[index] * right.values[index]
          }
        })
    }
  }

  /// The weight of a score. A hidden pair weighs 0 in any row.
  private static func weight(_ score: Double, _ maximum: Double) -> Double {
    score == -.infinity ? 0 : maximum == .infinity ? .nan : .exp(score - maximum)
  }
}
