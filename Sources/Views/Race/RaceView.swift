// The race: the runs side by side on one clock, each with HBM at the top and the units at the
// bottom.

import Canvas
import Machine
import Moments

/// The view `race`: a panel per run, above the strips of time.
package struct RaceView: View {
  package let name = "race"

  package init() {}

  package func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    let rows = RaceRows(scene, height: rect.height)
    var body = rect
    let strips = body.takeBottom(rows.strips + 1)
    let most = scene.moments.map(\.recording.totals.hbm.bytes).max() ?? 1
    scene.drawColumns(in: body, on: &picture) { index, column, picture in
      RunPanel(scene: scene, index: index, mostBytes: most, rows: rows)
        .draw(in: column, on: &picture)
    }
    StripPanel(showsRuns: rows.strips > 0).draw(scene, in: strips, on: &picture)
  }
}

/// One run: HBM, bus, SRAM, units and byte counters.
struct RunPanel {
  let scene: Scene
  let index: Int
  /// Bytes at which the counter's bar is full: those of the run that moves most.
  let mostBytes: Int
  let rows: RaceRows

  /// Columns of the labels HBM, bus and SRAM.
  static let indent = 5

  private var moment: Moment { scene.moments[index] }

  func draw(in rect: Rect, on picture: inout Picture) {
    var rest = rect
    RunTitle(scene: scene, index: index).draw(in: rest.takeTop(1), on: &picture)
    let counters = rest.takeBottom(rows.counters)
    let statistics = rest.takeBottom(rows.statistics)
    var units = rest.takeBottom(rows.units)
    var sram = rest.takeBottom(1 + rows.tileLines(in: rest.height))
    var bus = rest.takeBottom(1)
    point(at: .sram, in: &sram, on: &picture)
    point(at: .bus, in: &bus, on: &picture)
    point(at: .units, in: &units, on: &picture)
    var label = rest
    point(at: .hbm, in: &label, on: &picture)
    picture.canvas.put("HBM", labelStyle(.hbm), row: 0, column: 0, in: label)
    let margin = rest.takeLeft(RunPanel.indent)
    HbmPanel(scene: scene, index: index).draw(in: rest, margin: margin, on: &picture)
    BusPanel().draw(moment, in: bus, on: &picture)
    SramPanel(scene: scene, index: index).draw(in: &sram, on: &picture)
    UnitsPanel(sm: scene.selection.sm).draw(moment, in: units, on: &picture)
    StatisticsLine(selection: scene.selection).draw(moment, in: statistics, on: &picture)
    drawCounters(in: counters, on: &picture)
  }

  private func isPointed(_ panel: Panel) -> Bool {
    scene.spotlight == panel && scene.focus == index
  }

  private func labelStyle(_ panel: Panel) -> Style {
    isPointed(panel) ? Style(.accent, bold: true, underlined: true) : Style()
  }

  /// Draws an arrow before the panel that a lesson points at.
  private func point(at panel: Panel, in rect: inout Rect, on picture: inout Picture) {
    guard isPointed(panel) else { return }
    picture.canvas.put(
      "▸", Style(.accent, bold: true, reversed: true), row: 0, column: 0, in: rect.takeLeft(1))
  }

  private func drawCounters(in rect: Rect, on picture: inout Picture) {
    let moved = moment.state.transfers.reduce(Transfers(), +)
    let column = picture.canvas.put(
      "» read \(bytesText(moved.readBytes))", Style(.load), row: 0, column: 0, in: rect)
    picture.canvas.put(
      "« wrote \(bytesText(moved.writeBytes))", Style(.store), row: 0, column: column + 2, in: rect)
    let width = max(0, rect.width - 12)
    let fraction = Double(moved.bytes) / Double(max(1, mostBytes))
    picture.canvas.put(bar(fraction, width: width), Style(.accent), row: 1, column: 0, in: rect)
    picture.canvas.putRight(bytesText(moved.bytes), Style(bold: true), row: 1, in: rect)
  }
}
