// One row of time per run, on one scale: where the bus moved data, where units computed, where both
// did, and where everything waited. Below them the clock.

import Canvas
import Machine

/// The strips of all runs, and the clock.
package struct StripPanel {
  /// False for the clock alone.
  private let showsRuns: Bool

  package init(showsRuns: Bool = true) { self.showsRuns = showsRuns }

  /// Draws a row per run, then legend and clock.
  package func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    guard showsRuns else {
      drawClock(scene, row: 0, in: rect, on: &picture)
      return
    }
    let names = scene.moments.map(\.run.shortName)
    let left = min(12, names.map(\.count).max() ?? 0) + 1
    let width = max(1, rect.width - left)
    let now = column(of: scene.cycle, scene, width)
    for (index, moment) in scene.moments.enumerated() {
      picture.canvas.put(
        names[index].padded(left - 1), Style(.dim), row: index, column: 0, in: rect)
      for (column, busy) in Busyness(moment.recording, lastCycle: scene.lastCycle, width: width)
        .columns.enumerated()
      {
        // What will happen is not told.
        guard column <= now else { continue }
        var style = Style(busy.ink)
        style.isReversed = column == now
        picture.canvas.put(
          String(busy.glyph), style, row: index, column: left + column, in: rect)
      }
    }
    let row = scene.moments.count
    picture.canvas.put(
      "» bus   ▲ units   ▣ both   _ idle", Style(.dim), row: row, column: left, in: rect)
    drawClock(scene, row: row, in: rect, on: &picture)
    picture.targets.append(
      Target(
        rect: Rect(
          row: rect.row, column: rect.column + left, height: scene.moments.count, width: width),
        meaning: .time(lastCycle: scene.lastCycle)))
  }

  private func drawClock(_ scene: Scene, row: Int, in rect: Rect, on picture: inout Picture) {
    picture.canvas.putRight(Self.clock(scene), Style(bold: true), row: row, in: rect)
  }

  /// The clock: `cycle 5,010 of 11,769`.
  static func clock(_ scene: Scene) -> String {
    let end = scene.hidesFuture ? "" : " of \(scene.clock(scene.lastCycle))"
    return "cycle \(scene.clock(scene.cycle))\(end)"
  }

  private func column(of cycle: Int, _ scene: Scene, _ width: Int) -> Int {
    scene.lastCycle == 0 ? 0 : min(width - 1, cycle * width / (scene.lastCycle + 1))
  }
}

/// What a run does in each of `width` equal intervals of time.
struct Busyness {
  /// One interval; `isOver` after the end of the run.
  struct Column {
    var moves = false
    var computes = false
    var isOver = true

    var glyph: Character {
      if isOver { return " " }
      return moves ? (computes ? "▣" : "»") : (computes ? "▲" : "_")
    }

    var ink: Ink {
      moves ? (computes ? .resident : .load) : (computes ? .compute : .dim)
    }
  }

  private(set) var columns: [Column]

  init(_ recording: Recording, lastCycle: Int, width: Int) {
    columns = Array(repeating: Column(), count: width)
    let scale = { (cycle: Int) in min(width - 1, cycle * width / (lastCycle + 1)) }
    for column in 0...scale(recording.lastCycle) { columns[column].isOver = false }
    for range in recording.active.transfers.ranges {
      for column in scale(range.lowerBound)...scale(range.upperBound - 1) {
        columns[column].moves = true
      }
    }
    for range in recording.active.computing.ranges {
      for column in scale(range.lowerBound)...scale(range.upperBound - 1) {
        columns[column].computes = true
      }
    }
  }
}
