// What the bottom of the screen says: messages, on as many rows as they need, and the line that is
// being typed.

import Canvas
import Library
import Views

extension Picture {
  /// Writes a message over the last rows, at most four.
  mutating func say(_ message: String, _ style: Style = Style(.accent, bold: true)) {
    var lines = message.wrapped(canvas.width)
    if lines.count > 4 { lines = Array(lines.prefix(3)) + [lines[3].cut(canvas.width - 2) + " …"] }
    for (index, line) in lines.enumerated() {
      let row = canvas.height - lines.count + index
      canvas.put(line.padded(canvas.width), style, row: row, column: 0, in: canvas.bounds)
    }
  }

  /// Writes what is being typed on the last row, or its end if it is too long, with a cursor.
  mutating func show(_ label: String, typed: String) {
    let row = canvas.height - 1
    let room = max(1, canvas.width - label.count - 1)
    let text = typed.count > room ? "…" + typed.suffix(room - 1) : typed
    let column = canvas.put(
      (label + text).padded(canvas.width - 1), Style(.accent, bold: true), row: row, column: 0,
      in: canvas.bounds)
    canvas.put(
      " ", Style(reversed: true), row: row, column: min(column, label.count + text.count),
      in: canvas.bounds)
  }
}
