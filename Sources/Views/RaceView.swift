// The race: each run from the slow memory up, side by side, over one clock.

import Canvas
import Machine

public struct RaceView: View {
  public let name = "race"

  public init() {}

  public func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    var body = rect
    let strips = body.takeBottom(scene.moments.count + 1)
    let most = scene.moments.map(\.recording.totals.hbm.bytes).max() ?? 1
    let columns = body.columns(scene.moments.count, gap: 3)
    for (index, column) in columns.enumerated() {
      RunPanel(scene: scene, index: index, mostBytes: most).draw(in: column, on: &picture)
      if index > 0 {
        for row in 0..<column.height {
          picture.canvas.put("│", Style(.dim), row: row, column: column.column - 2, in: body.atZero)
        }
      }
    }
    StripPanel().draw(scene, in: strips, on: &picture)
  }
}

extension Rect {
  /// The same rows, with columns counted from the screen's left edge.
  var atZero: Rect { Rect(row: row, column: 0, height: height, width: column + width) }
}

/// One run: HBM, bus, SRAM, units, counters.
struct RunPanel {
  let scene: Scene
  let index: Int
  let mostBytes: Int

  /// Columns that the labels HBM, bus and SRAM take.
  static let indent = 5

  private var moment: Moment { scene.moments[index] }

  func draw(in rect: Rect, on picture: inout Picture) {
    var rest = rect
    drawTitle(in: rest.takeTop(1), on: &picture)
    let counters = rest.takeBottom(2)
    let statistics = rest.takeBottom(1)
    let units = rest.takeBottom(1)
    let tileLines = max(2, min(4, (rest.height - 3) / 4))
    var sram = rest.takeBottom(1 + tileLines)
    let bus = rest.takeBottom(1)
    picture.canvas.put("HBM", row: 0, column: 0, in: rest)
    _ = rest.takeLeft(RunPanel.indent)
    HbmPanel(scene: scene, index: index).draw(in: rest, on: &picture)
    BusPanel().draw(moment, in: bus, on: &picture)
    SramPanel(sm: scene.selection.sm).draw(moment, in: &sram, on: &picture)
    UnitsPanel(sm: scene.selection.sm).draw(moment, in: units, on: &picture)
    StatisticsLine(selection: scene.selection).draw(moment, in: statistics, on: &picture)
    drawCounters(in: counters, on: &picture)
  }

  private func drawTitle(in rect: Rect, on picture: inout Picture) {
    let isFocused = scene.focus == index && scene.moments.count > 1
    let style = Style(.title, bold: true, underlined: isFocused)
    let marker = isFocused ? "▸" : " "
    picture.canvas.put(marker, Style(.accent), row: 0, column: 0, in: rect)
    picture.canvas.put(moment.run.name, style, row: 0, column: 1, in: rect)
    let launches = moment.program.launches
    let launch = moment.state.launch
    let text =
      moment.isFinished
      ? "✓ done at \(grouped(moment.recording.lastCycle))"
      : "\(launches[launch].name) \(launch + 1)/\(launches.count)"
    picture.canvas.putRight(text, Style(moment.isFinished ? .accent : .plain), row: 0, in: rect)
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
