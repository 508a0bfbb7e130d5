// Evaluates formulas: every operation for a whole tile at a time, and in place where possible.

import RealModule

/// The value of a formula. A tile of one column has one number per row of the tile it meets.
enum FormulaValue {
  case number(Float)
  case tile(TileValues)
  /// A column used as a row: one number for each column of the tile it meets.
  case row([Float])

  /// The values of a tile after `expression`.
  /// - Parameter old: its values before; zeros in the right shape for a new tile.
  static func of(
    _ expression: Expression, _ inputs: [TileValues], into old: consuming TileValues
  ) -> TileValues {
    let (rows, columns) = (old.rows, old.columns)
    var reader = FormulaReader(
      inputs: inputs, old: consume old, takesOld: expression.usesOfItself == 1)
    switch reader.value(expression) {
    case .number(let number): return TileValues(rows: rows, columns: columns, repeating: number)
    case .row(let values): return TileValues(rows: rows, columns: columns, values: values)
    case .tile(var tile):
      tile.widen(to: columns)
      return tile
    }
  }
}

extension FormulaValue {
  fileprivate var rows: Int { if case .tile(let tile) = self { tile.rows } else { 1 } }

  fileprivate var columns: Int {
    switch self {
    case .number: 1
    case .row(let values): values.count
    case .tile(let tile): tile.columns
    }
  }

  /// The value at every element of a tile of this shape.
  fileprivate func filling(rows: Int, columns: Int) -> TileValues {
    switch self {
    case .number(let number): return TileValues(rows: rows, columns: columns, repeating: number)
    case .row(let values):
      return TileValues(rows: rows, columns: columns, values: (0..<rows).flatMap { _ in values })
    case .tile(var tile):
      tile.widen(to: columns)
      return tile
    }
  }
}

/// Evaluates the parts of a formula.
private struct FormulaReader {
  let inputs: [TileValues]
  var old: TileValues
  /// True if the formula uses the old values once, so that they can be changed in place.
  let takesOld: Bool

  mutating func value(_ expression: Expression) -> FormulaValue {
    switch expression {
    case .input(let index): .tile(inputs[index])
    case .itself: .tile(itself())
    case .number(let number): .number(number)
    case .add(let a, let b): combine(a, b) { $0 + $1 }
    case .subtract(let a, let b): combine(a, b) { $0 - $1 }
    case .multiply(let a, let b): combine(a, b) { $0 * $1 }
    case .weigh(let a, let b): combine(a, b, weighted)
    case .divide(let a, let b): combine(a, b) { $0 == 0 || $1 == 0 ? 0 : $0 / $1 }
    case .maximum(let a, let b): combine(a, b) { $0 > $1 || $0.isNaN ? $0 : $1 }
    case .exp(let a): map(a) { .exp($0) }
    case .log(let a): map(a) { .log($0) }
    case .tanh(let a): map(a) { .tanh($0) }
    case .square(let a): map(a) { $0 * $0 }
    case .squareRoot(let a): map(a) { $0.squareRoot() }
    case .compare(let a, .equal, let b): combine(a, b) { $0 == $1 ? 1 : 0 }
    case .compare(let a, .atMost, let b): combine(a, b) { $0 <= $1 ? 1 : 0 }
    case .compare(let a, .less, let b): combine(a, b) { $0 < $1 ? 1 : 0 }
    case .select(let condition, let a, let b): select(condition, a, b)
    case .weights(let score, let maximum): combine(score, maximum, Self.weight)
    case .splitWeights(let score, let maximum, let lanes): splitWeights(score, maximum, lanes)
    case .factor(let old, let new): combine(old, new) { $1 == -.infinity ? 1 : .exp($0 - $1) }
    case .asRow(let a): if case .tile(let tile) = value(a) { .row(tile.values) } else { value(a) }
    case .rowMaximum(let a): reduce(a) { $0.rowMaximum($1) }
    case .rowArgumentOfMaximum(let a): reduce(a) { $0.rowArgumentOfMaximum($1) }
    case .rowSum(let a): reduce(a) { $0.rowSum($1) }
    case .rowDot(let a, let b, let weighted): rowDot(a, b, weighted: weighted)
    }
  }

  /// The old values, without a copy if they are used only once.
  private mutating func itself() -> TileValues {
    guard takesOld else { return old }
    let taken = old
    old = TileValues(rows: 0, columns: 0, values: [])
    return taken
  }

  /// The weight of a score. A hidden pair weighs 0 in any row. In a row whose maximum is +∞ the
  /// others weigh NaN, as their sum does.
  private static func weight(_ score: Float, _ maximum: Float) -> Float {
    if score == -.infinity { return 0 }
    return maximum == .infinity ? .nan : .exp(score - maximum)
  }

  /// The weights of a matrix of scores, some of whose columns take the polynomial.
  private mutating func splitWeights(
    _ score: Expression, _ maximum: Expression, _ lanes: Int
  ) -> FormulaValue {
    guard case .tile(var tile) = value(score), case .tile(let maxima) = value(maximum) else {
      return combine(score, maximum, Self.weight)
    }
    for row in 0..<tile.rows {
      for column in 0..<tile.columns {
        let (score, maximum) = (tile[row, column], maxima.values[row])
        tile[row, column] =
          PolynomialExponential.takes(column: column, lanes: lanes)
          ? PolynomialExponential.weight(score, maximum) : Self.weight(score, maximum)
      }
    }
    return .tile(tile)
  }

  private mutating func map(_ a: Expression, _ transform: (Float) -> Float) -> FormulaValue {
    switch value(a) {
    case .number(let number): return .number(transform(number))
    case .row(let values): return .row(values.map(transform))
    case .tile(var tile):
      tile.mapInPlace(transform)
      return .tile(tile)
    }
  }

