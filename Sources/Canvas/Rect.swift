// Dividing a screen: rectangles are cut from the top, the bottom, the left or the right.

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

  /// Cuts `count` rows from the top and returns them.
  package mutating func takeTop(_ count: Int) -> Rect {
    let taken = Rect(row: row, column: column, height: min(count, height), width: width)
    row += taken.height
    height -= taken.height
    return taken
  }

  package mutating func takeBottom(_ count: Int) -> Rect {
    let rows = min(max(0, count), height)
    height -= rows
    return Rect(row: row + height, column: column, height: rows, width: width)
  }

  package mutating func takeLeft(_ count: Int) -> Rect {
    let taken = Rect(row: row, column: column, height: height, width: min(count, width))
    column += taken.width
    width -= taken.width
    return taken
  }

  /// `count` columns of equal width with `gap` between them; the last takes what is left.
  package func columns(_ count: Int, gap: Int) -> [Rect] {
    let each = (width - gap * (count - 1)) / count
    return (0..<count).map { index in
      let start = index * (each + gap)
      let width = index == count - 1 ? self.width - start : each
      return Rect(row: row, column: column + start, height: height, width: width)
    }
  }

  /// One row of it.
  package func row(_ index: Int) -> Rect {
    Rect(row: row + index, column: column, height: index < height ? 1 : 0, width: width)
  }

  package func inset(_ amount: Int) -> Rect {
    Rect(
      row: row + amount, column: column + amount, height: height - 2 * amount,
      width: width - 2 * amount)
  }

  package func contains(row: Int, column: Int) -> Bool {
    row >= self.row && row < self.row + height && column >= self.column
      && column < self.column + width
  }
}
