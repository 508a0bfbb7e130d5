// Which tile the tile views show: the one the viewer has asked for, or the latest that still exists.

import Canvas
import Kernels
import Machine

extension Moment {
  fileprivate func whereabouts(sm: Int) -> String {
    recording.device.smCount > 1 ? "in SRAM of SM \(sm)" : "in SRAM"
  }
}

/// The tile that a viewer has asked for, or that the current event is about.
struct ShownTile {
  let name: TileName
  let place: Region
  let values: TileValues
  let whereabouts: String
  /// Along what it runs, and what it is to a softmax.
  private let axes: (rows: Axis, columns: Axis)
  let role: TileRole
  var rowsAreQueries: Bool { axes.rows == .queries }
  var rowsAreKeys: Bool { axes.rows == .keys }
  var columnsAreKeys: Bool { axes.columns == .keys }

  init?(_ scene: Scene) {
    let moment = scene.focused
    if let wanted = scene.selection.tile {
      let found =
        Self(inSRAM: wanted, moment, scene.selection)
        ?? Self(inHBM: wanted, moment, scene.selection)
      guard let found else { return nil }
      self = found
      return
    }
    guard let found = Self.latest(moment, scene.selection) else { return nil }
    self = found
  }

  /// The tile of the current event, or of the last one before it whose tile is still somewhere.
  private static func latest(_ moment: Moment, _ selection: Selection) -> Self? {
    let recent = moment.recording.events[max(0, moment.eventCount - 200)..<moment.eventCount]
    for event in [moment.current].compactMap({ $0 }) + recent.reversed() {
      let span = moment.recording.spans[Int(event.span)]
      guard span.block >= 0, let info = moment.tile(of: span) else { continue }
      let op = moment.op(of: span)
      let name = TileName(info)
      let key = TileKey(block: span.block, tile: op.tile)
      if let values = moment.state.sram[key], !values.values.isEmpty {
        return Self(
          name, info.kind, info.place, values, moment.whereabouts(sm: moment.sm(of: span)))
      }
      if let stored = Self(inHBM: name, moment, selection) { return stored }
    }
    return nil
  }

  private init(
    _ name: TileName, _ kind: TileKind, _ place: Region, _ values: TileValues, _ whereabouts: String
  ) {
    self.name = name
    axes = (kind.rows, kind.columns)
    role = kind.role
    self.place = place
    self.values = values
    self.whereabouts = whereabouts
  }

  private init?(inSRAM wanted: TileName, _ moment: Moment, _ selection: Selection) {
    let keys = moment.state.sram.keys.sorted { ($0.block, $0.tile) > ($1.block, $1.tile) }
    for key in keys {
      let info = moment.recording.blocks[Int(key.block)].tiles[Int(key.tile)]
      let column = info.place.tileColumn ?? 0
      let plane = moment.plane(named: wanted.name, for: selection.plane)
      guard info.name == wanted.name, info.place.plane == plane,
        info.place.tileRow == wanted.row, column == wanted.column ?? 0,
        let values = moment.state.sram[key], !values.values.isEmpty
      else { continue }
      let sm = moment.recording.placement[Int(key.block)].sm
      self.init(wanted, info.kind, info.place, values, moment.whereabouts(sm: sm))
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
    let region = Region(
      tensor: index, plane: moment.plane(of: index, for: selection.plane),
      rows: tileRange(wanted.row, of: tensor.rows, by: tensor.tileRows),
      columns: tileRange(column, of: tensor.columns, by: tensor.tileColumns),
      tileRow: wanted.row, tileColumn: wanted.column)
    guard region.count > 0 else { return nil }
    let kind = TileKind(
      tensor.name, rows: tensor.rowAxis, columns: tensor.columnAxis, role: tensor.tileRole)
    self.init(wanted, kind, region, moment.state.tile(region), "in HBM")
  }

  /// Smallest and largest finite value.
  var range: (low: Float, high: Float) {
    let finite = values.values.filter(\.isFinite)
    return (finite.min() ?? 0, finite.max() ?? 0)
  }

  /// A darker glyph for a larger magnitude.
  func shade(_ value: Float) -> Character {
    guard value.isFinite else { return value.isNaN ? "?" : " " }
    let largest = max(abs(range.low), abs(range.high))
    let share = largest == 0 ? 0 : Double(abs(value)) / Double(largest)
    let level = Int(clamping: (share * 4).rounded())
    return ["·", "░", "▒", "▓", "█"][min(max(0, level), 4)]
  }
}