  @inline(__always)
  private mutating func combine(
    _ a: Expression, _ b: Expression, _ operation: (Float, Float) -> Float
  ) -> FormulaValue {
    switch (value(a), value(b)) {
    case (.number(let a), .number(let b)): return .number(operation(a, b))
    case (.tile(var tile), .number(let number)):
      tile.mapInPlace { operation($0, number) }
      return .tile(tile)
    case (.number(let number), .tile(var tile)):
      tile.mapInPlace { operation(number, $0) }
      return .tile(tile)
    case (.tile(let a), .tile(let b)): return .tile(combine(a, b, operation))
    case (.tile(var tile), .row(let row)):
      tile.widen(to: row.count)
      tile.mapColumns { operation($0, row[$1]) }
      return .tile(tile)
    case (.row(let row), .tile(var tile)):
      tile.widen(to: row.count)
      tile.mapColumns { operation(row[$1], $0) }
      return .tile(tile)
    case (.row(let a), .row(let b)): return .row(zip(a, b).map(operation))
    case (.row(let row), .number(let number)): return .row(row.map { operation($0, number) })
    case (.number(let number), .row(let row)): return .row(row.map { operation(number, $0) })
    }
  }

  @inline(__always)
  private func combine(
    _ a: consuming TileValues, _ b: consuming TileValues, _ operation: (Float, Float) -> Float
  ) -> TileValues {
    if a.columns < b.columns {
      var result = b
      result.mapRows { operation(a.values[$0], $1) }
      return result
    }
    var result = a
    if b.columns < result.columns {
      result.mapRows { operation($1, b.values[$0]) }
    } else {
      result.mapElements { operation($1, b.values[$0]) }
    }
    return result
  }

  private mutating func select(
    _ condition: Expression, _ a: Expression, _ b: Expression
  ) -> FormulaValue {
    let values = [value(condition), value(a), value(b)]
    let (rows, columns) = (values.map(\.rows).max()!, values.map(\.columns).max()!)
    let wide = values.map { $0.filling(rows: rows, columns: columns) }
    var result = wide[2]
    for index in result.values.indices where wide[0].values[index] != 0 {
      result.values[index] = wide[1].values[index]
    }
    return .tile(result)
  }

  private mutating func reduce(
    _ a: Expression, _ operation: (TileValues, Int) -> Float
  ) -> FormulaValue {
    guard case .tile(let tile) = value(a) else { return value(a) }
    let values = (0..<tile.rows).map { operation(tile, $0) }
    return .tile(TileValues(rows: tile.rows, columns: 1, values: values))
  }

  private mutating func rowDot(
    _ a: Expression, _ b: Expression, weighted: Bool
  ) -> FormulaValue {
    guard case .tile(let left) = value(a), case .tile(let right) = value(b) else {
      return .number(.nan)
    }
    let values = (0..<left.rows).map { row in
      !weighted && right.isZero(row: row) ? 0 : left.rowDot(right, row, weighted: weighted)
    }
    return .tile(TileValues(rows: left.rows, columns: 1, values: values))
  }
}

extension TileValues {
  /// Repeats a column in each of `columns` columns; a wider tile stays as it is.
  fileprivate mutating func widen(to columns: Int) {
    guard self.columns == 1, columns > 1 else { return }
    values = values.flatMap { Array(repeating: $0, count: columns) }
    self.columns = columns
  }

  /// Replaces every value by a function of its row number and itself.
  fileprivate mutating func mapRows(_ transform: (Int, Float) -> Float) {
    values.withUnsafeMutableBufferPointer { values in
      for row in 0..<rows {
        for index in row * columns..<(row + 1) * columns {
          values[index] = transform(row, values[index])
        }
      }
    }
  }

  /// Replaces every value by a function of itself and its column number.
  fileprivate mutating func mapColumns(_ transform: (Float, Int) -> Float) {
    for row in 0..<rows {
      for column in 0..<columns { self[row, column] = transform(self[row, column], column) }
    }
  }

  /// Replaces every value by a function of its index and itself.
  fileprivate mutating func mapElements(_ transform: (Int, Float) -> Float) {
    values.withUnsafeMutableBufferPointer { values in
      for index in values.indices { values[index] = transform(index, values[index]) }
    }
  }

  /// The largest value of a row; NaN if one is NaN.
  fileprivate func rowMaximum(_ row: Int) -> Float {
    var result = -Float.infinity
    for index in row * columns..<(row + 1) * columns
    where values[index] > result || values[index].isNaN {
      result = values[index]
    }
    return result
  }

  /// The column of the largest value of a row, the first of several; that of a NaN if there is one.
  fileprivate func rowArgumentOfMaximum(_ row: Int) -> Float {
    let row = values[row * columns..<(row + 1) * columns]
    var best = row.startIndex
    for index in row.indices.dropFirst() {
      if row[best].isNaN { break }
      if row[index] > row[best] || row[index].isNaN { best = index }
    }
    return Float(best - row.startIndex)
  }

  fileprivate func rowSum(_ row: Int) -> Float {
    values[row * columns..<(row + 1) * columns].reduce(0, +)
  }

  fileprivate func isZero(row: Int) -> Bool {
    values[row * columns..<(row + 1) * columns].allSatisfy { $0 == 0 }
  }

  /// The sum of a∘b over one row. If `weighted`, an entry 0 of a adds nothing.
  fileprivate func rowDot(_ other: TileValues, _ row: Int, weighted: Bool) -> Float {
    var sum: Float = 0
    for index in row * columns..<(row + 1) * columns where !weighted || values[index] != 0 {
      sum += values[index] * other.values[index]
    }
    return sum
  }
}
