// What the looks of tiles mean. A look has one meaning, and a meaning one look.

import Canvas
import Moments

/// A look and its meaning.
package struct LegendEntry: Sendable {
  package let glyphs: String
  package let ink: Ink
  package let words: String
}

/// The looks of tiles.
package enum Legend {
  package static let entries: [LegendEntry] = [
    LegendEntry(glyphs: "·", ink: .dim, words: "unwritten"),
    LegendEntry(glyphs: "»«", ink: .load, words: "moving"),
    LegendEntry(glyphs: "■", ink: .resident, words: "on chip"),
    LegendEntry(glyphs: "▲", ink: .compute, words: "at work"),
    LegendEntry(glyphs: "╌", ink: .dim, words: "dropped"),
    LegendEntry(glyphs: "✓", ink: .dim, words: "done"),
  ]

  /// Writes the legend in one row.
  static func draw(row: Int, in rect: Rect, on picture: inout Picture) {
    var column = 0
    for entry in entries {
      let style = Style(entry.ink, bold: entry.ink != .dim)
      guard column + entry.glyphs.count + 1 + entry.words.count <= rect.width else { return }
      column = picture.canvas.put(entry.glyphs, style, row: row, column: column, in: rect)
      column =
        picture.canvas.put(" \(entry.words)", Style(.dim), row: row, column: column, in: rect) + 1
    }
  }
}

/// The legend in two rows: the looks of tiles, and how values are drawn.
package struct LegendPanel {
  package init() {}

  /// Draws both rows.
  package func draw(in rect: Rect, on picture: inout Picture) {
    Legend.draw(row: 0, in: rect, on: &picture)
    var column = 0
    func ramp(_ ramp: Ramp, _ words: String) {
      for level in 0..<Ramp.levels where ramp == .signed || level.isMultiple(of: 2) {
        picture.canvas[rect.row + 1, rect.column + column] = Cell(
          Shades(ramp, upper: level, lower: level))
        column += 1
      }
      column = picture.canvas.put(" \(words)  ", Style(.dim), row: 1, column: column, in: rect)
    }
    guard rect.height > 1, rect.width >= 80 else { return }
    ramp(.signed, "below 0, 0, above")
    ramp(.weights, "weights 0 to 1")
    picture.canvas.put(
      "◆ marked  ! NaN", Style(.dim), row: 1, column: column, in: rect)
  }
}
