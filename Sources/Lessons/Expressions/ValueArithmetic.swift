// Operators on values: element by element, with rows, columns and single numbers broadcast, and
// dimensions checked.

import Library
import Machine
import RealModule
import Runs

extension Value {
  static func apply(
    _ operation: Expression.Operator, _ left: Value, _ right: Value, column: Int
  ) throws(ExpressionError) -> Value {
    switch operation {
    case .and, .or:
      guard case .flag(let a) = left, case .flag(let b) = right else {
        throw ExpressionError(
          column: column,
          message: "found \(left.kind) \(operation.rawValue) \(right.kind), expected claims"
        )
      }
      return .flag(operation == .and ? a && b : a || b)
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      return .flag(try compare(operation, left, right, column: column))
    default: break
    }
    guard let a = left.grid, let b = right.grid else {
      throw ExpressionError(
        column: column,
        message: "found \(left.kind) \(operation.rawValue) \(right.kind), expected numbers")
    }
    let dimension = try dimension(operation, a, b, column: column)
    guard !dimension.isOutOfRange else {
      throw ExpressionError(
        column: column, message: "found \(dimension.name), which counts nothing")
    }
    var result = try combine(a, b, column: column) { x, y in
      switch operation {
      case .add: x + y
      case .subtract: x - y
      case .multiply: x * y
      case .divide: x / y
      default: .pow(x, y)
      }
    }
    result.dimension = dimension
    return Value(result)
  }

  private static func dimension(
    _ operation: Expression.Operator, _ a: ValueMatrix, _ b: ValueMatrix, column: Int
  ) throws(ExpressionError) -> Dimension {
    switch operation {
    case .multiply: return a.dimension * b.dimension
    case .divide: return a.dimension / b.dimension
    case .power:
      guard b.dimension == .plain else {
        throw ExpressionError(column: column, message: "found a power of \(b.dimension.name)")
      }
      if a.dimension == .plain { return .plain }
      guard b.isSingle, let power = Int(exactly: b.values[0]), power.magnitude < 10 else {
        throw ExpressionError(
          column: column, message: "found a power of \(a.dimension.name), expected a whole number")
      }
      return a.dimension.raised(to: power)
    default:
      try match(a.dimension, b.dimension, operation.rawValue, column)
      return a.dimension
    }
  }

  /// Checks that two operands of a sum or a comparison have the same dimension.
  static func match(
    _ a: Dimension, _ b: Dimension, _ sign: String, _ column: Int
  ) throws(ExpressionError) {
    guard a == b else {
      throw ExpressionError(
        column: column, message: "found \(a.name) \(sign) \(b.name), expected the same unit twice")
    }
  }

  private static func compare(
    _ operation: Expression.Operator, _ left: Value, _ right: Value, column: Int
  ) throws(ExpressionError) -> Bool {
    if case .text(let a) = left, case .text(let b) = right {
      if operation == .equal { return a == b }
      if operation == .notEqual { return a != b }
    }
    guard let a = left.grid, let b = right.grid else {
      throw ExpressionError(
        column: column,
        message: "found \(left.kind) \(operation.rawValue) \(right.kind), expected two numbers")
    }
    // 0 may be compared with a number of any unit.
    if !a.isZero, !b.isZero { try match(a.dimension, b.dimension, operation.rawValue, column) }
    let holds = try combine(a, b, column: column) { x, y in
      switch operation {
      case .equal: x == y ? 1 : 0
      case .notEqual: x != y ? 1 : 0
      case .less: x < y ? 1 : 0
      case .lessOrEqual: x <= y ? 1 : 0
      case .greater: x > y ? 1 : 0
      default: x >= y ? 1 : 0
      }
    }
    // Rectangles are unequal as soon as one value differs.
    return operation == .notEqual
      ? holds.values.contains(1) : holds.values.allSatisfy { $0 == 1 }
  }

  /// Applies an operation element by element; a single value, row or column is broadcast.
  static func combine(
    _ a: ValueMatrix, _ b: ValueMatrix, column: Int, _ operation: (Double, Double) -> Double
  ) throws(ExpressionError) -> ValueMatrix {
    let (rows, columns) = (max(a.rows, b.rows), max(a.columns, b.columns))
    for grid in [a, b] {
      guard grid.rows == rows || grid.rows == 1, grid.columns == columns || grid.columns == 1 else {
        throw ExpressionError(
          column: column,
          message: "found \(a.rows) × \(a.columns) with \(b.rows) × \(b.columns) values")
      }
    }
    func at(_ grid: ValueMatrix, _ row: Int, _ column: Int) -> Double {
      grid.values[(grid.rows == 1 ? 0 : row) * grid.columns + (grid.columns == 1 ? 0 : column)]
    }
    var values: [Double] = []
    values.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns { values.append(operation(at(a, row, column), at(b, row, column))) }
    }
    return ValueMatrix(rows: rows, columns: columns, values: values)
  }
}
