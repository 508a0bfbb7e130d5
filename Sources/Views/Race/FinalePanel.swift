// The end of a race: what both runs took, side by side, how far their results are apart, and what to try
// next.

import Canvas
import Kernels
import Machine
import Moments

/// The finale of two runs that have ended.
package struct FinalePanel {
  let scene: Scene
  /// A figure of both runs, and how it is written.
  private struct Compared: Sendable {
    var label: String
    var path: String
    var value: @Sendable (CompletedRun) -> Int
    var text: @Sendable (Int) -> String
  }

  private static let figures = [
    Compared(
      label: "cycles", path: "cycles", value: { $0.recording.totals.cycles },
      text: { grouped($0) }),
    Compared(
      label: "bytes over the bus", path: "hbm.bytes", value: { $0.recording.totals.hbm.bytes },
      text: { bytesText($0) }),
    Compared(
      label: "held in slow memory", path: "memory.peakBytes",
      value: { $0.plan.peakMemoryBytes }, text: { bytesText($0) }),
  ]

  /// What the viewer has bet, and whether it was right, a line each.
  private let bets: [(text: String, isRight: Bool)]

  package init(_ scene: Scene, bets: [(text: String, isRight: Bool)] = []) {
    self.scene = scene
    self.bets = bets
  }

  /// Draws the whole body.
  package func draw(in rect: Rect, on picture: inout Picture) {
    guard scene.moments.count == 2 else { return }
    var rest = rect
    let spare = max(0, rect.height - 17 - bets.count)
    _ = rest.takeTop(min(3, spare / 3))
    put(headline, Style(.accent, bold: true), in: rest.takeTop(1), on: &picture)
    put(reason, Style(), in: rest.takeTop(2), on: &picture)
    for figure in Self.figures { draw(figure, in: rest.takeTop(3), on: &picture) }
    drawDifference(in: rest.takeTop(min(5, max(2, rest.height - bets.count - 3))), on: &picture)
    for bet in bets {
      put(
        "\(bet.isRight ? "✓" : "✗") \(bet.text)",
        Style(bet.isRight ? .compute : .alert, bold: true),
        in: rest.takeTop(1), on: &picture)
    }
    _ = rest.takeTop(rest.height > 2 ? 1 : 0)
    put(
      "Next: Home from the start · r a row shrinks · x what if · v other views",
      Style(.dim), in: rest.takeTop(1), on: &picture)
  }

  private func put(_ text: String, _ style: Style, in rect: Rect, on picture: inout Picture) {
    picture.canvas.put(
      text, style, row: 0, column: max(0, (rect.width - text.count) / 2), in: rect)
  }

  private var names: [String] { scene.moments.map(\.run.name) }

  private func ratio(_ figure: (CompletedRun) -> Int) -> Double {
    let values = scene.moments.map { Double(figure($0.run)) }
    return values[0] / max(1, values[1])
  }

  /// Who was first, and by how much.
  private var headline: String {
    let speed = ratio { $0.recording.totals.cycles }
    if speed == 1 { return "Both are done after the same number of cycles." }
    let (winner, times) = speed > 1 ? (names[1], speed) : (names[0], 1 / speed)
    return "\(winner) is \(ratioText(fixed(times, 2), "cycles")) times as fast."
  }

  /// The text of a ratio of both runs' figures, hidden where it tells one of them.
  private func ratioText(_ text: String, _ path: String) -> String {
    scene.figure(
      scene.figure(scene.figure(text, .ratio(path), of: 0), path, of: 0), path, of: 1)
  }

  /// What the matrices of queries against keys have cost each.
  private var reason: String {
    let matrices = scene.moments.map { moment in
      zip(moment.program.tensors, moment.recording.totals.tensors)
        .filter { $0.0.pairsQueriesWithKeys && $0.1.bytes > 0 }
    }
    let bytes = matrices.map { $0.reduce(0) { $0 + $1.1.bytes } }
    let names = matrices.joined().map(\.0.name)
    let once = names.indices.filter { names.firstIndex(of: names[$0]) == $0 }.map { names[$0] }
    guard !once.isEmpty else { return "" }
    let shown = bytes.indices.map { run in
      once.reduce(bytesText(bytes[run])) { scene.figure($0, "tensors.\($1).bytes", of: run) }
    }
    return
      "Bytes of \(once.joined(separator: ", ")) on the bus: \(shown[0]) left, \(shown[1]) right."
  }

  /// Draws a figure of both runs as bars on one scale, and their ratio.
  private func draw(_ figure: Compared, in rect: Rect, on picture: inout Picture) {
    let values = scene.moments.map { figure.value($0.run) }
    let most = max(1, values.max() ?? 1)
    let left = names.map(\.count).max() ?? 0
    let width = max(8, min(60, rect.width - left - 22))
    let column = max(0, (rect.width - left - width - 18) / 2)
    let quotient = ratio(figure.value)
    let words =
      quotient >= 1 ? "\(fixed(quotient, 2)) to 1" : "1 to \(fixed(1 / max(quotient, 1e-9), 2))"
    picture.canvas.put(
      "\(figure.label), \(ratioText(words, figure.path))", Style(bold: true), row: 0,
      column: column, in: rect)
    for (row, value) in values.enumerated() {
      picture.canvas.put(names[row], Style(.dim), row: row + 1, column: column, in: rect)
      picture.canvas.put(
        bar(Double(value) / Double(most), width: width), Style(row == 0 ? .store : .load),
        row: row + 1, column: column + left + 1, in: rect)
      picture.canvas.put(
        scene.figure(figure.text(value), figure.path, of: row).padded(16, right: true),
        Style(bold: true), row: row + 1,
        column: column + left + 1 + width, in: rect)
    }
  }

  /// Draws the outputs of both runs and their difference.
  private func drawDifference(in rect: Rect, on picture: inout Picture) {
    guard let difference = OutputDifference(scene.moments[0].run, scene.moments[1].run) else {
      put(
        "Nothing to compare: a run without values, or results of different shapes.", Style(.dim),
        in: rect, on: &picture)
      return
    }
    let name = difference.names[0]
    let text =
      "largest difference of the two results: \(short(difference.largest))"
      + (difference.isRounding ? ", equal up to rounding" : ", NOT equal")
    put(
      text, Style(difference.isRounding ? .compute : .alert, bold: true), in: rect, on: &picture)
    let height = rect.height - 2
    guard height > 0, let tiles = outputs(name) else { return }
    let width = max(4, min(24, (rect.width - 3 * 14) / 3))
    let labels = ["\(name) left", "\(name) right", "left − right"]
    let start = max(0, (rect.width - 3 * width - 3 * 14) / 2)
    for (index, tile) in (tiles + [tiles[0].difference(from: tiles[1])]).enumerated() {
      let column = start + index * (width + 14)
      picture.canvas.put(labels[index], Style(.dim), row: 1, column: column, in: rect)
      TilePicture(
        values: tile, ramp: .signed, largest: scene.moments[0].run.facts.largest[name] ?? 1
      ).draw(
        in: Rect(
          row: rect.row + 1, column: rect.column + column + 13, height: height, width: width),
        on: &picture)
    }
  }

  /// The first plane of an output of both runs.
  private func outputs(_ name: String) -> [TileValues]? {
    let tiles = scene.moments.compactMap { moment -> TileValues? in
      guard let index = moment.program.tensorIndex(name),
        let matrix = moment.recording.finalState.matrix(index)
      else { return nil }
      let count = matrix.rows * matrix.columns
      return TileValues(
        rows: matrix.rows, columns: matrix.columns, values: Array(matrix.values.prefix(count)))
    }
    return tiles.count == 2 ? tiles : nil
  }
}
