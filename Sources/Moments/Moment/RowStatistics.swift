// The query row that the viewer follows, and its softmax statistics at this cycle.

import Machine

extension Moment {
  /// Index of the followed query row: the selected head's where heads are rows, else the viewer's choice, else the
  /// one in whose softmax most is to be seen.
  package func followedRow(_ selection: Selection) -> Int {
    let headsAsRows = run.plan.headsAsRows
    if headsAsRows > 1 { return selection.plane % headsAsRows }
    // The row was chosen in another run, which may have more.
    return min(selection.row ?? run.facts.telltaleRow, run.plan.problem.rows - 1)
  }

  /// What the followed row is called, without its word: a head where heads are rows.
  package func rowName(_ row: Int, _ selection: Selection) -> String {
    let headsAsRows = run.plan.headsAsRows
    return headsAsRows > 1
      ? "head \(plane(selection) * headsAsRows + row)" : "row \(row)"
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

  /// The same for tiles and tensors chosen by name.
  package func statistic(
    plane: Int, row: Int, where isWanted: (String) -> Bool
  ) -> Float? {
    self.row(plane: plane, row: row, where: isWanted)?.first
  }

  /// The row of a query in tiles and tensors chosen by name: of the newest tile in SRAM that has the row,
  /// else of the tensor in HBM if it is an input or the row's tile has been written.
  package func row(plane: Int, row: Int, where isWanted: (String) -> Bool) -> [Float]? {
    var newest: (key: TileKey, values: [Float])?
    for (key, tile) in state.sram where !tile.values.isEmpty {
      let info = recording.blocks[key.block].tiles[key.tile]
      guard isWanted(info.name), info.place.plane == plane, info.place.rows.contains(row) else {
        continue
      }
      if let newest, newest.key > key { continue }
      let start = (row - info.place.rows.lowerBound) * tile.columns
      newest = (key, Array(tile.values[start..<start + tile.columns]))
    }
    if let newest { return newest.values }
    guard let index = program.tensors.firstIndex(where: { isWanted($0.name) }), !state.hbm.isEmpty
    else { return nil }
    let tensor = program.tensors[index]
    guard tensor.role != .statistic, plane < tensor.planes, row < tensor.rows else { return nil }
    let visit = state.transferCounts(
      index, plane: plane, tileRow: row / tensor.tileRows, tileColumn: 0)
    let isThere = tensor.role == .input || visit.writes > 0
    return isThere ? state.hbm[index].row(plane * tensor.rows + row) : nil
  }
}

extension TileInfo {
  /// True if the tile's rows are queries.
  package var isIndexedByQuery: Bool { kind.rows == .queries }
}
