// HBM: every tensor as a grid of its tiles. The score matrix of a Flash kernel is drawn too, though
// it is never in HBM: its tiles vanish as soon as they are freed.

import Canvas
import Machine
import Moments

/// The tensors of one run, side by side.
struct HbmPanel {
  let scene: Scene
  let index: Int

  /// One tensor on the panel; `isInHBM` is false for a matrix that exists only in SRAM.
  private struct Drawing {
    var name: String
    var label: String
    var grid: TileStatusGrid
    var isInHBM: Bool
  }

  /// Cells per tile, across and down, and the most tiles drawn in one row (`cap`).
  private struct Scale {
    var width: Int
    var height: Int
    var cap: Int

    func columns(_ drawing: Drawing) -> Int { min(cap, drawing.grid.columns) }
    func width(_ drawing: Drawing) -> Int {
      max(drawing.label.count, columns(drawing) * width)
    }
  }

  private var moment: Moment { scene.moments[index] }

  /// - Parameter margin: the columns to the left of `rect`, for the names of tensors that are left
  ///   out.
  func draw(in rect: Rect, margin: Rect, on picture: inout Picture) {
    guard rect.height >= 2 else { return }
    let all = drawings()
    let drawings = fitting(all, in: rect)
    drawLeftOut(all, drawings, in: margin, on: &picture)
    let scale = scale(drawings, in: rect)
    var column = 0
    for drawing in drawings {
      draw(drawing, at: column, scale, in: rect, on: &picture)
      column += scale.width(drawing) + 1
    }
    drawLegend(below: drawings.map(\.grid.rows).max() ?? 0, scale, in: rect, on: &picture)
    drawReduction(drawings, scale, from: column, in: rect, on: &picture)
  }

  /// Writes `■ ≤ 2×4` where a cell stands for several tiles.
  private func drawReduction(
    _ drawings: [Drawing], _ scale: Scale, from column: Int, in rect: Rect,
    on picture: inout Picture
  ) {
    let rows = drawings.map(\.grid.rows).max() ?? 1
    let columns = drawings.map(\.grid.columns).max() ?? 1
    let (down, across) = (
      tileCount(rows, (rect.height - 1) / scale.height), tileCount(columns, scale.cap)
    )
    guard down > 1 || across > 1 else { return }
    let text = "■ ≤ \(down)×\(across)"
    // Beside the labels, or below the grids.
    let row = column + text.count <= rect.width ? 0 : rect.height - 1
    picture.canvas.putRight(text, Style(.dim), row: row, in: rect)
  }

  private func drawings() -> [Drawing] {
    let tensors = moment.program.tensors
    var result = tensors.indices.filter { tensors[$0].role != .statistic }.map { index in
      let plane = moment.plane(of: index, for: scene.selection.plane)
      return Drawing(
        name: tensors[index].name, label: tensors[index].name,
        grid: TileStatusGrid(moment, tensor: index, plane: plane), isInHBM: true)
    }
    if let scores = moment.run.facts.scoresOnChip {
      let grid = TileStatusGrid(moment, onChip: scores, plane: scene.selection.plane)
      result.append(
        Drawing(name: scores.name, label: "\(scores.name): chip only", grid: grid, isInHBM: false))
    }
    return result
  }

  /// The tensors that fit with up to four tiles side by side. If not all fit, those of one column
  /// are left out, first the ones that the current launch does not move.
  private func fitting(_ all: [Drawing], in rect: Rect) -> [Drawing] {
    let columns = all.map(\.grid.columns).max() ?? 1
    let scale = Scale(width: 1, height: 1, cap: min(4, columns))
    var kept = all
    if total(kept, scale) > rect.width, let last = kept.indices.last, !kept[last].isInHBM {
      kept[last].label = "\(kept[last].name) chip"
    }
    guard total(kept, scale) > rect.width else { return kept }
    let touched = moment.tensorsOfLaunch
    for isTouched in [false, true] {
      for drawing in all where drawing.grid.columns == 1 && drawing.isInHBM {
        guard total(kept, scale) > rect.width else { return kept }
        if touched.contains(drawing.name) == isTouched {
          kept.removeAll { $0.name == drawing.name }
        }
      }
    }
    return kept.contains { $0.isInHBM } ? kept : all
  }

