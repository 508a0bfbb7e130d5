// HBM: every tensor as a grid of its tiles. What a Flash kernel keeps out of HBM is drawn too, as
// the grid it would have had, so that one sees that nothing of it stays anywhere.

import Canvas
import Kernels
import Machine

struct HbmPanel {
  let scene: Scene
  let index: Int

  private struct Drawing {
    var name: String
    var label: String
    var grid: TileGrid
    var isInHBM: Bool
  }

  private var moment: Moment { scene.moments[index] }

  func draw(in rect: Rect, on picture: inout Picture) {
    guard rect.height >= 2 else { return }
    let drawings = drawings()
    let (cell, cap) = fit(drawings, width: rect.width)
    var column = 0
    for drawing in drawings {
      let width = max(drawing.label.count, min(cap, drawing.grid.columns) * cell)
      draw(drawing, at: column, cell: cell, cap: cap, in: rect, on: &picture)
      column += width + 1
    }
  }

  private func drawings() -> [Drawing] {
    let tensors = moment.program.tensors
    var result = tensors.indices.filter { tensors[$0].role != .statistic }.map { index in
      let plane = moment.plane(of: index, for: scene.selection.plane)
      return Drawing(
        name: tensors[index].name, label: tensors[index].name,
        grid: TileGrid(moment, tensor: index, plane: plane), isInHBM: true)
    }
    if let scores = moment.scoresOnChip {
      let grid = TileGrid(moment, onChip: scores, plane: scene.selection.plane)
      result.append(Drawing(name: "S", label: "(S)", grid: grid, isInHBM: false))
    }
    return result
  }

  /// Columns per tile, and the most tiles drawn side by side.
  private func fit(_ drawings: [Drawing], width: Int) -> (cell: Int, cap: Int) {
    let widest = drawings.map(\.grid.columns).max() ?? 1
    for cell in [2, 1] {
      if total(drawings, cell, widest) <= width { return (cell, widest) }
    }
    var cap = widest
    while cap > 1, total(drawings, 1, cap) > width { cap -= 1 }
    return (1, cap)
  }

  private func total(_ drawings: [Drawing], _ cell: Int, _ cap: Int) -> Int {
    drawings.reduce(-1) { $0 + max($1.label.count, min(cap, $1.grid.columns) * cell) + 1 }
  }

  private func draw(
    _ drawing: Drawing, at left: Int, cell: Int, cap: Int, in rect: Rect,
    on picture: inout Picture
  ) {
    let style = drawing.isInHBM ? Style(.plain, bold: true) : Style(.dim)
    picture.canvas.put(drawing.label, style, row: 0, column: left, in: rect)
    let rows = min(drawing.grid.rows, rect.height - 1)
    let columns = min(drawing.grid.columns, cap)
    for row in 0..<rows {
      for column in 0..<columns {
        let tileRows = share(row, of: rows, in: drawing.grid.rows)
        let tileColumns = share(column, of: columns, in: drawing.grid.columns)
        let (status, isStore) = drawing.grid.summary(rows: tileRows, columns: tileColumns)
        let name = TileName(drawing.name, row: tileRows.lowerBound, column: tileColumns.lowerBound)
        var style = Style(status.ink(isStore: isStore), bold: status > .resident)
        style.isReversed = isSelected(name)
        let place = left + column * cell
        picture.canvas.put(String(status.glyph), style, row: 1 + row, column: place, in: rect)
        picture.targets.append(
          Target(
            rect: Rect(
              row: rect.row + 1 + row, column: rect.column + place, height: 1, width: cell),
            meaning: .tile(run: index, name)))
      }
    }
  }

  private func isSelected(_ name: TileName) -> Bool {
    guard index == scene.focus, let selected = scene.selection.tile else { return false }
    return selected.name == name.name && selected.row == name.row
      && (selected.column ?? 0) == (name.column ?? 0)
  }

  /// The tiles that drawn cell `index` of `count` stands for.
  private func share(_ index: Int, of count: Int, in total: Int) -> Range<Int> {
    index * total / count..<max(index * total / count + 1, (index + 1) * total / count)
  }
}

extension Moment {
  /// The plane of tensor `index` that belongs to plane `plane` of Q.
  func plane(of index: Int, for plane: Int) -> Int {
    guard case .attention(let problem) = run.plan.problem else { return 0 }
    let tensor = program.tensors[index]
    if tensor.name == "K" || tensor.name == "V" { return problem.keyValuePlane(plane) }
    return headPlane(plane, of: tensor.planes, heads: problem.heads)
  }

  /// The score matrix of a kernel that does not keep it in HBM.
  var scoresOnChip: Tensor? {
    guard case .attention(let problem) = run.plan.problem, program.tensorIndex("S") == nil else {
      return nil
    }
    let mapping = run.plan.mapping
    return Tensor(
      "S", planes: problem.planes, rows: problem.queries, columns: problem.keys, type: .fp32,
      role: .statistic, tileRows: mapping.rows, tileColumns: mapping.columns)
  }
}

extension TileGrid {
  /// A matrix that is only ever in SRAM: nothing is remembered of tiles that have gone.
  init(_ moment: Moment, onChip tensor: Tensor, plane: Int) {
    self.init(moment, tensor: -1, plane: plane, tensor, visits: [])
  }
}
