// The status of every tile of a tensor, in the grid in which views draw it.

import Kernels
import Machine

/// The status of every tile of one plane of a tensor.
package struct TileStatusGrid {
  package let rows: Int
  package let columns: Int
  private var cells: [(status: TileStatus, isStore: Bool)]

  /// The grid of plane `plane` of the tensor with index `index`.
  package init(_ moment: Moment, tensor index: Int, plane: Int) {
    let tensor = moment.program.tensors[index]
    let counts = moment.state.transferCounts(index, plane: plane)
    let all = moment.recording.finalState.transferCounts(index, plane: plane)
    self.init(moment, tensor: index, plane: plane, tensor) { cell in
      let count = counts[cell]
      if tensor.role != .input, count.writes == 0 { return .unwritten }
      return count.reads + count.writes > 0 && count == all[cell] ? .done : .waiting
    }
  }

  /// The grid of a matrix that exists only in SRAM: a tile is nowhere once it is freed.
  package init(_ moment: Moment, onChip matrix: ChipMatrix, plane: Int) {
    let first = plane * matrix.tensor.gridRows * matrix.tensor.gridColumns
    self.init(moment, tensor: -1, plane: plane, matrix.tensor) { cell in
      moment.cycle >= matrix.firstDropped[first + cell] ? .dropped : .unwritten
    }
  }

  /// - Parameter rest: the status of a cell, counted row by row, that is not on chip.
  private init(
    _ moment: Moment, tensor index: Int, plane: Int, _ tensor: Tensor,
    atRest: (Int) -> TileStatus
  ) {
    rows = tensor.gridRows
    columns = tensor.gridColumns
    cells = (0..<rows * columns).map { (atRest($0), false) }
    mark(moment, tensor: index, plane: plane, tensor)
  }

  private mutating func mark(_ moment: Moment, tensor index: Int, plane: Int, _ tensor: Tensor) {
    func raise(_ key: TileKey, to status: TileStatus) {
      let info = moment.recording.blocks[key.block].tiles[key.tile]
      guard info.name == tensor.name, info.place.plane == plane else { return }
      for region in moment.regions(of: key) { self.raise(cells(of: region, tensor), to: status) }
    }
    for key in moment.state.sram.keys { raise(key, to: .resident) }
    for place in moment.running.map(\.place) {
      let op = moment.op(at: place)
      if let region = op.region {
        guard region.tensor == index, region.plane == plane else { continue }
        for region in moment.regions(at: place) {
          self.raise(cells(of: region, tensor), to: .inFlight, isStore: op.operation.isStore)
        }
        continue
      }
      for tile in moment.tiles(at: place) {
        raise(TileKey(block: place.block, tile: tile), to: .active)
      }
    }
  }

  private func cells(of region: Region, _ tensor: Tensor) -> (Range<Int>, Range<Int>) {
    region.cells(tileRows: tensor.tileRows, tileColumns: tensor.tileColumns)
  }

  private mutating func raise(
    _ place: (rows: Range<Int>, columns: Range<Int>), to status: TileStatus, isStore: Bool = false
  ) {
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
    var highest = (status: TileStatus.unwritten, isStore: false)
    for row in rows.clamped(to: 0..<self.rows) {
      for column in columns.clamped(to: 0..<self.columns)
      where cells[row * self.columns + column].status > highest.status {
        highest = cells[row * self.columns + column]
      }
    }
    return highest
  }
}
