// The cycle breakdown of every launch up to this cycle, as a stacked bar and as shares in percent.
// Every cycle of every SM is in exactly one part of a bar.

import Canvas
import Machine
import Moments

/// The view `cycles`: a bar per launch, and a table of shares per run.
package struct CyclesView: View {
  package let name = "cycles"

  package init() {}

  package func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    var rest = rect
    let shares = rest.takeBottom(CycleKind.allCases.count + 2)
    let bars = LaunchBars(scene)
    bars.draw(in: rest, on: &picture)
    drawShares(scene, in: shares, on: &picture)
  }

  /// Draws the table: one row per kind of cycle, one column per run.
  private func drawShares(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    let label = 28
    let width = min(24, max(12, (rect.width - label) / scene.moments.count))
    for (row, kind) in CycleKind.allCases.enumerated() {
      picture.canvas.put(
        String(kind.glyph), Style(kind.ink, bold: true), row: row + 1, column: 0, in: rect)
      picture.canvas.put(kind.longWords, row: row + 1, column: 2, in: rect)
    }
    picture.canvas.put("all", Style(.dim), row: rect.height - 1, column: 2, in: rect)
    for (index, moment) in scene.moments.enumerated() {
      let breakdown = moment.recording.times.breakdown(until: moment.cycle)
      let column = label + index * width
      picture.canvas.put(
        moment.run.shortName.padded(width - 2, right: true),
        Style(.title, bold: index == scene.focus), row: 0, column: column, in: rect)
      for (row, kind) in CycleKind.allCases.enumerated() {
        let share = breakdown.all == 0 ? 0 : 100 * Double(breakdown[kind]) / Double(breakdown.all)
        let style = Style(breakdown[kind] == 0 ? .dim : .plain)
        picture.canvas.put(
          "\(fixed(share, 1)) %".padded(width - 2, right: true), style, row: row + 1,
          column: column, in: rect)
      }
      let all =
        "\(moment.recording.device.smCount) × \(scene.clock(min(moment.cycle, moment.recording.lastCycle)))"
      picture.canvas.put(
        all.padded(width - 2, right: true), Style(.dim), row: rect.height - 1, column: column,
        in: rect)
    }
  }
}

/// One bar per launch, on one scale for all runs. Where there are more launches than rows, those
/// around the current launch are shown.
struct LaunchBars {
  private struct Bar {
    var name: String
    var breakdown: CycleBreakdown
    /// Cycles of the launch up to now.
    var cycles: Int
  }

  private struct Run {
    var name: String
    var bars: [Bar]
    /// Index of the current launch.
    var launch: Int

    /// The launches that are drawn in `height` rows, one of which is the run's title.
    func shown(height: Int) -> Range<Int> {
      let count = min(bars.count, max(0, height - 1))
      let first = min(max(0, launch - count / 2), bars.count - count)
      return first..<first + count
    }
  }

  private let runs: [Run]
  private let longest: Int
  private let hidden: HiddenFigures

  init(_ scene: Scene) {
    hidden = scene.hidden
    runs = scene.moments.map { moment in
      Run(name: moment.run.name, bars: Self.bars(moment), launch: moment.state.launch)
    }
    longest = max(
      1, scene.moments.flatMap(\.recording.totals.launchExtents).map(\.count).max() ?? 1)
  }

  private static func bars(_ moment: Moment) -> [Bar] {
    let recording = moment.recording
    return recording.totals.launchExtents.enumerated().map { index, extent in
      let now = min(max(moment.cycle, extent.lowerBound), extent.upperBound)
      let breakdown =
        recording.times.breakdown(until: now) - recording.times.breakdown(until: extent.lowerBound)
      return Bar(
        name: moment.program.launches[index].name, breakdown: breakdown,
        cycles: now - extent.lowerBound)
    }
  }

  func draw(in rect: Rect, on picture: inout Picture) {
    var rest = rect
    for (index, run) in runs.enumerated() {
      let later = runs.dropFirst(index + 1).map { $0.bars.count + 1 }
      let share = max(rest.height / (later.count + 1), rest.height - later.reduce(0, +))
      draw(run, in: rest.takeTop(min(share, run.bars.count + 1)), on: &picture)
    }
  }

  private func draw(_ run: Run, in rect: Rect, on picture: inout Picture) {
    let shown = run.shown(height: rect.height)
    picture.canvas.put(run.name, Style(.title, bold: true), row: 0, column: 0, in: rect)
    if shown.count < run.bars.count {
      let text = "launches \(shown.lowerBound + 1)–\(shown.upperBound) of \(run.bars.count)"
      picture.canvas.putRight(text, Style(.dim), row: 0, in: rect)
    }
    let label = min(14, runs.flatMap(\.bars).map(\.name.count).max() ?? 0) + 1
    let figures = 11
    for (row, bar) in run.bars[shown].enumerated() {
      let line = rect.row(row + 1)
      picture.canvas.put(bar.name.cut(label - 1), Style(.dim), row: 0, column: 0, in: line)
      let width = max(1, rect.width - label - figures)
      draw(bar, column: label, width: width, in: line, on: &picture)
      let text =
        bar.cycles == 0
        ? "not yet"
        : hidden.text(
          prefixed(Double(bar.cycles), "cyc"), .report("launches.\(bar.name).cycles"), of: run.name)
      picture.canvas.putRight(text, Style(.dim), row: 0, in: line)
    }
  }

  private func draw(
    _ bar: Bar, column: Int, width: Int, in rect: Rect, on picture: inout Picture
  ) {
    let share = Double(bar.cycles) / Double(longest) * Double(width)
    let cells = min(Int(share.rounded(.up)), bar.cycles < longest ? max(1, width - 1) : width)
    var (sum, position) = (0, 0)
    for kind in CycleKind.allCases where bar.breakdown.all > 0 {
      sum += bar.breakdown[kind]
      let end = Int((Double(sum) / Double(bar.breakdown.all) * Double(cells)).rounded())
      let style = Style(kind.ink, bold: kind.isWork)
      for cell in position..<max(position, end) {
        picture.canvas.put(
          String(kind.glyph), style, row: 0, column: column + cell, in: rect)
      }
      position = max(position, end)
    }
  }
}
