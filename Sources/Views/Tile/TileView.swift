// The values of one tile, as numbers or as shades, labelled with the words of its queries and keys.

import Canvas
import Machine
import Moments

/// The views `tile` and `heat`: the values of the selected or current tile.
package struct TileView: View {
  /// How values are drawn: as numbers, or as shades by magnitude.
  package enum Look: Sendable { case numbers, heat }

  package let look: Look
  package var name: String { look == .numbers ? "tile" : "heat" }

  package init(_ look: Look) { self.look = look }

  package func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    guard let shown = ShownTile(scene.focused, scene.selection) else {
      picture.canvas.put(
        scene.focused.run.hasValues
          ? "No tile has values yet: step on, or point at one with Enter and the arrow keys."
          : Moment.noValues, Style(.dim), row: 0, column: 0, in: rect)
      return
    }
    var rest = rect
    drawTitle(scene, shown, in: rest.takeTop(1), on: &picture)
    let dropped = DroppedWeights(shown, scene.focused)
    if let dropped {
      let text = dropped.text { factor in
        scene.figure(factor, .value(of: shown.name.name), of: scene.focus)
      }
      picture.canvas.put(text, Style(.alert), row: 0, column: 0, in: rest.takeTop(1))
    }
    let left = labelWidth(shown, scene.focused)
    drawColumnLabels(
      shown, scene.focused, left, from: firstColumn(scene, shown), in: rest.takeTop(1),
      on: &picture)
    for (line, row) in window(scene, shown, height: rest.height).enumerated() {
      let query = shown.place.rows.lowerBound + row
      let label = scene.focused.run.token(query).map { "\(query) \($0)" } ?? "\(query)"
      let isFollowed = shown.rowsAreQueries && query == scene.focused.followedRow(scene.selection)
      picture.canvas.put(
        label.padded(left - 1), Style(isFollowed ? .accent : .dim, bold: isFollowed),
        row: line, column: 0, in: rest)
      drawRow(
        scene, shown, dropped, row, at: line, from: firstColumn(scene, shown), left, in: rest,
        on: &picture
      )
    }
  }

  package func applies(to scene: Scene) -> Bool { scene.focused.run.hasValues }

  /// The rows of the tile that fit in `height` rows, the followed one among them.
  private func window(_ scene: Scene, _ shown: ShownTile, height: Int) -> Range<Int> {
    let followed = scene.focused.followedRow(scene.selection) - shown.place.rows.lowerBound
    let wanted = shown.rowsAreQueries ? followed - height / 2 : scene.selection.row ?? 0
    let first = max(0, min(wanted, shown.values.rows - height))
    return first..<min(first + height, shown.values.rows)
  }

  private func firstColumn(_ scene: Scene, _ shown: ShownTile) -> Int {
    max(0, min(scene.selection.firstColumn, shown.values.columns - 1))
  }

  private func drawTitle(
    _ scene: Scene, _ shown: ShownTile, in rect: Rect, on picture: inout Picture
  ) {
    picture.canvas.put(
      "\(shown.name.shown)  \(shown.values.rows) × \(shown.values.columns)  \(shown.location)",
      Style(.title, bold: true), row: 0, column: 0, in: rect)
    let range = shown.range
    // Either end may be the value that is asked for.
    let text = shown.place.rows.reduce("\(short(range.low)) … \(short(range.high))") {
      scene.figure($0, .value(of: shown.name.name, row: $1), of: scene.focus)
    }
    picture.canvas.putRight(
      text, Style(.dim), row: 0, in: rect)
  }

  /// Columns of one value.
  private var cellWidth: Int { look == .numbers ? 8 : 2 }

  private func labelWidth(_ shown: ShownTile, _ moment: Moment) -> Int {
    let labels = shown.place.rows.map { row in
      String(row).count + (moment.run.token(row).map { $0.count + 1 } ?? 0)
    }
    return min(16, labels.max() ?? 0) + 1
  }

  private func drawColumnLabels(
    _ shown: ShownTile, _ moment: Moment, _ left: Int, from first: Int, in rect: Rect,
    on picture: inout Picture
  ) {
    for column in first..<shown.values.columns {
      let position = left + (column - first) * cellWidth
      guard position < rect.width else { return }
      let number = shown.place.columns.lowerBound + column
      let word = shown.columnsAreKeys ? moment.run.token(number) : nil
      let text = look == .numbers ? (word ?? String(number)) : String(number % 100)
      if look == .heat, !column.isMultiple(of: 4) { continue }
      let cell = look == .numbers ? text.padded(cellWidth - 1, right: true) : text
      picture.canvas.put(
        cell, Style(.dim), row: 0, column: position, in: rect)
    }
  }

  private func drawRow(
    _ scene: Scene, _ shown: ShownTile, _ dropped: DroppedWeights?, _ row: Int, at line: Int,
    from first: Int,
    _ left: Int, in rect: Rect, on picture: inout Picture
  ) {
    for column in first..<shown.values.columns {
      let position = left + (column - first) * cellWidth
      guard position < rect.width else { return }
      if position + 2 * cellWidth > rect.width, column < shown.values.columns - 1 {
        picture.canvas.put("…", Style(.dim), row: line, column: position, in: rect)
        return
      }
      let value = shown.values[row, column]
      let isDropped = dropped?.contains(row: row, column: column, of: shown.values) ?? false
      switch look {
      case _ where isDropped:
        let sign = look == .numbers ? "×".padded(cellWidth - 1, right: true) : "× "
        picture.canvas.put(sign, Style(.alert), row: line, column: position, in: rect)
      case .numbers:
        let name = FigureName.value(
          of: shown.name.name, row: shown.place.rows.lowerBound + row,
          column: shown.values.columns == 1 ? 0 : shown.place.columns.lowerBound + column)
        let text = scene.figure(short(value), name, of: scene.focus)
          .padded(cellWidth - 1, right: true)
        picture.canvas.put(
          text, Style(value.isFinite ? .plain : .alert), row: line, column: position, in: rect)
      case .heat:
        // The sign is told by a glyph as well, not by the ink alone.
        if value == -.infinity {
          picture.canvas.put("╲╲", Style(.dim), row: line, column: position, in: rect)
          continue
        }
        let shade = String(shown.shade(value))
        picture.canvas.put(
          value < 0 ? shade + "-" : shade + shade, Style(value < 0 ? .store : .load), row: line,
          column: position, in: rect)
      }
    }
  }
}

extension DroppedWeights {
  /// Rate and seed of the dropout, and what `×` means.
  /// - Parameter shown: the text of the factor by which what is kept grows.
  func text(_ shown: (String) -> String) -> String {
    let start = "dropout: rate \(rule.probability), seed \(rule.seed); "
    if isMask { return start + "× is dropped, the rest is kept: 1" }
    return isApplied
      ? start + "× is dropped, the rest grows \(shown(short(rule.keptScale))) times"
      : start + "at this moment nothing is dropped in this tile"
  }
}

extension ShownTile {
  /// The glyph of a value: the larger its magnitude within the tile, the darker.
  func shade(_ value: Float) -> Character {
    guard value.isFinite else { return value.isNaN ? "?" : " " }
    let largest = max(abs(range.low), abs(range.high))
    let share = largest == 0 ? 0 : Double(abs(value)) / Double(largest)
    let level = Int(clamping: (share * 4).rounded())
    return [" ", "░", "▒", "▓", "█"][min(max(0, level), 4)]
  }
}
