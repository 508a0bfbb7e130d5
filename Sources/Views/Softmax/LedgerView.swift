// The softmax ledger of one query row: what each block of keys did to m, l and O, and below it the
// exact values over the keys seen so far.

import Canvas
import Kernels
import Machine
import Moments

/// The view `ledger`: two rows per block of keys, the latest at the bottom.
package struct LedgerView: View {
  package let name = "ledger"
  /// Columns of all cells but the last.
  private static let widths = [11, 9, 19, 8, 9]

  package init() {}

  package func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    let moment = scene.focused
    guard moment.run.hasValues, moment.run.hasSoftmax else {
      picture.canvas.put(
        moment.run.hasValues ? "This run has no softmax." : Moment.noValues, Style(.dim), row: 0,
        column: 0, in: rect)
      return
    }
    var rest = rect
    drawTitle(scene, in: rest.takeTop(1), on: &picture)
    drawHeadings(in: rest.takeTop(1), on: &picture)
    let exact = rest.takeBottom(3)
    let entries = scene.trace(scene.focus).entries(
      at: scene.cycle, atMost: max(1, rest.height / 2))
    for (index, entry) in entries.enumerated() {
      // A kernel that never rescales O has no op that tells what it was before.
      let before = entry.outputBefore ?? (index > 0 ? entries[index - 1].output : nil)
      draw(entry, before, scene, row: 2 * index, in: rest, on: &picture)
    }
    if entries.isEmpty { drawNothing(moment, in: rest, on: &picture) }
    // A kernel that does not compute exact attention has no exact values to compare with.
    if let reference = moment.run.reference {
      drawExact(scene, reference, entries, in: exact, on: &picture)
    }
  }

  package func applies(to scene: Scene) -> Bool {
    let run = scene.focused.run
    return run.hasValues && run.hasSoftmax && !scene.focused.isBackwardOnly
  }

  private func drawNothing(_ moment: Moment, in rect: Rect, on picture: inout Picture) {
    let text =
      moment.isBackwardOnly
      ? "The ledger belongs to the forward pass. This run is a backward pass alone: it finds the row's statistics in HBM, as a forward pass has left them, and never brings a maximum up to date."
      : "This row has met no keys yet."
    for (row, line) in text.wrapped(rect.width).enumerated() {
      picture.canvas.put(line, Style(.dim), row: row, column: 0, in: rect)
    }
  }

  private func drawTitle(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    let row = scene.focused.followedRow(scene.selection)
    let word = scene.focused.run.token(row).map { " “\($0)”" } ?? ""
    let pass = scene.focused.isBackward ? ", forward" : ""
    picture.canvas.put(
      "ledger of \(scene.focused.rowName(row, scene.selection))\(word) · \(scene.focused.run.name)\(pass)",
      Style(.title, bold: true), row: 0, column: 0, in: rect)
    if scene.focused.run.plan.problem.rows > 1 {
      picture.canvas.putRight("↑↓ another row", Style(.dim), row: 0, in: rect)
    }
  }

  private func drawHeadings(in rect: Rect, on picture: inout Picture) {
    let names = ["keys", "rowmax", "m old → new", "α", "l", "O before → after"]
    put(names, Style(.dim, underlined: true), row: 0, in: rect, on: &picture)
  }

  private func put(
    _ cells: [String], _ style: Style, row: Int, in rect: Rect, on picture: inout Picture
  ) {
    var column = 0
    for (index, cell) in cells.enumerated() {
      let width = index < Self.widths.count ? Self.widths[index] : rect.width - column
      picture.canvas.put(cell.padded(width), style, row: row, column: column, in: rect)
      column += width
    }
  }

  private func draw(
    _ entry: LedgerEntry, _ before: [Float]?, _ scene: Scene, row: Int, in rect: Rect,
    on picture: inout Picture
  ) {
    func text(_ value: Float?, _ roles: TileRole...) -> String {
      value.map { scene.statistic(short($0), roles, of: scene.focus) } ?? ""
    }
    let keys = "\(entry.columns.lowerBound)–\(entry.columns.upperBound - 1)"
    let maxima = [
      text(entry.oldMaximum, .maximum, .newMaximum), text(entry.newMaximum, .maximum, .newMaximum),
    ].filter { !$0.isEmpty }
    let cells = [
      (entry.isComplete ? "✓ " : "▲ ") + keys, text(entry.tileMaximum, .tileMaximum),
      maxima.joined(separator: " → "), text(entry.alpha, .factor),
      text(entry.sum, .sum, .newSum), before.map { vector($0, scene) } ?? "",
    ]
    put(cells, Style(entry.isComplete ? .plain : .compute), row: row, in: rect, on: &picture)
    if let alpha = entry.alpha, alpha > 0, alpha < 1 {
      let start = Self.widths[0] + Self.widths[1] + Self.widths[2]
      picture.canvas.restyle(
        row: row, columns: start..<start + Self.widths[3], in: rect, Style(.alert, bold: true))
    }
    if let output = entry.output {
      put(
        ["", "", "", "", "", "→ " + vector(output, scene)], Style(), row: row + 1, in: rect,
        on: &picture)
    }
  }

  private func vector(_ values: [Float], _ scene: Scene) -> String {
    values.enumerated().map { column, value in
      scene.statistic(short(value), [.output], column: column, of: scene.focus)
    }.joined(separator: " ")
  }

  /// Draws the exact m, l and O over the keys up to the last complete entry.
  private func drawExact(
    _ scene: Scene, _ reference: Reference, _ entries: [LedgerEntry], in rect: Rect,
    on picture: inout Picture
  ) {
    let seen = seenKeys(entries)
    guard !seen.isEmpty else { return }
    let exact = reference.row(
      plane: scene.focused.plane(scene.selection), row: scene.focused.followedRow(scene.selection),
      columns: seen)
    let isSum = entries.last(where: \.isComplete)?.outputIsSum ?? false
    let output = exact.output.map { Float(isSum ? $0 * exact.l : $0) }
    picture.canvas.put(
      "exact over keys \(seen.lowerBound)–\(seen.upperBound - 1), direct formula in fp64:",
      Style(.dim), row: 0, column: 0, in: rect)
    put(
      [
        "exact", "",
        scene.statistic(
          short(Float(exact.m)), [.maximum, .newMaximum, .tileMaximum], of: scene.focus), "",
        scene.statistic(short(Float(exact.l)), [.sum, .newSum], of: scene.focus),
        "O " + vector(output, scene),
      ], Style(.accent), row: 1, in: rect, on: &picture)
    let note =
      isSum ? "This kernel divides by l only at the end: until then O is l times the mean." : ""
    picture.canvas.put(note, Style(.dim), row: 2, column: 0, in: rect)
  }

  private func seenKeys(_ entries: [LedgerEntry]) -> Range<Int> {
    guard let last = entries.last(where: \.isComplete) else { return 0..<0 }
    return 0..<last.columns.upperBound
  }
}
