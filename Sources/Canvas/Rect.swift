// Divides a screen: rectangles are cut off at the top, at the bottom or at the left.

/// A rectangle of cells.
package struct Rect: Sendable, Equatable {
  package var row: Int
  package var column: Int
  package var height: Int
  package var width: Int

  package init(row: Int, column: Int, height: Int, width: Int) {
    self.row = row
    self.column = column
    self.height = max(0, height)
    self.width = max(0, width)
  }

  /// Cuts up to `count` rows off the top and returns them.
  package mutating func takeTop(_ count: Int) -> Rect {
    let taken = Rect(row: row, column: column, height: min(count, height), width: width)
    row += taken.height
    height -= taken.height
    return taken
  }

  /// Cuts up to `count` rows off the bottom and returns them.
  package mutating func takeBottom(_ count: Int) -> Rect {
    let rows = min(max(0, count), height)
    height -= rows
    return Rect(row: row + height, column: column, height: rows, width: width)
  }

  /// Cuts up to `count` columns off the left and returns them.
  package mutating func takeLeft(_ count: Int) -> Rect {
    let taken = Rect(row: row, column: column, height: height, width: min(count, width))
    column += taken.width
    width -= taken.width
    return taken
  }

  /// Divides the rectangle into `count` columns of equal width with `gap` cells between them; the
  /// last takes what is left.
  package func columns(_ count: Int, gap: Int) -> [Rect] {
    let each = (width - gap * (count - 1)) / count
    return (0..<count).map { index in
      let start = index * (each + gap)
      let width = index == count - 1 ? self.width - start : each
      return Rect(row: row, column: column + start, height: height, width: width)
    }
  }

  /// Row `index` as a rectangle, which is empty below the last row.
  package func row(_ index: Int) -> Rect {
    Rect(row: row + index, column: column, height: index < height ? 1 : 0, width: width)
  }

  /// Whether a cell lies in the rectangle.
  package func contains(row: Int, column: Int) -> Bool {
    row >= self.row && row < self.row + height && column >= self.column
      && column < self.column + width
  }
}
