// The functions that an expression may call, on numbers and on whole tiles.

import RealModule

/// A function on rectangles of numbers; a single number is a rectangle of one value.
struct Function: Sendable {
  var name: String
  /// How many arguments it may have.
  var arguments: ClosedRange<Int>
  var apply: @Sendable ([ValueMatrix], Int) throws(ExpressionError) -> Value

  static let all: [Function] = [
    elementwise("abs") { abs($0) },
    elementwise("floor") { $0.rounded(.down) },
    elementwise("ceil") { $0.rounded(.up) },
    elementwise("round") { $0.rounded() },
    plainElementwise("sqrt") { $0.squareRoot() },
    plainElementwise("exp") { .exp($0) },
    plainElementwise("log") { .log($0) },
    plainElementwise("log2") { .log2($0) },
    reduction("sum") { $0.reduce(0, +) },
    reduction("mean") { $0.reduce(0, +) / Double($0.count) },
    extremum("max") { larger($0, $1) },
    extremum("min") { -larger(-$0, -$1) },
    rowwise("rowsum") { $0.reduce(0, +) },
    rowwise("rowmax") { $0.reduce(-.infinity) { larger($0, $1) } },
    Function(name: "transpose", arguments: 1...1) { grids, _ throws(ExpressionError) in
      .grid(grids[0].transposed)
    },
    Function(name: "product", arguments: 2...2) { grids, column throws(ExpressionError) in
      Value(try matrixProduct(grids[0], grids[1], column))
    },
    Function(name: "ratio", arguments: 2...2) { grids, column throws(ExpressionError) in
      try Value.match(grids[0].dimension, grids[1].dimension, "to", column)
      return try Value.apply(.divide, Value(grids[0]), Value(grids[1]), column: column)
    },
    Function(name: "close", arguments: 2...2) { grids, column throws(ExpressionError) in
      try Value.match(grids[0].dimension, grids[1].dimension, "close to", column)
      let equal = try Value.combine(grids[0], grids[1], column: column) {
        isClose($0, $1) ? 1 : 0
      }
      return .flag(equal.values.allSatisfy { $0 == 1 })
    },
    Function(name: "finite", arguments: 1...1) { grids, _ throws(ExpressionError) in
      .flag(grids[0].values.allSatisfy(\.isFinite))
    },
  ]

  /// Number of values that a call reads, or multiply-adds of a matrix product; counts against the
  /// budget.
  func work(_ grids: [ValueMatrix]) -> Double {
    if name == "product", grids.count == 2 {
      return Double(grids[0].rows) * Double(grids[0].columns) * Double(grids[1].columns)
    }
    let rows = grids.map(\.rows).max() ?? 0
    return Double(rows) * Double(grids.map(\.columns).max() ?? 0) * Double(grids.count)
  }

  static func named(_ name: String) -> Function? { all.first { $0.name == name } }

  private static func elementwise(
    _ name: String, _ f: @escaping @Sendable (Double) -> Double
  ) -> Function {
    Function(name: name, arguments: 1...1) { grids, _ throws(ExpressionError) in
      var result = grids[0]
      result.origin = nil
      result.values = result.values.map(f)
      return Value(result)
    }
  }

  /// An element-wise function of plain numbers, which refuses bytes, cycles, seconds and FLOPs.
  private static func plainElementwise(
    _ name: String, _ f: @escaping @Sendable (Double) -> Double
  ) -> Function {
    Function(name: name, arguments: 1...1) { grids, column throws(ExpressionError) in
      try Value.match(grids[0].dimension, .plain, "where \(name) takes", column)
      return try elementwise(name, f).apply(grids, column)
    }
  }

  private static func reduction(
    _ name: String, _ f: @escaping @Sendable ([Double]) -> Double
  ) -> Function {
    Function(name: name, arguments: 1...1) { grids, _ throws(ExpressionError) in
      .quantity(Quantity(f(grids[0].values), grids[0].dimension))
    }
  }

  /// The extremum of all values of one rectangle, or of several arguments element by element.
  private static func extremum(
    _ name: String, _ f: @escaping @Sendable (Double, Double) -> Double
  ) -> Function {
    Function(name: name, arguments: 1...8) { grids, column throws(ExpressionError) in
      var result = grids[0]
      result.origin = nil
      if grids.count == 1 {
        let first = result.values.first ?? .nan
        return .quantity(Quantity(result.values.dropFirst().reduce(first, f), result.dimension))
      }
      for grid in grids.dropFirst() {
        try Value.match(result.dimension, grid.dimension, "beside", column)
        let dimension = result.dimension
        result = try Value.combine(result, grid, column: column, f)
        result.dimension = dimension
      }
      return Value(result)
    }
  }

  private static func rowwise(
    _ name: String, _ f: @escaping @Sendable (ArraySlice<Double>) -> Double
  ) -> Function {
    Function(name: name, arguments: 1...1) { grids, _ throws(ExpressionError) in
      let grid = grids[0]
      let values = (0..<grid.rows).map {
        f(grid.values[$0 * grid.columns..<($0 + 1) * grid.columns])
      }
      return Value(
        ValueMatrix(rows: grid.rows, columns: 1, values: values, dimension: grid.dimension))
    }
  }

  private static func matrixProduct(
    _ a: ValueMatrix, _ b: ValueMatrix, _ column: Int
  ) throws(ExpressionError) -> ValueMatrix {
    guard a.columns == b.rows else {
      throw ExpressionError(
        column: column,
        message: "found a product of \(a.rows) × \(a.columns) and \(b.rows) × \(b.columns) values")
    }
    var values = [Double](repeating: 0, count: a.rows * b.columns)
    for row in 0..<a.rows {
      for k in 0..<a.columns {
        for column in 0..<b.columns {
          values[row * b.columns + column] +=
            a.values[row * a.columns + k] * b.values[k * b.columns + column]
        }
      }
    }
    return ValueMatrix(rows: a.rows, columns: b.columns, values: values)
  }
}

/// The larger of two numbers; NaN if either is NaN, so that an error is not hidden.
private func larger(_ a: Double, _ b: Double) -> Double { a > b || a.isNaN ? a : b }

/// True where two numbers differ by no more than fp32 rounding: 10⁻⁵ of the larger one, or of 1.
func isClose(_ a: Double, _ b: Double) -> Bool {
  if a == b || (a.isNaN && b.isNaN) { return true }
  return abs(a - b) <= 1e-5 * max(1, abs(a), abs(b))
}

extension ValueMatrix {
  fileprivate var transposed: ValueMatrix {
    var result = ValueMatrix(rows: columns, columns: rows, values: [])
    for column in 0..<columns {
      for row in 0..<rows { result.values.append(values[row * columns + column]) }
    }
    return result
  }
}
