// How long each launch took, on one scale for all runs, and how many bytes it moved. A lesson may
// bring tables of runs that were timed and not recorded.

import Canvas
import Machine
import Moments

extension Scene {
  /// The tables of the lesson if it has any; else one per run on the screen, for the whole run.
  var launchTables: [LaunchTable] {
    guard tables.isEmpty else { return tables }
    return moments.map { LaunchTable($0.run.name, $0.recording.totals, on: $0.recording.device) }
  }
}

/// The view `launches`: a table per run, with a bar and figures per launch.
package struct LaunchesView: View {
  package let name = "launches"
  private static let name = 12
  private static let figures = 31

  package init() {}

  /// Rows that the view needs to show every launch.
  package static func rows(_ scene: Scene) -> Int {
    scene.launchTables.reduce(1) { $0 + $1.height }
  }

  package func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    var rest = rect
    let tables = scene.launchTables
    let longest = tables.flatMap(\.rows).map(\.seconds).max() ?? 0
    drawHead(in: rest.takeTop(1), on: &picture)
    for (index, table) in tables.enumerated() {
      let later = tables.dropFirst(index + 1).reduce(0) { $0 + min($1.height, 3) }
      let part = rest.takeTop(min(table.height, max(2, rest.height - later)))
      draw(
        table, longest, TimeScale([longest] + tables.map(\.seconds)), scene.hidden, in: part,
        on: &picture)
    }
  }

  private func drawHead(in rect: Rect, on picture: inout Picture) {
    picture.canvas.put("whole launches", Style(.dim), row: 0, column: 0, in: rect)
    picture.canvas.putRight(
      Self.line("time", "HBM", "blocks"), Style(.dim), row: 0, in: rect)
  }

  private func draw(
    _ table: LaunchTable, _ longest: Double, _ scale: TimeScale, _ hidden: HiddenFigures,
    in rect: Rect, on picture: inout Picture
  ) {
    func shown(_ text: String, _ path: String) -> String {
      hidden.text(text, .report(path), of: table.run)
    }
    picture.canvas.put(table.title, Style(.title, bold: true), row: 0, column: 0, in: rect)
    picture.canvas.putRight(
      Self.line(
        shown(scale.text(table.seconds), "seconds"),
        shown(bytesText(table.hbmBytes), "hbm.bytes"), ""), Style(.accent), row: 0, in: rect)
    let room = rect.height - 1
    let count = table.rows.count > room ? max(0, room - 1) : table.rows.count
    for (row, launch) in table.rows.prefix(count).enumerated() {
      draw(launch, longest, row: row + 1, in: rect, on: &picture)
      let name = "launches.\(launch.name)."
      picture.canvas.putRight(
        Self.line(
          shown(scale.text(launch.seconds), name + "seconds"),
          shown(bytesText(launch.hbmBytes), name + "hbmBytes"),
          shown(grouped(launch.blocks), name + "blocks")), row: row + 1, in: rect)
    }
    if count < table.rows.count {
      picture.canvas.put(
        "and \(table.rows.count - count) more", Style(.dim), row: count + 1, column: 0, in: rect)
    }
  }

  private func draw(
    _ launch: LaunchTable.Row, _ longest: Double, row: Int, in rect: Rect,
    on picture: inout Picture
  ) {
    picture.canvas.put(launch.name.cut(Self.name - 1), row: row, column: 0, in: rect)
    let width = max(0, rect.width - Self.name - Self.figures - 1)
    picture.canvas.put(
      String(repeating: "█", count: max(1, cells(launch.seconds / longest, of: width))),
      Style(.accent), row: row,
      column: Self.name, in: rect)
  }

  private static func line(_ time: String, _ bytes: String, _ blocks: String) -> String {
    time.padded(11, right: true) + bytes.padded(11, right: true) + blocks.padded(9, right: true)
  }
}
