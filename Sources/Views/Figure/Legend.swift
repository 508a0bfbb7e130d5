// What the looks of tiles mean. A look has one meaning, and a meaning one look.

import Canvas
import Machine
import Moments

/// A look and its meaning.
package struct LegendEntry: Sendable {
  package let glyphs: String
  package let ink: Ink
  package let words: String

  init(_ glyphs: String, _ ink: Ink, _ words: String) {
    (self.glyphs, self.ink, self.words) = (glyphs, ink, words)
  }
}

/// The looks of everything that is drawn as a single glyph.
package enum Legend {
  /// Of tiles.
  package static let tiles = [
    LegendEntry("·", .dim, "not yet"),
    LegendEntry("»«", .load, "moving"),
    LegendEntry("■", .resident, "on chip"),
    LegendEntry("▲", .compute, "at work"),
    LegendEntry("╌", .dim, "dropped"),
    LegendEntry("✓", .dim, "done"),
  ]

  /// Of everything else.
  package static let others =
    [
      LegendEntry(String(Shades.glyphs), .plain, "how much, from little to all"),
      LegendEntry(String(Highlight.sign), .accent, "marked"),
      LegendEntry("!", .alert, "not a number"),
      LegendEntry("▣", .resident, "bus and units"),
      LegendEntry("▚", .dim, "hidden until answered"),
      LegendEntry("▞", .alert, "computed again"),
      LegendEntry("×", .alert, "dropped by dropout"),
      LegendEntry("✗", .alert, "wrong"),
    ]
    // A load and a store that an SM waits for look as those that move.
    + CycleKind.allCases.filter { ![.loadStall, .storeStall].contains($0) }
    .map { LegendEntry(String($0.glyph), $0.ink, $0.word) }

  /// Writes the legend in one row.
  static func draw(row: Int, in rect: Rect, on picture: inout Picture) {
    var column = 0
    for entry in tiles {
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
      "◆ marked  ! NaN  _ idle", Style(.dim), row: 1, column: column, in: rect)
  }
}
