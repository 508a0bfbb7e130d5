// The body of a frame, between header and footer: which views are drawn, and where, for the space
// there is.

import Canvas
import Library
import Views

/// The selected view and the panels beside it.
struct Body {
  let scene: Scene
  /// Index in `ViewCatalogue.views`.
  let view: Int
  let isZoomed: Bool
  /// True for one view at a time, however large the screen.
  let showsOneView: Bool
  /// Names of views that would give an open answer away.
  var hiddenViews: Set<String> = []
  /// Rows from which on several views are shown at once, on a screen of at least 118 columns.
  var wideHeight = 32

  func draw(in rect: Rect, on picture: inout Picture) {
    let chosen = ViewCatalogue.views[view]
    if isZoomed || chosen.standsAlone || !scene.tables.isEmpty {
      draw(chosen, in: rect, on: &picture)
    } else if rect.width >= 118, rect.height >= wideHeight, !showsOneView {
      drawWide(in: rect, on: &picture)
    } else if view == 0 {
      var rest = rect
      let spare = rect.height - RaceRows.comfortable(scene)
      let source = rest.takeBottom(min(3, max(0, spare)))
      draw(chosen, in: rest, on: &picture)
      SourceView(scene.selection, namesRun: scene.moments.count > 1).draw(
        scene.focused, in: source, on: &picture)
    } else {
      var rest = rect
      let strips = rest.takeBottom(
        rect.height < 16 || !scene.tables.isEmpty ? 0 : scene.moments.count + 1)
      draw(chosen, in: rest, on: &picture)
      if strips.height > 0 { StripPanel().draw(scene, in: strips, on: &picture) }
    }
  }

  private func draw(_ view: any View, in rect: Rect, on picture: inout Picture) {
    guard hiddenViews.contains(view.name) else {
      view.draw(scene, in: rect, on: &picture)
      return
    }
    let end = scene.hidesFuture ? "the race is over" : "the question is answered"
    let text = "▚ \(view.name): hidden until \(end) ▚"
    picture.canvas.put(
      text, Style(.dim), row: rect.height / 2, column: max(0, (rect.width - text.count) / 2),
      in: rect)
  }

  /// Draws the race above, and below it the listing and as many views as fit.
  private func drawWide(in rect: Rect, on picture: inout Picture) {
    var rest = rect
    let race = ViewCatalogue.views[0]
    draw(race, in: rest.takeTop(max(22, rect.height * 3 / 5)), on: &picture)
    rule(in: rest.takeTop(1), on: &picture)
    let source = rest.takeLeft(rest.width >= 190 ? 62 : 44)
    SourceView(scene.selection).draw(scene.focused, in: source, on: &picture)
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
        if index < views.count { draw(views[index], in: cell, on: &picture) }
      }
    }
  }

  private func rule(in rect: Rect, on picture: inout Picture) {
    picture.canvas.put(
      String(repeating: "─", count: rect.width), Style(.dim), row: 0, column: 0, in: rect)
  }

  /// The selected view, then others in order of preference, at most `count`.
  private func extraViews(_ count: Int) -> [any View] {
    var names = ["ledger", "tile", "timeline", "traffic", "cycles", "roofline", "heat"]
    names.insert("recompute", at: scene.focused.isBackward ? 0 : 1)
    names.removeAll { hiddenViews.contains($0) || !applies($0) }
    if view > 0 { names = [ViewCatalogue.views[view].name] + names }
    var views: [any View] = []
    for name in names where !views.contains(where: { $0.name == name }) {
      if let index = ViewCatalogue.index(of: name) { views.append(ViewCatalogue.views[index]) }
    }
    return Array(views.prefix(count))
  }

  private func applies(_ name: String) -> Bool {
    ViewCatalogue.index(of: name).map { ViewCatalogue.views[$0].applies(to: scene) } ?? false
  }
}
