// Running m and l and the rescale α of the query row that the viewer follows, with true values; in a
// backward launch, what is kept of the row: m and l, or L, and D.

import Canvas
import Kernels
import Machine

struct StatisticsLine {
  let selection: Selection

  func draw(_ moment: Moment, in rect: Rect, on picture: inout Picture) {
    guard case .attention = moment.run.plan.problem else { return }
    let followed = moment.followedRow(selection)
    let value = { (role: TileRole) in
      moment.statistic(of: role, plane: selection.plane, row: followed)
    }
    var column = picture.canvas.put(
      "row \(followed)", Style(.dim), row: 0, column: 0, in: rect)
    let (old, new) = (value(.maximum), value(.newMaximum))
    var maxima = [old, new].compactMap { $0 }.map(short)
    if maxima.first == maxima.last { maxima = Array(maxima.prefix(1)) }
    let m = maxima.joined(separator: "→")
    let l = value(.newSum) ?? value(.sum)
    let entries =
      moment.isBackward
      ? moment.columnsOfQueries.map { name in
        (name, moment.statistic(plane: selection.plane, row: followed) { $0 == name }.map(short))
      } : [("m", m), ("α", value(.factor).map(short)), ("l", l.map(short))]
    for (name, text) in entries {
      guard let text, !text.isEmpty else { continue }
      let isFactor = name == "α" && text != "1.000" && text != "0"
      column = picture.canvas.put(
        " \(name) ", Style(.dim), row: 0, column: column, in: rect)
      column = picture.canvas.put(
        text, Style(isFactor ? .alert : .plain, bold: isFactor), row: 0, column: column, in: rect)
    }
    if let word = moment.run.token(followed) {
      picture.canvas.put(" “\(word)”", Style(.dim), row: 0, column: column, in: rect)
    }
  }
}

extension Moment {
  /// The query row to talk about: the viewer's, or the first row of the tile at work.
  public func followedRow(_ selection: Selection) -> Int {
    if let row = selection.row { return row }
    if let event = current {
      let span = recording.spans[Int(event.span)]
      if span.block >= 0, let info = tile(of: span) {
        if info.isIndexedByQuery { return info.place.rows.lowerBound }
      }
    }
    let onChip = state.sram.keys.map { recording.blocks[Int($0.block)].tiles[Int($0.tile)] }
    return onChip.filter(\.isIndexedByQuery).map(\.place.rows.lowerBound).min() ?? 0
  }

  /// The names of tensors with one number per query.
  var columnsOfQueries: [String] {
    program.tensors.filter {
      $0.role != .statistic && $0.rowAxis == .queries && $0.columnAxis == .none
    }.map(\.name)
  }

  /// One query's entry of what has that part in the softmax: on chip, or in HBM once it has been written.
  func statistic(of role: TileRole, plane: Int, row: Int) -> Float? {
    var names: Set<String> = []
    for block in recording.blocks {
      for tile in block.tiles where tile.kind.role == role { names.insert(tile.name) }
      if !names.isEmpty { break }
    }
    for tensor in program.tensors where tensor.tileRole == role { names.insert(tensor.name) }
    return statistic(plane: plane, row: row, where: names.contains)
  }

  func statistic(
    plane: Int, row: Int, where isWanted: (String) -> Bool
  ) -> Float? {
    var newest: (key: TileKey, value: Float)?
    for (key, tile) in state.sram where !tile.values.isEmpty {
      let info = recording.blocks[Int(key.block)].tiles[Int(key.tile)]
      guard isWanted(info.name), info.place.plane == plane, info.place.rows.contains(row) else {
        continue
      }
      if let newest, (newest.key.block, newest.key.tile) > (key.block, key.tile) { continue }
      newest = (key, tile[row - info.place.rows.lowerBound, 0])
    }
    if let newest { return newest.value }
    guard let index = program.tensors.firstIndex(where: { isWanted($0.name) }), !state.hbm.isEmpty
    else { return nil }
    let tensor = program.tensors[index]
    guard tensor.role != .statistic, plane < tensor.planes, row < tensor.rows else { return nil }
    let visit = state.visits(
      index, plane: plane, tileRow: row / tensor.tileRows, tileColumn: 0)
    let isThere = tensor.role == .input || visit.writes > 0
    return isThere ? state.hbm[index].row(plane * tensor.rows + row)[0] : nil
  }
}

extension TileInfo {
  /// Its rows are queries, not keys.
  var isIndexedByQuery: Bool { kind.rows == .queries }
}
