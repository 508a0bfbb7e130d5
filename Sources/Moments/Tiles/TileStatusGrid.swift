// The status of every tile of a tensor, in the grid in which views draw it.

import Machine

/// The status of every tile of one plane of a tensor.
package struct TileStatusGrid {
  package let rows: Int
  package let columns: Int
  private var cells: [(status: TileStatus, isStore: Bool)]

  /// The grid of plane `plane` of the tensor with index `index`.
  package init(_ moment: Moment, tensor index: Int, plane: Int) {
    let tensor = moment.program.tensors[index]
    let transferCounts = moment.state.transferCounts(index, plane: plane)
    self.init(moment, tensor: index, plane: plane, tensor, transferCounts: transferCounts)
  }

  /// The same for a given tensor and given transfer counts, one per tile, row by row.
  package init(
    _ moment: Moment, tensor index: Int, plane: Int, _ tensor: Tensor,
    transferCounts: [TileTransferCounts]
  ) {
    rows = tensor.gridRows
    columns = tensor.gridColumns
    cells = Array(repeating: (TileStatus.untouched, false), count: rows * columns)
    for (cell, transferCounts) in transferCounts.enumerated()
    where transferCounts.reads + transferCounts.writes > 0 {
      cells[cell].status = .done
    }
    mark(moment, tensor: index, plane: plane, tensor)
  }

  private mutating func mark(_ moment: Moment, tensor index: Int, plane: Int, _ tensor: Tensor) {
    for key in moment.state.sram.keys {
      raise(cells(of: key, moment, tensor, plane), to: .resident)
    }
    for place in moment.running.map(\.place) {
      let op = moment.op(at: place)
      if let region = op.region {
        guard region.tensor == index, region.plane == plane else { continue }
        if op.operation.isStore {
          raise(cells(of: region, tensor), to: .inFlight, isStore: true)
        } else {
          raise(cells(of: region, tensor), to: .inFlight)
        }
        continue
      }
      for tile in moment.tiles(at: place) {
        let key = TileKey(block: place.block, tile: tile)
        raise(cells(of: key, moment, tensor, plane), to: .active)
      }
    }
  }

  private func cells(of region: Region, _ tensor: Tensor) -> (Range<Int>, Range<Int>) {
    region.cells(tileRows: tensor.tileRows, tileColumns: tensor.tileColumns)
  }

  /// The rows and columns of the grid that a tile in SRAM covers; nil for a tile of another tensor
  /// or plane.
  private func cells(
    of key: TileKey, _ moment: Moment, _ tensor: Tensor, _ plane: Int
  ) -> (Range<Int>, Range<Int>)? {
    let info = moment.recording.blocks[key.block].tiles[key.tile]
    guard info.name == tensor.name, info.place.plane == plane else { return nil }
    return cells(of: info.place, tensor)
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

  /// The highest status among the tiles of a rectangle: one cell on the screen may stand for
  /// several tiles.
  package func summary(rows: Range<Int>, columns: Range<Int>) -> (status: TileStatus, isStore: Bool)
  {
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

extension TileStatusGrid {
  /// The grid of a matrix that exists only in SRAM: a tile is untouched again once it is freed.
  package init(_ moment: Moment, onChip tensor: Tensor, plane: Int) {
    self.init(moment, tensor: -1, plane: plane, tensor, transferCounts: [])
  }
}
