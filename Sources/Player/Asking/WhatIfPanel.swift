// Draws "what if": the quantities, the figures before and now, and how the race ends over all values of the
// selected quantity, beside the break-even.

import Canvas
import Foundation
import Machine
import Views

/// The panel of "what if".
struct WhatIfPanel {
  let state: WhatIf
  /// The names of the runs.
  let names: [String]

  func draw(in rect: Rect, on picture: inout Picture) {
    var rest = rect
    picture.canvas.put(
      "What if it were different? Both runs are simulated anew.", Style(.title, bold: true), row: 0,
      column: 0, in: rest.takeTop(1))
    drawQuantities(in: rest.takeTop(state.quantities.count + 1), on: &picture)
    drawFigures(in: rest.takeTop(names.count + (names.count == 2 ? 2 : 1)), on: &picture)
    drawCurve(in: rest, on: &picture)
  }

  private func drawQuantities(in rect: Rect, on picture: inout Picture) {
    for (row, quantity) in state.quantities.enumerated() {
      let isSelected = row == state.selected
      let (text, isFirst, isLast, isOwn) = state.value(row)
      let style = Style(isSelected ? .accent : isOwn ? .plain : .alert, bold: isSelected || !isOwn)
      picture.canvas.put(
        "\(isSelected ? "▸ " : "  ")\(quantity.rawValue.padded(14))", style, row: row, column: 0,
        in: rect)
      let left = isSelected && !isFirst ? "◂ " : "  "
      let right = isSelected && !isLast ? " ▸" : ""
      picture.canvas.put(
        left + text + right + (isOwn ? "" : "   changed"), style, row: row, column: 16, in: rect)
    }
  }

  private func drawFigures(in rect: Rect, on picture: inout Picture) {
    let left = max(20, (names.map(\.count).max() ?? 0) + 2)
    let heads = ["cycles before", "now", "bytes before", "now"]
    for (column, head) in heads.enumerated() {
      picture.canvas.put(
        head.padded(14, right: true), Style(.dim, underlined: true), row: 0,
        column: left + 14 * column, in: rect)
    }
    for (row, name) in names.enumerated() {
      let (before, now) = (state.before[row], state.now[row])
      let cells = [
        grouped(before.cycles), now.map { grouped($0.cycles) } ?? "—", grouped(before.bytes),
        now.map { grouped($0.bytes) } ?? "—",
      ]
      picture.canvas.put(name, row: row + 1, column: 0, in: rect)
      for (column, cell) in cells.enumerated() {
        picture.canvas.put(
          cell.padded(14, right: true),
          Style(column.isMultiple(of: 2) ? .dim : .plain, bold: !column.isMultiple(of: 2)),
          row: row + 1, column: left + 14 * column, in: rect)
      }
    }
    guard names.count == 2 else { return }
    picture.canvas.put(verdict, Style(.accent, bold: true), row: 3, column: 0, in: rect)
  }

  /// Who wins now, or why nobody runs.
  private var verdict: String {
    if let problem = state.problem { return "Impossible: \(problem)." }
    guard let a = state.now[0], let b = state.now[1] else { return "" }
    let factor = Double(a.cycles) / Double(max(1, b.cycles))
    if factor == 1 { return "Now both take the same time." }
    let (winner, times) = factor > 1 ? (names[1], factor) : (names[0], 1 / factor)
    return "Now \(winner) is \(fixed(times, 2)) times as fast."
  }

  // MARK: The curve

  /// Draws a row for each value: a bar from the break-even to the side of the faster run.
  private func drawCurve(in rect: Rect, on picture: inout Picture) {
    guard rect.height > 1 else { return }
    let name = state.quantities[state.selected].rawValue
    let left = max(name.count, state.curve.map(\.text.count).max() ?? 0) + 3
    let width = max(10, min(50, rect.width - left - 12))
    let half = width / 2
    if names.count == 2 {
      picture.canvas.put(name, Style(.dim), row: 0, column: 2, in: rect)
      picture.canvas.put(
        "◀ \(names[0])".cut(half), Style(.store), row: 0, column: left, in: rect)
      let right = "\(names[1]) ▶".cut(half)
      picture.canvas.put(
        right, Style(.load), row: 0, column: left + width + 1 - right.count, in: rect)
    }
    let factors = state.curve.map(factor)
    let most = max(0.1, factors.compactMap { $0.map { abs(log2($0)) } }.max() ?? 1)
    for (row, point) in state.curve.enumerated() where row + 1 < rect.height {
      let isChosen = row == state.chosen[state.selected]
      let style = Style(isChosen ? .accent : .plain, bold: isChosen)
      picture.canvas.put(
        "\(isChosen ? "▸ " : "  ")\(point.text)", style, row: row + 1, column: 0, in: rect)
      picture.canvas.put("│", Style(.dim), row: row + 1, column: left + half, in: rect)
      guard let factor = factors[row] else {
        picture.canvas.put(
          point.problem == nil ? "" : "impossible", Style(.dim), row: row + 1,
          column: left + half + 2, in: rect)
        continue
      }
      let length = Int((abs(log2(factor)) / most * Double(half)).rounded())
      let bar = String(repeating: "█", count: min(half, length))
      let start = factor >= 1 ? left + half + 1 : left + half - bar.count
      picture.canvas.put(
        bar, Style(factor >= 1 ? .load : .store), row: row + 1, column: start, in: rect)
      picture.canvas.put(
        "\(fixed(max(factor, 1 / factor), 2)) ×", style, row: row + 1,
        column: left + width + 3, in: rect)
    }
  }

  /// How many times as fast the second run is; with one run how many times as fast it is as before.
  private func factor(_ point: WhatIf.Point) -> Double? {
    guard let first = point.figures[0] else { return nil }
    if names.count == 1 { return Double(state.before[0].cycles) / Double(max(1, first.cycles)) }
    guard let second = point.figures[1] else { return nil }
    return Double(first.cycles) / Double(max(1, second.cycles))
  }
}
