// Running m and l and the rescale α of the query row that the viewer follows, with true values.

import Canvas
import Kernels
import Machine

struct StatisticsLine {
  let selection: Selection

  func draw(_ moment: Moment, in rect: Rect, on picture: inout Picture) {
    guard case .attention = moment.run.plan.problem else { return }
    let word = moment.run.token(selection.row).map { " \($0)" } ?? ""
    var column = picture.canvas.put(
      "row \(selection.row)\(word)", Style(.dim), row: 0, column: 0, in: rect)
    let old = value("m", moment)
    let new = value("m_new", moment)
    let m = [old, new].compactMap { $0 }.map(short).joined(separator: "→")
    let l = value("l_new", moment) ?? value("l", moment)
    for (name, text) in [
      ("m", m), ("α", value("alpha", moment).map(short)), ("l", l.map(short)),
    ] {
      guard let text, !text.isEmpty else { continue }
      let isFactor = name == "α" && text != "1.000"
      column = picture.canvas.put(
        "  \(name) ", Style(.dim), row: 0, column: column, in: rect)
      column = picture.canvas.put(
        text, Style(isFactor ? .alert : .plain, bold: isFactor), row: 0, column: column, in: rect)
    }
  }

  /// The row's entry of a column that is in SRAM, else in HBM if it has been written.
  private func value(_ name: String, _ moment: Moment) -> Float? {
    moment.statistic(name, plane: selection.plane, row: selection.row)
  }
}

extension Moment {
  /// One query's entry of a statistic: on chip, or in HBM once it has been written.
  func statistic(_ name: String, plane: Int, row: Int) -> Float? {
    var newest: (key: TileKey, value: Float)?
    for (key, tile) in state.sram where !tile.values.isEmpty {
      let info = recording.blocks[Int(key.block)].tiles[Int(key.tile)]
      guard info.name == name, info.place.plane == plane, info.place.rows.contains(row) else {
        continue
      }
      if let newest, (newest.key.block, newest.key.tile) > (key.block, key.tile) { continue }
      newest = (key, tile[row - info.place.rows.lowerBound, 0])
    }
    if let newest { return newest.value }
    guard let index = program.tensorIndex(name), !state.hbm.isEmpty else { return nil }
    let tensor = program.tensors[index]
    guard tensor.role == .output, plane < tensor.planes, row < tensor.rows else { return nil }
    let visit = state.visits[index][plane * tensor.gridRows + row / tensor.tileRows]
    return visit.writes > 0 ? state.hbm[index].rows[plane * tensor.rows + row][0] : nil
  }
}
