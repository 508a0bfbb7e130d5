// Recomputation: the bytes that a backward pass does not move against the FLOPs that it does again,
// and the time of both. Below, a recomputed row of P beside the stored one.

import Canvas
import Machine
import Moments

/// The view `recompute`, for runs with a backward pass.
package struct RecomputeView: View {
  package let name = "recompute"

  package init() {}

  package func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    let runs = scene.moments.compactMap { Recomputation($0, beside: scene.moments) }
    guard !runs.isEmpty else { return drawNote(in: rect, on: &picture) }
    RecomputePanel(names: runs.map(\.moment.run.shortName), hidden: scene.hidden).draw(
      runs, scene, in: rect, on: &picture)
  }

  package func applies(to scene: Scene) -> Bool {
    scene.moments.contains { Recomputation($0) != nil }
  }

  private func drawNote(in rect: Rect, on picture: inout Picture) {
    let text =
      "This view is about the backward pass, which computes P again where the standard kernel "
      + "reads it: --pass backward or --pass both runs one."
    for (row, line) in text.wrapped(rect.width).enumerated() {
      picture.canvas.put(line, Style(.dim), row: row, column: 0, in: rect)
    }
  }
}

/// The panel for runs that have a backward pass.
private struct RecomputePanel {
  /// Columns of the row labels.
  private static let left = 7
  /// Columns of the names of runs.
  private let names: Int
  private let hidden: HiddenFigures

  init(names: [String], hidden: HiddenFigures) {
    self.names = min(20, max(9, names.map(\.count).max() ?? 0))
    self.hidden = hidden
  }

  /// The text of a figure of a run's report, hidden if its name is.
  private func shown(_ text: String, _ path: String, of run: Recomputation) -> String {
    hidden.text(text, .report(path), of: run.moment.run.name)
  }

  func draw(
    _ runs: [Recomputation], _ scene: Scene, in rect: Rect, on picture: inout Picture
  ) {
    var rest = rect
    picture.canvas.put(
      "bytes not moved against FLOPs done again", Style(.title, bold: true), row: 0, column: 0,
      in: rest.takeTop(1))
    drawBytes(runs, in: &rest, on: &picture)
    let chosen =
      Recomputation(scene.focused, beside: scene.moments).flatMap { $0.savesBytes ? $0 : nil }
      ?? runs.first(where: \.savesBytes)
    if let chosen { drawSaved(chosen, scene, in: rest.takeTop(2), on: &picture) }
    drawFlops(runs, in: &rest, on: &picture)
    if let chosen {
      drawTimes(chosen, in: rest.takeTop(2), on: &picture)
      drawWeights(chosen, scene, in: rest, on: &picture)
    } else {
      picture.canvas.put(
        "This kernel reads P back, and computes nothing again.", Style(.dim), row: 0, column: 0,
        in: rest)
    }
  }

  // MARK: Bytes

  /// `1,024 of 4,096 B`, or rounded where that is too long.
  private func amount(_ moved: Int, of all: Int) -> String {
    let exact = "\(grouped(moved)) of \(grouped(all)) B"
    return exact.count < 30 ? exact : "\(bytesText(moved)) of \(bytesText(all))"
  }

  /// Draws a bar per run, on one scale: bytes moved so far, then those to come.
  private func drawBytes(_ runs: [Recomputation], in rest: inout Rect, on picture: inout Picture) {
    let isRacing = runs.contains { !$0.savesBytes }
    let most = runs.map(\.allBytes).max() ?? 1
    let whole = isRacing ? most : max(most, runs[0].standardBytes)
    var label = "bytes"
    if !isRacing {
      let bars = Bars([(0, "█", .accent), (runs[0].standardBytes, "░", .dim)], of: whole)
      draw(
        bars, label, "standard", "would move \(bytesText(runs[0].standardBytes))", .dim,
        in: rest.takeTop(1), on: &picture)
      label = ""
    }
    for run in runs {
      let bars = Bars([(run.movedBytes, "█", .accent), (run.allBytes, "░", .dim)], of: whole)
      draw(
        bars, label, run.moment.run.shortName,
        shown(amount(run.movedBytes, of: run.allBytes), "hbm.bytes", of: run), .plain,
        in: rest.takeTop(1), on: &picture)
      label = ""
    }
  }

  private func drawSaved(
    _ run: Recomputation, _ scene: Scene, in rect: Rect, on picture: inout Picture
  ) {
    let others = run.notMovedBytes - run.savedBytes
    let inAll = run.savedBytes
    // What one run does not move tells what the other one moves.
    let isTold = scene.moments.contains { moment in
      run.notMoved.contains {
        hidden.hides(.report("tensors.\($0.name).bytes"), of: moment.run.name)
      }
    }
    let text = notMoved(run, width: rect.width - Self.left)
    picture.canvas.put(
      isTold ? hidden.hiding(text) : text, Style(.accent, bold: true), row: 0,
      column: Self.left, in: rect)
    picture.canvas.put(
      "all other tensors: \(bytesText(abs(others))) \(others < 0 ? "less" : "more");"
        + " together \(bytesText(abs(inAll))) \(inAll < 0 ? "more" : "less")",
      Style(.dim), row: 1, column: Self.left, in: rect)
  }

