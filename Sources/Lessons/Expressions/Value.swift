// The value of an expression: a number, true or false, a text, or a rectangle of numbers.

import Library
import Machine
import Runs

/// A rectangle of numbers, such as a tile, and the place in a run that they come from.
struct ValueMatrix: Sendable, Equatable {
  /// The rows and columns of a tensor of one run.
  struct Origin: Sendable, Equatable {
    var run: Int
    var name: String
    var plane: Int
    var rows: Range<Int>
    var columns: Range<Int>
    /// The tile, where the rectangle is exactly one.
    var tile: TileName?
  }

  var rows: Int
  var columns: Int
  var values: [Double]
  var dimension = Dimension.plain
  var origin: Origin?

  var isSingle: Bool { values.count == 1 }
  var isZero: Bool { isSingle && values[0] == 0 && dimension == .plain }

  /// Row `row`, or its element at `column`.
  func part(row: Int, column: Int?) -> ValueMatrix {
    let columns = column.map { $0..<$0 + 1 } ?? 0..<self.columns
    let start = row * self.columns
    var part = ValueMatrix(
      rows: 1, columns: columns.count,
      values: Array(values[start + columns.lowerBound..<start + columns.upperBound]))
    if let origin {
      part.origin = origin
      part.origin?.tile = nil
      part.origin?.rows = origin.rows.lowerBound + row..<origin.rows.lowerBound + row + 1
      let left = origin.columns.lowerBound
      part.origin?.columns = left + columns.lowerBound..<left + columns.upperBound
    }
    return part
  }
}

/// The value of an expression.
enum Value: Sendable, Equatable {
  case quantity(Quantity)
  case flag(Bool)
  case text(String)
  case grid(ValueMatrix)

  /// The type of the value in words for error messages.
  var kind: String {
    switch self {
    case .quantity(let quantity): quantity.dimension.name
    case .flag: "true or false"
    case .text: "a text"
    case .grid(let grid): "\(grid.rows) × \(grid.columns) values"
    }
  }

  /// The value as a number, also of a rectangle with one value; nil for other values.
  var quantity: Quantity? {
    switch self {
    case .quantity(let quantity): quantity
    case .grid(let grid) where grid.isSingle: Quantity(grid.values[0], grid.dimension)
    default: nil
    }
  }

  /// The value as a rectangle; nil for texts and truth values.
  var grid: ValueMatrix? {
    switch self {
    case .grid(let grid): grid
    case .quantity(let quantity):
      ValueMatrix(rows: 1, columns: 1, values: [quantity.value], dimension: quantity.dimension)
    default: nil
    }
  }

  init(_ grid: ValueMatrix) {
    self =
      grid.isSingle && grid.origin == nil
      ? .quantity(Quantity(grid.values[0], grid.dimension)) : .grid(grid)
  }
}
