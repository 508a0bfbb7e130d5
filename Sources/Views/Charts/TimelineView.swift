// A Gantt chart: what each unit of one SM and the HBM bus did over the whole run.

import Canvas
import Machine
import Moments

/// The view `timeline`: a row per unit, with the current cycle marked.
package struct TimelineView: View {
  package let name = "timeline"

  package init() {}

  package func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    var rest = rect
    let axis = rest.takeBottom(1)
    let left = 9
    let width = max(1, rect.width - left)
    for (index, moment) in scene.moments.enumerated() {
      let part = rest.takeTop(rest.height / (scene.moments.count - index))
      draw(moment, scene, scene.title(index), left: left, width: width, in: part, on: &picture)
    }
    picture.canvas.put("0", Style(.dim), row: 0, column: left, in: axis)
    let now = "↑ \(scene.clock(scene.cycle))"
    let place = min(left + column(scene.cycle, scene, width), rect.width - now.count)
    picture.canvas.put(now, Style(.accent, bold: true), row: 0, column: place, in: axis)
    let end = scene.clock(scene.lastCycle)
    if place + now.count < rect.width - end.count {
      picture.canvas.putRight(end, Style(.dim), row: 0, in: axis)
    }
    picture.targets.append(
      Target(
        rect: Rect(
          row: rect.row, column: rect.column + left, height: rect.height, width: width),
        meaning: .time(lastCycle: scene.lastCycle)))
  }

  private func column(_ cycle: Int, _ scene: Scene, _ width: Int) -> Int {
    min(width - 1, cycle * width / (scene.lastCycle + 1))
  }

  private func draw(
    _ moment: Moment, _ scene: Scene, _ name: String, left: Int, width: Int, in rect: Rect,
    on picture: inout Picture
  ) {
    let sm = min(scene.selection.sm, moment.recording.device.smCount - 1)
    let suffix = moment.recording.device.smCount > 1 ? " · sm\(sm)" : ""
    picture.canvas.put(
      name + suffix, Style(.title, bold: true), row: 0, column: 0, in: rect)
    let rows: [(unit: Unit, isBlank: Bool)] = [
      (.hbm, false), (.copy, false), (.tensor, false), (.fp32, false), (.sfu, false),
    ]
    let now = column(scene.cycle, scene, width)
    for (row, entry) in rows.prefix(max(0, rect.height - 1)).enumerated() {
      let cells = cells(entry.unit, moment, sm, scene, width)
      picture.canvas.put(
        entry.unit.name.padded(left - 1), Style(.dim), row: row + 1, column: 0, in: rect)
      for column in 0..<width {
        let glyph = glyph(cells[column])
        var style = column <= now ? Style(cells[column].ink) : Style(.dim)
        style.isReversed = column == now
        picture.canvas.put(glyph, style, row: row + 1, column: left + column, in: rect)
      }
    }
    drawShares(moment, rows: rows.count, in: rect, on: &picture)
  }

  /// Writes the utilization of the units over the whole run, where there is room.
  private func drawShares(_ moment: Moment, rows: Int, in rect: Rect, on picture: inout Picture) {
    guard rect.height > rows + 2 else { return }
    let totals = moment.recording.totals
    let shares = [Unit.hbm, .tensor, .fp32, .sfu].map { unit in
      let count = unit.isSharedBySMs ? 1 : moment.recording.device.smCount
      let share = Double(totals.busyCycles[unit] ?? 0) / Double(max(1, totals.cycles * count))
      return "\(unit.name) \(fixed(100 * share, 0))%"
    }
    picture.canvas.put(
      "busy over the whole run: " + shares.joined(separator: "  "), Style(.dim), row: rows + 1,
      column: 0, in: rect)
  }

  /// One column of a unit's row: `busy` of its `length` cycles, and the ink of the last op.
  private struct Mark {
    var busy = 0
    var length = 1
    var ink = Ink.dim
  }

  private func glyph(_ mark: Mark) -> String {
    if mark.busy == 0 { return "_" }
    let share = Double(mark.busy) / Double(mark.length)
    return share > 0.75 ? "█" : share > 0.5 ? "▓" : share > 0.25 ? "▒" : "░"
  }

  /// Per column: the cycles in which the unit works.
  private func cells(
    _ unit: Unit, _ moment: Moment, _ sm: Int, _ scene: Scene, _ width: Int
  ) -> [Mark] {
    let total = scene.lastCycle + 1
    var marks = (0..<width).map { column in
      Mark(length: max(1, (column + 1) * total / width - column * total / width))
    }
    guard unit != .hbm else { return busCells(marks, moment, total) }
    for index in moment.recording.spansOfSM[sm] {
      let span = moment.recording.spans[index]
      guard let ink = span.place.flatMap({ ink($0, unit, moment) }) else { continue }
      for column in span.start * width / total...max(span.start, span.finish - 1) * width / total {
        let start = column * total / width
        let overlap = min(span.finish, start + marks[column].length) - max(span.start, start)
        marks[column].busy += max(0, overlap)
        marks[column].ink = ink
      }
    }
    return marks
  }

  /// The same for the HBM bus, which all SMs share.
  private func busCells(_ marks: [Mark], _ moment: Moment, _ total: Int) -> [Mark] {
    let active = moment.recording.active
    return marks.enumerated().map { column, mark in
      var mark = mark
      let start = column * total / marks.count
      let loading = active.loads.count(in: start..<start + mark.length)
      let storing = active.stores.count(in: start..<start + mark.length)
      mark.busy = loading + storing
      mark.ink = storing > loading ? .store : .load
      return mark
    }
  }

  /// The ink of an op on a unit; nil if the op does not use the unit.
  private func ink(_ place: OpPlace, _ unit: Unit, _ moment: Moment) -> Ink? {
    guard moment.recording.device.uses(unit, for: moment.cost(at: place)) else { return nil }
    switch (moment.op(at: place).operation, unit) {
    // A transfer is drawn on bus and copy unit only, not on a unit that converts the values.
    case (.load, .hbm), (.load, .copy): return .load
    case (.store, .hbm), (.store, .copy), (.add, .hbm), (.add, .copy): return .store
    case (.load, _), (.store, _), (.add, _): return nil
    default: return unit == .sfu ? .alert : .compute
    }
  }
}
