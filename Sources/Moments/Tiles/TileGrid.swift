// What every tile of a tensor is doing, in its drawing grid.

import Machine

/// The status of every tile in the drawing grid of one plane of a tensor.
package struct TileGrid {
  package let rows: Int
  package let columns: Int
  private var cells: [(status: TileStatus, isStore: Bool)]

  package init(_ moment: Moment, tensor index: Int, plane: Int) {
    let tensor = moment.program.tensors[index]
    let transferCounts = moment.state.transferCounts(index, plane: plane)
    self.init(moment, tensor: index, plane: plane, tensor, transferCounts: transferCounts)
  }

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

  /// The cells that a rectangle covers.
  private func cells(of region: Region, _ tensor: Tensor) -> (Range<Int>, Range<Int>)? {
    guard region.count > 0 else { return nil }
    return (
      region.rows.lowerBound / tensor.tileRows..<(region.rows.upperBound - 1) / tensor.tileRows + 1,
      region.columns.lowerBound / tensor.tileColumns..<(region.columns.upperBound - 1)
        / tensor.tileColumns + 1
    )
  }

  /// The cells that an SRAM tile of this tensor stands for.
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

  /// The liveliest status among a rectangle of tiles, for grids drawn smaller than they are.
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

extension TileGrid {
  /// A matrix that is only ever in SRAM: nothing is remembered of tiles that have gone.
  package init(_ moment: Moment, onChip tensor: Tensor, plane: Int) {
    self.init(moment, tensor: -1, plane: plane, tensor, transferCounts: [])
  }
}
