// The race: the runs side by side on one clock, each with the slow memory at the top, the bus below it,
// and the chip at the bottom.

import Canvas
import Machine
import Moments

/// The view `race`: a panel per run, above the clock.
package struct RaceView: View {
  package let name = "race"

  package init() {}

  package func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    let figures = scene.moments.map { Figure($0.run) }
    let rows = RaceRows(scene, figures, height: rect.height)
    var body = rect
    let strips = body.takeBottom(rows.strips + 1)
    let legend = rows.hasLegend ? body.takeBottom(1) : Rect(row: 0, column: 0, height: 0, width: 0)
    // One scale for all runs and all cycles. It does not tell who will move most.
    let most = scene.moments.map(\.recording.totals.hbm.bytes).max() ?? 1
    let width = body.columns(scene.moments.count, gap: 3).map(\.width).min() ?? body.width
    let layout = FigureLayout(figures, width: width, height: rows.figure)
    scene.drawColumns(in: body, on: &picture) { index, column, picture in
      RunPanel(
        scene: scene, index: index, mostBytes: most, rows: rows, figure: figures[index],
        layout: layout
      ).draw(in: column, on: &picture)
    }
    if rows.strips == 0 {
      Legend.draw(row: 0, in: strips.without(StripPanel.clock(scene).count + 1), on: &picture)
    } else if rows.hasLegend {
      Legend.draw(row: 0, in: legend, on: &picture)
    }
    StripPanel(showsRuns: rows.strips > 0).draw(scene, in: strips, on: &picture)
  }
}

extension Rect {
  /// The rectangle without some columns at its right end.
  fileprivate func without(_ columns: Int) -> Rect {
    Rect(row: row, column: column, height: height, width: width - columns)
  }
}

extension Moment {
  private var matrices: [Int] {
    program.tensors.indices.filter { program.tensors[$0].pairsQueriesWithKeys }
  }

  /// Bytes that have been moved for matrices of queries against keys, and their names.
  fileprivate var matrixBytes: Int { matrices.reduce(0) { $0 + state.transfers[$1].bytes } }
  fileprivate var matrixNames: [String] { matrices.map { program.tensors[$0].name } }

  /// Bytes that have been read and written.
  fileprivate var moved: Transfers { state.transfers.reduce(Transfers(), +) }
}

/// One run: HBM, bus, chip, units, the softmax of the followed row, and byte counters.
struct RunPanel {
  let scene: Scene
  let index: Int
  /// Bytes at which the counter's bar is full: those of the run that moves most.
  let mostBytes: Int
  let rows: RaceRows
  let figure: Figure
  let layout: FigureLayout

  private var moment: Moment { scene.moments[index] }

  func draw(in rect: Rect, on picture: inout Picture) {
    var rest = rect
    RunTitle(scene: scene, index: index).draw(in: rest.takeTop(1), on: &picture)
    let counters = rest.takeBottom(rows.counters)
    let softmax = rest.takeBottom(rows.softmax)
    var units = rest.takeBottom(rows.units)
    var chip = rest.takeBottom(1 + rows.tiles)
    var bus = rest.takeBottom(1)
    let hbm = rest
    picture.canvas.put("HBM", Style(bold: true), row: 0, column: 0, in: hbm)
    FigurePanel(scene: scene, index: index, figure: figure, layout: layout)
      .draw(in: hbm, on: &picture)
    point(at: .hbm, in: hbm, on: &picture)
    point(at: .sram, in: &chip, on: &picture)
    point(at: .bus, in: &bus, on: &picture)
    point(at: .units, in: &units, on: &picture)
    BusPanel(scene: scene, index: index).draw(in: bus, on: &picture)
    SramPanel(scene: scene, index: index).draw(in: chip, on: &picture)
    UnitsPanel(
      sm: scene.selection.sm,
      countsRescales: scene.moments.contains { $0.run.plan.kernel.keepsMaxima }
    ).draw(moment, in: units, on: &picture)
    SoftmaxStage(scene: scene, index: index).draw(in: softmax, on: &picture)
    drawCounters(in: counters, on: &picture)
  }

  private func isPointed(_ panel: Panel) -> Bool {
    scene.spotlight == panel && scene.focus == index
  }

  /// Marks the panel that a lesson points at by its name.
  private func point(at panel: Panel, in rect: Rect, on picture: inout Picture) {
    guard isPointed(panel) else { return }
    picture.canvas.restyle(
      row: 0, columns: 0..<3, in: rect, Style(.accent, bold: true, reversed: true))
  }

  /// Draws an arrow before the panel that a lesson points at.
  private func point(at panel: Panel, in rect: inout Rect, on picture: inout Picture) {
    guard isPointed(panel) else { return }
    picture.canvas.put(
      "▸", Style(.accent, bold: true, reversed: true), row: 0, column: 0, in: rect.takeLeft(1))
  }

  private func drawCounters(in rect: Rect, on picture: inout Picture) {
    let moved = moment.moved
    let read = scene.figure(bytesText(moved.readBytes), "hbm.readBytes", of: index)
    let wrote = scene.figure(bytesText(moved.writeBytes), "hbm.writeBytes", of: index)
    let all = scene.figure(bytesText(moved.bytes), "hbm.bytes", of: index)
    let column = picture.canvas.put(
      "» read \(read)", Style(.load), row: 0, column: 0, in: rect)
    picture.canvas.put(
      "« wrote \(wrote)", Style(.store), row: 0, column: column + 2, in: rect)
    let width = max(0, rect.width - 12)
    let fraction = Double(moved.bytes) / Double(max(1, mostBytes))
    for row in 1..<max(2, rect.height) {
      picture.canvas.put(
        bar(fraction, width: width), Style(.accent), row: row, column: 0, in: rect)
      drawMatrices(width: width, row: row, in: rect, on: &picture)
    }
    picture.canvas.putRight(all, Style(bold: true), row: 1, in: rect)
  }

  /// Draws the part of the bytes that went to matrices of queries against keys, such as S and P.
  private func drawMatrices(width: Int, row: Int, in rect: Rect, on picture: inout Picture) {
    let part = cells(Double(moment.matrixBytes) / Double(max(1, mostBytes)), of: width)
    guard part > 0 else { return }
    let names = moment.matrixNames.joined(separator: " ")
    // The name stands in the part, so that it is not told by its colour alone.
    let text =
      part >= names.count + 2
      ? " \(row == 1 ? names : "")".padded(part) : String(repeating: "▓", count: part)
    let style = Style(.store, bold: true, reversed: part >= names.count + 2)
    picture.canvas.put(text, style, row: row, column: 0, in: rect)
  }
}