  /// What the standard kernel moves and this one does not, in the longest form that fits in `width`
  /// columns.
  private func notMoved(_ run: Recomputation, width: Int) -> String {
    let parts = run.notMoved.map { "\($0.name) \(grouped($0.bytes))" }.joined(separator: " + ")
    let all = bytesText(run.notMovedBytes)
    let texts = [
      "never moved by \(run.moment.run.shortName): \(parts) = \(all)",
      "never moved: \(parts) = \(all)",
      "never moved: \(run.notMoved.map(\.name).joined(separator: " ")), \(all)",
    ]
    return texts.first { $0.count <= width } ?? texts[2]
  }

  // MARK: FLOPs and time

  private func drawFlops(_ runs: [Recomputation], in rest: inout Rect, on picture: inout Picture) {
    let whole = runs.map(\.allFlops.all).max() ?? 1
    for (index, run) in runs.enumerated() {
      let (now, all) = (run.flops, run.allFlops)
      let bars = Bars(
        [(now.all - now.recomputed, "█", .compute), (now.all, "▞", .alert), (all.all, "░", .dim)],
        of: whole)
      draw(
        bars, index == 0 ? "FLOPs" : "", run.moment.run.shortName,
        shown(done(now), "flops.matmul", of: run), .plain,
        in: rest.takeTop(1), on: &picture)
    }
  }

  /// FLOPs so far and how many of them are recomputed, rounded where the exact numbers are too
  /// long.
  private func done(_ flops: Flops) -> String {
    if flops.recomputed == 0 { return "\(grouped(flops.all)), none again" }
    let exact = "\(grouped(flops.all)), \(grouped(flops.recomputed)) again ▞"
    let rounded = [flops.all, flops.recomputed].map { prefixed(Double($0), "") }
    return exact.count < 30 ? exact : "\(rounded[0]), \(rounded[1]) again ▞"
  }

  /// Draws the cycles of the recomputed products and of the bytes not moved, each at full rate.
  private func drawTimes(_ run: Recomputation, in rect: Rect, on picture: inout Picture) {
    let (now, all) = (
      run.cycles(ofFlops: run.flops.recomputed), run.cycles(ofFlops: run.allFlops.recomputed)
    )
    let bus = run.cycles(ofBytes: run.notMovedBytes)
    let whole = max(all, bus)
    draw(
      Bars([(now, "▞", .alert), (all, "░", .dim)], of: whole), "time", "again ▞",
      "\(grouped(now)) of \(grouped(all)) cycles", .plain, in: rect, on: &picture)
    var second = rect
    _ = second.takeTop(1)
    draw(
      Bars([(bus, "█", .accent)], of: whole), "", "not moved",
      "\(grouped(bus)) cycles of the bus", .plain, in: second, on: &picture)
  }

  private func draw(
    _ bars: Bars, _ label: String, _ name: String, _ figures: String, _ ink: Ink, in rect: Rect,
    on picture: inout Picture
  ) {
    picture.canvas.put(label, Style(.title, bold: true), row: 0, column: 0, in: rect)
    picture.canvas.put(
      name.cut(names), Style(.dim), row: 0, column: Self.left, in: rect)
    let start = Self.left + names + 1
    let width = max(4, min(rect.width - start - 30, 60))
    bars.draw(from: start, width: width, in: rect, on: &picture)
    picture.canvas.put(figures, Style(ink), row: 0, column: start + width + 1, in: rect)
  }

  // MARK: Weights

  private func drawWeights(
    _ run: Recomputation, _ scene: Scene, in rect: Rect, on picture: inout Picture
  ) {
    var rest = rect
    // A blank row where there is room.
    if rest.height > 5 { _ = rest.takeTop(1) }
    let other = scene.moments.first { $0.storesWeightsInHBM }
    guard let row = RecomputedWeights(run.moment, beside: other, scene.selection) else {
      let text =
        run.moment.run.hasValues
        ? "The backward pass has computed no tile of P yet." : Moment.noValues
      picture.canvas.put(text, Style(.dim), row: 0, column: 0, in: rest)
      return
    }
    WeightsPanel(row: row, run: run.moment.run, other: other?.run, hidden: hidden)
      .draw(in: rest, on: &picture)
  }
}

/// A stacked bar: several amounts on one scale, each with its own glyph.
private struct Bars {
  private let parts: [(end: Int, glyph: Character, ink: Ink)]
  private let whole: Int

  /// - Parameters:
  ///   - parts: where each amount ends, ascending, with its glyph and ink.
  ///   - whole: the amount that fills the bar.
  init(_ parts: [(Int, Character, Ink)], of whole: Int) {
    self.parts = parts.map { (end: $0.0, glyph: $0.1, ink: $0.2) }
    self.whole = max(1, whole)
  }

  func draw(from start: Int, width: Int, in rect: Rect, on picture: inout Picture) {
    var column = 0
    for part in parts {
      // An amount above 0 takes at least one cell.
      let full = cells(Double(part.end) / Double(whole), of: width)
      let end = min(width, max(full, part.end > 0 && column == 0 ? 1 : 0))
      guard end > column else { continue }
      picture.canvas.put(
        String(repeating: part.glyph, count: end - column), Style(part.ink), row: 0,
        column: start + column, in: rect)
      column = end
    }
  }
}
