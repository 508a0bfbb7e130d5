// The frame that a state implies: which panels there are, and where, for the room there is.

import Canvas
import Kernels
import Machine
import Views

extension Player {
  private static var smallest: (width: Int, height: Int) { (80, 24) }

  /// Draws the whole screen.
  public func frame(width: Int, height: Int) -> Picture {
    var picture = Picture(width: width, height: height)
    guard width >= Self.smallest.width, height >= Self.smallest.height else {
      drawTooSmall(on: &picture)
      return picture
    }
    let scene = scene
    var rest = picture.canvas.bounds
    drawHeader(in: rest.takeTop(1), on: &picture)
    drawFooter(in: rest.takeBottom(1), on: &picture)
    if let overlay {
      draw(overlay, scene, in: rest, on: &picture)
    } else {
      drawSentence(scene, in: rest.takeBottom(2), on: &picture)
      drawBody(scene, in: rest, on: &picture)
    }
    return picture
  }

  private func drawTooSmall(on picture: inout Picture) {
    let (width, height) = (picture.canvas.width, picture.canvas.height)
    let text = [
      "tilewalk needs 80 × 24.", "This screen is \(width) × \(height).", "Make it larger, or q.",
    ]
    for (row, line) in text.enumerated() {
      picture.canvas.put(line, row: row, column: 0, in: picture.canvas.bounds)
    }
  }

  private func drawHeader(in rect: Rect, on picture: inout Picture) {
    let style = Style(.title, bold: true, reversed: true)
    let run = runs[focus]
    let origin = run.origin.isEmpty ? "" : "\(run.origin) · "
    let name = " \(ViewCatalogue.views[view].name) "
    let room = rect.width - name.count
    let title = " \(origin)\(run.plan.summary)"
    let left = (title.count + 9 <= room ? " tilewalk" + title : title).padded(room)
    picture.canvas.put(left + name, style, row: 0, column: 0, in: rect)
  }

  private func drawSentence(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    let lines = Sentence(scene).text.wrapped(rect.width)
    for (row, line) in lines.prefix(rect.height).enumerated() {
      let isCut = row == rect.height - 1 && lines.count > rect.height
      picture.canvas.put(
        isCut ? line.padded(rect.width - 1) + "…" : line, row: row, column: 0, in: rect)
    }
  }

  private func drawFooter(in rect: Rect, on picture: inout Picture) {
    if let prompt {
      let column = picture.canvas.put(
        prompt.purpose.label + prompt.text, Style(.accent, bold: true), row: 0, column: 0, in: rect)
      picture.canvas.put(" ", Style(reversed: true), row: 0, column: column, in: rect)
    } else if let message {
      picture.canvas.put(message, Style(.accent, bold: true), row: 0, column: 0, in: rect)
    } else {
      let state = isPlaying ? "▶ \(prefixed(speed, "cyc/s"))" : "‖ paused"
      let keys = "←→ step  t tile  s line  space play  v view  ? help  q quit"
      let column = picture.canvas.put(
        state.padded(13), Style(bold: true), row: 0, column: 0, in: rect)
      picture.canvas.put(
        String(keys.prefix(rect.width - column)), Style(.dim), row: 0, column: column, in: rect)
    }
  }

  private func drawBody(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    let chosen = ViewCatalogue.views[view]
    if isZoomed {
      chosen.draw(scene, in: rect, on: &picture)
    } else if rect.width >= 118, rect.height >= 32, !showsFew {
      drawWide(scene, in: rect, on: &picture)
    } else if view == 0 {
      var rest = rect
      let source = rest.takeBottom(3)
      chosen.draw(scene, in: rest, on: &picture)
      SourceView().draw(scene.focused, in: source, on: &picture)
    } else {
      var rest = rect
      let strips = rest.takeBottom(runs.count + 1)
      chosen.draw(scene, in: rest, on: &picture)
      StripPanel().draw(scene, in: strips, on: &picture)
    }
  }

  /// The race above, the listing and as many views as there is room for below.
  private func drawWide(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    var rest = rect
    RaceView().draw(scene, in: rest.takeTop(max(18, rect.height * 2 / 5)), on: &picture)
    rule(in: rest.takeTop(1), on: &picture)
    let source = rest.takeLeft(rest.width >= 190 ? 62 : 44)
    SourceView().draw(scene.focused, in: source, on: &picture)
    _ = rest.takeLeft(2)
    let columns = max(1, rest.width / 66)
    let rows = max(1, rest.height / 13)
    let views = extraViews(columns * rows)
    for row in 0..<rows {
      let band = rest.takeTop(rest.height / (rows - row))
      for (column, cell) in band.columns(columns, gap: 2).enumerated() {
        let index = row * columns + column
        var cell = cell
        if row < rows - 1 { _ = cell.takeBottom(1) }
        if index < views.count { views[index].draw(scene, in: cell, on: &picture) }
      }
    }
  }

  private func rule(in rect: Rect, on picture: inout Picture) {
    picture.canvas.put(
      String(repeating: "─", count: rect.width), Style(.dim), row: 0, column: 0, in: rect)
  }

  /// The chosen view first, then the others in their order.
  private func extraViews(_ count: Int) -> [any View] {
    var names = ["ledger", "tile", "timeline", "traffic", "roofline", "heat"]
    if runs[focus].reference == nil { names.removeFirst() }
    if view > 0 { names = [ViewCatalogue.views[view].name] + names }
    var views: [any View] = []
    for name in names where !views.contains(where: { $0.name == name }) {
      if let index = ViewCatalogue.index(of: name) { views.append(ViewCatalogue.views[index]) }
    }
    return Array(views.prefix(count))
  }
}
