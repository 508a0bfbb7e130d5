// How many SMs have a block, over time. Full waves are a plateau; where the last wave does not fill
// the chip, the plateau ends in a tail.

import Canvas
import Machine
import Moments

/// A small area chart per run: the share of SMs that have a block.
struct BusySMStrip {
  let scene: Scene
  let rowsPerRun: Int

  private static let eighths: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  func draw(in rect: Rect, on picture: inout Picture) {
    let names = scene.moments.map(\.run.shortName)
    let left = min(12, names.map(\.count).max() ?? 0) + 1
    let width = max(1, rect.width - left)
    for (index, moment) in scene.moments.enumerated() {
      let top = index * rowsPerRun
      picture.canvas.put(
        names[index].padded(left - 1), Style(.dim), row: top + rowsPerRun - 1, column: 0, in: rect)
      draw(moment, top: top, left: left, width: width, in: rect, on: &picture)
    }
    picture.targets.append(
      Target(
        rect: Rect(
          row: rect.row, column: rect.column + left, height: rect.height, width: width),
        meaning: .time(lastCycle: scene.lastCycle)))
  }

  private func draw(
    _ moment: Moment, top: Int, left: Int, width: Int, in rect: Rect, on picture: inout Picture
  ) {
    let total = scene.lastCycle + 1
    let now = min(width - 1, scene.cycle * width / total)
    let times = moment.recording.times
    var before = CycleBreakdown()
    for column in 0..<width {
      let after = times.breakdown(until: (column + 1) * total / width)
      let breakdown = after - before
      before = after
      guard breakdown.all > 0 || column == now else { continue }
      let share = Double(breakdown.busy) / Double(max(1, breakdown.all))
      for row in 0..<rowsPerRun {
        let glyph = glyph(share, row: rowsPerRun - 1 - row, isOver: breakdown.all == 0)
        var style = column <= now ? Style(.resident) : Style(.dim)
        style.isReversed = column == now
        picture.canvas.put(
          String(glyph), style, row: top + row, column: left + column, in: rect)
      }
    }
  }

  /// The glyph of one row of a column that is `share` full; row 0 is the lowest.
  private func glyph(_ share: Double, row: Int, isOver: Bool) -> Character {
    let full = rowsPerRun * 8
    let height = min(Int((share * Double(full)).rounded(.up)), share < 1 ? full - 1 : full)
    let here = min(8, max(0, height - row * 8))
    return row == 0 && here == 0 && !isOver ? "_" : Self.eighths[here]
  }
}
