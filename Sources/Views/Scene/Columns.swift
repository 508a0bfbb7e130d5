// Runs side by side: a column for each, and a line between them.

import Canvas

extension Scene {
  /// Draws every run in a column of its own.
  /// - Parameter draw: draws run `index` in its column.
  func drawColumns(
    in rect: Rect, on picture: inout Picture,
    _ draw: (_ index: Int, _ column: Rect, _ picture: inout Picture) -> Void
  ) {
    for (index, column) in rect.columns(moments.count, gap: 3).enumerated() {
      draw(index, column, &picture)
      guard index > 0 else { continue }
      for row in 0..<column.height {
        picture.canvas.put(
          "│", Style(.dim), row: row, column: column.column - 2, in: column.extendedToLeftEdge)
      }
    }
  }
}

extension Rect {
  /// The same rows, widened to the left edge of the screen, so that a separator left of the
  /// rectangle can be drawn.
  fileprivate var extendedToLeftEdge: Rect {
    Rect(row: row, column: 0, height: height, width: column + width)
  }
}
