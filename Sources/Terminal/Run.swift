// Splits a row of a canvas into runs of cells with one style, so that a few calls draw it.
import Canvas

/// Adjacent cells of one style.
struct Run: Equatable {
  var column: Int
  var style: Style
  /// One scalar per cell. Combining marks follow the scalar of their cell, each with the `mark`
  /// bit.
  var scalars: [UInt32]
  /// The bit of a scalar that takes no cell of its own.
  static let mark: UInt32 = 1 << 31
}

extension Canvas {
  /// The runs of a row, from left to right; together they cover the row.
  func runs(inRow row: Int) -> [Run] {
    var runs: [Run] = []
    for column in 0..<width {
      let cell = self[row, column]
      let all = cell.character.oneColumn.unicodeScalars.map(\.value)
      let scalars = all.prefix(1) + all.dropFirst().map { $0 | Run.mark }
      if let last = runs.indices.last, runs[last].style == cell.style {
        runs[last].scalars += scalars
      } else {
        runs.append(Run(column: column, style: cell.style, scalars: Array(scalars)))
      }
    }
    return runs
  }
}
