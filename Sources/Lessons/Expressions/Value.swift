// What an expression comes to: a number, yes or no, a text, or a rectangle of numbers.

import Library
import Machine
import Runs

/// A rectangle of numbers, and where in a run they come from.
struct Grid: Sendable, Equatable {
  /// A rectangle of one run's matrix, by whole rows and columns of it.
  struct Origin: Sendable, Equatable {
    var run: Int
    var name: String
    var plane: Int
    var rows: Range<Int>
    var columns: Range<Int>
    /// The tile it is, if it is a whole one.
    var tile: TileName?
  }

  var rows: Int
  var columns: Int
  var values: [Double]
  var dimension = Dimension.plain
  var origin: Origin?

  var isSingle: Bool { values.count == 1 }
  var isZero: Bool { isSingle && values[0] == 0 && dimension == .plain }

  /// Row `index`, or one element of it.
  func part(row: Int, column: Int?) -> Grid {
    let columns = column.map { $0..<$0 + 1 } ?? 0..<self.columns
    let start = row * self.columns
    var part = Grid(
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

enum Value: Sendable, Equatable {
  case quantity(Quantity)
  case flag(Bool)
  case text(String)
  case grid(Grid)

  /// For messages.
  var kind: String {
    switch self {
    case .quantity(let quantity): quantity.dimension.name
    case .flag: "true or false"
    case .text: "a text"
    case .grid(let grid): "\(grid.rows) × \(grid.columns) values"
    }
  }

  /// The number it is, or that a rectangle of one value holds.
  var quantity: Quantity? {
    switch self {
    case .quantity(let quantity): quantity
    case .grid(let grid) where grid.isSingle: Quantity(grid.values[0], grid.dimension)
    default: nil
    }
  }

  /// Numbers as a rectangle.
  var grid: Grid? {
    switch self {
    case .grid(let grid): grid
    case .quantity(let quantity):
      Grid(rows: 1, columns: 1, values: [quantity.value], dimension: quantity.dimension)
    default: nil
    }
  }

  init(_ grid: Grid) {
    self =
      grid.isSingle && grid.origin == nil
      ? .quantity(Quantity(grid.values[0], grid.dimension)) : .grid(grid)
  }
}
