// A row is sent as runs of cells that look alike: the fewer runs, the fewer calls.
import Canvas

/// Neighbouring cells of one style.
struct Run: Equatable {
  var column: Int
  var style: Style
  /// One scalar to a cell.
  var scalars: [UInt32]
}

extension Canvas {
  /// The runs of a row, from left to right; together they cover it.
  func runs(inRow row: Int) -> [Run] {
    var runs: [Run] = []
    for column in 0..<width {
      let cell = self[row, column]
      let scalar = cell.character.unicodeScalars.first?.value ?? 0x20
      if let last = runs.indices.last, runs[last].style == cell.style {
        runs[last].scalars.append(scalar)
      } else {
        runs.append(Run(column: column, style: cell.style, scalars: [scalar]))
      }
    }
    return runs
  }
}
