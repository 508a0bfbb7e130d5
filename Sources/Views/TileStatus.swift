// Where a tile of a tensor is, told by a glyph and an ink: never by colour alone.

import Canvas
import Machine

/// What a tile of HBM is doing, weakest first.
public enum TileStatus: Int, Sendable, Comparable {
  case untouched, done, resident, inFlight, active

  public static func < (a: TileStatus, b: TileStatus) -> Bool { a.rawValue < b.rawValue }

  /// A transfer points where it goes: `»` to the chip, `«` back to HBM.
  public func glyph(isStore: Bool) -> Character {
    switch self {
    case .untouched: "·"
    case .done: "✓"
    case .resident: "■"
    case .inFlight: isStore ? "«" : "»"
    case .active: "▲"
    }
  }

  public func ink(isStore: Bool) -> Ink {
    switch self {
    case .untouched: .dim
    case .done: .done
    case .resident: .resident
    case .inFlight: isStore ? .store : .load
    case .active: .compute
    }
  }
}

/// The status of every tile in the drawing grid of one plane of a tensor.
struct TileGrid {
  let rows: Int
  let columns: Int
  private var cells: [(status: TileStatus, isStore: Bool)]

  init(_ moment: Moment, tensor index: Int, plane: Int) {
    let tensor = moment.program.tensors[index]
    let visits = moment.state.visits(index, plane: plane)
    self.init(moment, tensor: index, plane: plane, tensor, visits: visits)
  }

  init(
    _ moment: Moment, tensor index: Int, plane: Int, _ tensor: Tensor, visits: [Visits]
  ) {
    rows = tensor.gridRows
    columns = tensor.gridColumns
    cells = Array(repeating: (TileStatus.untouched, false), count: rows * columns)
    for (cell, visits) in visits.enumerated() where visits.reads + visits.writes > 0 {
      cells[cell].status = .done
    }
    mark(moment, tensor: index, plane: plane, tensor)
  }

  private mutating func mark(_ moment: Moment, tensor index: Int, plane: Int, _ tensor: Tensor) {
    for key in moment.state.sram.keys {
      raise(place(of: key, moment, tensor, plane), to: .resident)
    }
    for span in moment.running {
      let op = moment.op(of: span)
      if let region = op.region {
        guard region.tensor == index, region.plane == plane else { continue }
        if op.operation.isStore {
          raise(place(of: region, tensor), to: .inFlight, isStore: true)
        } else {
          raise(place(of: region, tensor), to: .inFlight)
        }
        continue
      }
      for tile in moment.block(of: span).inputs(of: op) + [op.tile] {
        let key = TileKey(block: span.block, tile: tile)
        raise(place(of: key, moment, tensor, plane), to: .active)
      }
    }
  }

  /// The cells that a rectangle covers.
  private func place(of region: Region, _ tensor: Tensor) -> (Range<Int>, Range<Int>)? {
    guard region.count > 0 else { return nil }
    return (
      region.rows.lowerBound / tensor.tileRows..<(region.rows.upperBound - 1) / tensor.tileRows + 1,
      region.columns.lowerBound / tensor.tileColumns..<(region.columns.upperBound - 1)
        / tensor.tileColumns + 1
    )
  }

  /// The cells that an SRAM tile of this tensor stands for.
  private func place(
    of key: TileKey, _ moment: Moment, _ tensor: Tensor, _ plane: Int
  ) -> (Range<Int>, Range<Int>)? {
    let tiles = moment.recording.blocks[Int(key.block)].tiles
    // A released kernel's steps of pure overhead have no tile.
    guard tiles.indices.contains(Int(key.tile)) else { return nil }
    let info = tiles[Int(key.tile)]
    guard info.name == tensor.name, info.place.plane == plane else { return nil }
    return place(of: info.place, tensor)
  }

  private mutating func raise(
    _ place: (rows: Range<Int>, columns: Range<Int>)?, to status: TileStatus, isStore: Bool = false
  ) {
    guard let place else { return }
    for row in place.rows.clamped(to: 0..<rows) {
      for column in place.columns.clamped(to: 0..<columns)
      where cells[row * columns + column].status < status {
        cells[row * columns + column] = (status, isStore)
      }
    }
  }

  /// The liveliest status among a rectangle of tiles, for grids drawn smaller than they are.
  func summary(rows: Range<Int>, columns: Range<Int>) -> (status: TileStatus, isStore: Bool) {
    var best = (status: TileStatus.untouched, isStore: false)
    for row in rows.clamped(to: 0..<self.rows) {
      for column in columns.clamped(to: 0..<self.columns) {
        let cell = cells[row * self.columns + column]
        if cell.status >= best.status { best = cell }
      }
    }
    return best
  }
}