  /// Writes the names of tensors that are left out, `+Q K`.
  private func drawLeftOut(
    _ all: [Drawing], _ drawn: [Drawing], in margin: Rect, on picture: inout Picture
  ) {
    let names = all.map(\.name).filter { name in !drawn.contains { $0.name == name } }
    guard !names.isEmpty else { return }
    let lines = ("+" + names.joined(separator: " ")).wrapped(margin.width - 1)
    for (row, line) in lines.prefix(margin.height - 1).enumerated() {
      let isCut = row == margin.height - 2 && lines.count > margin.height - 1
      picture.canvas.put(
        isCut ? "…" : line, Style(.dim), row: row + 1, column: 0, in: margin)
    }
  }

  /// The largest cells with which all tensors fit; if even one cell per tile is too wide, several
  /// tiles share a cell.
  private func scale(_ drawings: [Drawing], in rect: Rect) -> Scale {
    let rows = drawings.map(\.grid.rows).max() ?? 1
    let columns = drawings.map(\.grid.columns).max() ?? 1
    let height = min(3, max(1, (rect.height - 1) / max(1, rows)))
    for width in stride(from: 2 * height, through: 1, by: -1) {
      let scale = Scale(width: width, height: height, cap: columns)
      if total(drawings, scale) <= rect.width { return scale }
    }
    var scale = Scale(width: 1, height: height, cap: columns)
    while scale.cap > 1, total(drawings, scale) > rect.width { scale.cap -= 1 }
    return scale
  }

  private func total(_ drawings: [Drawing], _ scale: Scale) -> Int {
    drawings.reduce(-1) { $0 + scale.width($1) + 1 }
  }

  private func draw(
    _ drawing: Drawing, at left: Int, _ scale: Scale, in rect: Rect, on picture: inout Picture
  ) {
    let style = drawing.isInHBM ? Style(.plain, bold: true) : Style(.dim)
    picture.canvas.put(drawing.label, style, row: 0, column: left, in: rect)
    let rows = min(drawing.grid.rows, (rect.height - 1) / scale.height)
    for row in 0..<rows {
      for column in 0..<scale.columns(drawing) {
        let tileRows = share(row, of: rows, in: drawing.grid.rows)
        let tileColumns = share(column, of: scale.columns(drawing), in: drawing.grid.columns)
        let cell = Rect(
          row: rect.row + 1 + row * scale.height,
          column: rect.column + left + column * scale.width, height: scale.height,
          width: scale.width)
        draw(drawing, rows: tileRows, columns: tileColumns, in: cell, on: &picture)
      }
    }
  }

  private func draw(
    _ drawing: Drawing, rows: Range<Int>, columns: Range<Int>, in cell: Rect,
    on picture: inout Picture
  ) {
    let (status, isStore) = drawing.grid.summary(rows: rows, columns: columns)
    let name = TileName(
      drawing.name, row: rows.lowerBound,
      column: drawing.grid.columns > 1 ? columns.lowerBound : nil)
    var style = Style(status.ink(isStore: isStore), bold: status > .resident)
    let isMarked = rows.contains { row in
      columns.contains { column in
        scene.isHighlighted(TileName(drawing.name, row: row, column: column), run: index)
      }
    }
    if isMarked { style = Highlight.style }
    style.isReversed = isSelected(name)
    let glyphs = String(
      repeating: status.glyph(isStore: isStore), count: max(1, cell.width - 1))
    for row in 0..<max(1, cell.height - (cell.height > 2 ? 1 : 0)) {
      picture.canvas.put(glyphs, style, row: row, column: 0, in: cell)
    }
    // A tile one cell wide shows the mark in place of its status.
    if isMarked {
      picture.canvas.put(
        String(Highlight.sign), style, row: 0, column: max(0, cell.width - 1), in: cell)
    }
    picture.targets.append(Target(rect: cell, meaning: .tile(run: index, name)))
  }

  private func drawLegend(
    below rows: Int, _ scale: Scale, in rect: Rect, on picture: inout Picture
  ) {
    let row = 1 + rows * scale.height
    guard row < rect.height - 1 else { return }
    picture.canvas.put(
      "· untouched  » arriving  « leaving  ■ on chip  ▲ in use  ✓ done", Style(.dim),
      row: rect.height - 1, column: 0, in: rect)
  }

  private func isSelected(_ name: TileName) -> Bool {
    guard index == scene.focus, let selected = scene.selection.tile else { return false }
    return selected.isSame(as: name)
  }

  /// The tiles that cell `index` of `count` stands for, of `total` tiles.
  private func share(_ index: Int, of count: Int, in total: Int) -> Range<Int> {
    index * total / count..<max(index * total / count + 1, (index + 1) * total / count)
  }
}
