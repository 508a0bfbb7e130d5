// Which tile the tile views show: the one that the viewer has selected, or the latest that still
// exists.

import Machine

extension Moment {
  fileprivate func location(sm: Int) -> String {
    recording.device.smCount > 1 ? "in SRAM of SM \(sm)" : "in SRAM"
  }
}

/// The selected tile with its values, or else the tile of the current event.
package struct ShownTile {
  package let name: TileName
  /// The region of a tensor that the tile covers.
  package let place: Region
  package let values: TileValues
  /// Where the values are, in words: `in SRAM of SM 3`, `in HBM`.
  package let location: String
  /// Smallest and largest finite value.
  package let range: (low: Float, high: Float)
  /// What its rows and its columns stand for.
  private let axes: (rows: Axis, columns: Axis)
  package let role: TileRole
  /// True if each row is a query.
  package var rowsAreQueries: Bool { axes.rows == .queries }
  /// True if each column is a key.
  package var columnsAreKeys: Bool { axes.columns == .keys }

  /// Nil if the selected tile has no values at this cycle, or if no tile has.
  package init?(_ moment: Moment, _ selection: Selection) {
    if let wanted = selection.tile {
      let found =
        Self(inSRAM: wanted, moment, selection)
        ?? Self(inHBM: wanted, moment, selection)
      guard let found else { return nil }
      self = found
      return
    }
    guard let found = Self.latest(moment, selection) else { return nil }
    self = found
  }

  /// The tile of the current event, or of the latest event whose tile is still in SRAM or in HBM.
  private static func latest(_ moment: Moment, _ selection: Selection) -> Self? {
    let recent = moment.recording.events[max(0, moment.eventCount - 200)..<moment.eventCount]
    for event in [moment.current].compactMap({ $0 }) + recent.reversed() {
      guard let place = moment.place(of: event), let tile = moment.op(at: place).tile else {
        continue
      }
      let info = moment.block(at: place).tiles[tile]
      let name = TileName(info)
      let key = TileKey(block: place.block, tile: tile)
      if let values = moment.state.sram[key], !values.values.isEmpty {
        return Self(
          name, info.kind, info.place, values, moment.location(sm: moment.sm(at: place)))
      }
      if let stored = Self(inHBM: name, moment, selection) { return stored }
    }
    return nil
  }

  private init(
    _ name: TileName, _ kind: TileKind, _ place: Region, _ values: TileValues, _ location: String
  ) {
    self.name = name
    axes = (kind.rows, kind.columns)
    role = kind.role
    self.place = place
    self.values = values
    range = Self.range(values)
    self.location = location
  }

  private init?(inSRAM wanted: TileName, _ moment: Moment, _ selection: Selection) {
    let keys = moment.state.sram.keys.sorted(by: >)
    for key in keys {
      let info = moment.recording.blocks[key.block].tiles[key.tile]
      let column = info.place.tileColumn ?? 0
      let plane = moment.plane(named: wanted.name, for: selection)
      guard info.name == wanted.name, info.place.plane == plane,
        info.place.tileRow == wanted.row, column == wanted.column ?? 0,
        let values = moment.state.sram[key], !values.values.isEmpty
      else { continue }
      let sm = moment.recording.placement[key.block.index].sm
      self.init(wanted, info.kind, info.place, values, moment.location(sm: sm))
      return
    }
    return nil
  }

  private init?(inHBM wanted: TileName, _ moment: Moment, _ selection: Selection) {
    guard let index = moment.program.tensorIndex(wanted.name), !moment.state.hbm.isEmpty else {
      return nil
    }
    let tensor = moment.program.tensors[index]
    let column = wanted.column ?? 0
    guard (0..<tensor.gridRows).contains(wanted.row), (0..<tensor.gridColumns).contains(column)
    else {
      return nil
    }
    // Before it is written it holds nothing, not zeros.
    let plane = moment.plane(of: index, for: selection)
    let counts = moment.state.transferCounts(
      index, plane: plane, tileRow: wanted.row, tileColumn: column)
    let isKept = tensor.role == .statistic && moment.isFinished
    guard tensor.role == .input || counts.writes > 0 || isKept else { return nil }
    let region = Region(
      tensor: index, plane: plane,
      rows: tileRange(wanted.row, of: tensor.rows, by: tensor.tileRows),
      columns: tileRange(column, of: tensor.columns, by: tensor.tileColumns),
      tileRow: wanted.row, tileColumn: wanted.column)
    guard region.count > 0 else { return nil }
    let kind = TileKind(
      tensor.name, rows: tensor.rowAxis, columns: tensor.columnAxis, role: tensor.tileRole)
    self.init(wanted, kind, region, moment.state.tile(region), "in HBM")
  }

  private static func range(_ values: TileValues) -> (low: Float, high: Float) {
    let finite = values.values.filter(\.isFinite)
    return (finite.min() ?? 0, finite.max() ?? 0)
  }
}
