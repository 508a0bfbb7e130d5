// The query row that the viewer follows, and its softmax statistics at this cycle.

import Machine

extension Moment {
  /// Index of the followed query row: the viewer's choice, else the first row of the current
  /// event's tile, else the lowest row of the tiles in SRAM.
  package func followedRow(_ selection: Selection) -> Int {
    if let row = selection.row { return row }
    if let place = current.flatMap(place), let info = tile(at: place), info.isIndexedByQuery {
      return info.place.rows.lowerBound
    }
    let onChip = state.sram.keys.map { recording.blocks[$0.block].tiles[$0.tile] }
    return onChip.filter(\.isIndexedByQuery).map(\.place.rows.lowerBound).min() ?? 0
  }

  /// The names of the tensors in HBM with one number per query, such as m, l, L and D.
  package var statisticsPerQuery: [String] {
    program.tensors.filter {
      $0.role != .statistic && $0.rowAxis == .queries && $0.columnAxis == .none
    }.map(\.name)
  }

  /// The value of a softmax statistic for one query: from SRAM, or from HBM once it has been
  /// written there; nil if neither holds it.
  package func statistic(of role: TileRole, plane: Int, row: Int) -> Float? {
    let names = run.facts.names[role] ?? []
    return statistic(plane: plane, row: row, where: names.contains)
  }

  /// The same for tiles and tensors chosen by name: the newest tile in SRAM that has the row, else
  /// the tensor in HBM if it is an input or the row's tile has been written.
  package func statistic(
    plane: Int, row: Int, where isWanted: (String) -> Bool
  ) -> Float? {
    var newest: (key: TileKey, value: Float)?
    for (key, tile) in state.sram where !tile.values.isEmpty {
      let info = recording.blocks[key.block].tiles[key.tile]
      guard isWanted(info.name), info.place.plane == plane, info.place.rows.contains(row) else {
        continue
      }
      if let newest, newest.key > key { continue }
      newest = (key, tile[row - info.place.rows.lowerBound, 0])
    }
    if let newest { return newest.value }
    guard let index = program.tensors.firstIndex(where: { isWanted($0.name) }), !state.hbm.isEmpty
    else { return nil }
    let tensor = program.tensors[index]
    guard tensor.role != .statistic, plane < tensor.planes, row < tensor.rows else { return nil }
    let visit = state.transferCounts(
      index, plane: plane, tileRow: row / tensor.tileRows, tileColumn: 0)
    let isThere = tensor.role == .input || visit.writes > 0
    return isThere ? state.hbm[index].row(plane * tensor.rows + row)[0] : nil
  }
}

extension TileInfo {
  /// True if the tile's rows are queries.
  package var isIndexedByQuery: Bool { kind.rows == .queries }
}
