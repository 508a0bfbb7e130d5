// A row of P twice: as the backward pass computed it again, and as it was stored or as it is
// exactly.

import Canvas
import Kernels
import Machine
import Moments

/// The recomputed weights of one query above those to compare with.
struct WeightsPanel {
  let row: RecomputedWeights
  let run: CompletedRun
  /// The run that stored P; nil if there is none.
  let other: CompletedRun?
  let hidden: HiddenFigures

  private static let labels = 17
  private static let cell = 8

  func draw(in rect: Rect, on picture: inout Picture) {
    let word = run.token(row.query).map { " “\($0)”" } ?? ""
    picture.canvas.put(
      "row \(row.query)\(word) of \(row.tile.text)", Style(.title, bold: true), row: 0, column: 0,
      in: rect)
    let difference = "largest difference \(short(row.largestDifference))"
    picture.canvas.putRight(difference, Style(.accent, bold: true), row: 0, in: rect)
    let count = max(0, min(row.keys.count, (rect.width - Self.labels) / Self.cell))
    let names = row.keys.prefix(count).map { run.token($0) ?? String($0) }
    let isCut = count < row.keys.count
    put("key", names, Style(.dim), isCut, line: 1, in: rect, on: &picture)
    put(
      "again, on chip", texts(row.again.prefix(count)), Style(.alert), isCut, line: 2, in: rect,
      on: &picture)
    put(
      row.source == "stored" ? "stored, in HBM" : "exact, in fp64",
      texts(row.beside.prefix(count)), Style(.load), isCut, line: 3, in: rect, on: &picture)
  }

  /// The texts of weights, one per key. Both rows tell the same weights.
  private func texts(_ values: ArraySlice<Float>) -> [String] {
    zip(row.keys, values).map { key, value in
      let name = FigureName.value(of: row.tile.name, row: row.query, column: key)
      return [run.name, other?.name].compactMap { $0 }.reduce(short(value)) {
        hidden.text($0, name, of: $1)
      }
    }
  }

  private func put(
    _ label: String, _ cells: [String], _ style: Style, _ isCut: Bool, line: Int, in rect: Rect,
    on picture: inout Picture
  ) {
    picture.canvas.put(label.padded(Self.labels - 1), Style(.dim), row: line, column: 0, in: rect)
    for (index, cell) in cells.enumerated() {
      picture.canvas.put(
        cell.padded(Self.cell - 1, right: true), style, row: line,
        column: Self.labels + index * Self.cell, in: rect)
    }
    if isCut {
      picture.canvas.put(
        " …", Style(.dim), row: line, column: Self.labels + cells.count * Self.cell - 1, in: rect)
    }
  }
}
