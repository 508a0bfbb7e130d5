// What the place of a tile shows: the values that are there, how far a transfer has come, or nothing.

import Kernels
import Machine

/// The contents of every tile of one plane of a tensor, or of a matrix on chip.
package struct TileContents: Sendable {
  private let moment: Moment
  private let tensor: Tensor
  /// Index of the tensor; nil for a matrix on chip.
  private let index: Int?
  private let plane: Int
  package let statuses: TileStatusGrid
  /// Tiles on chip that cover a part of the tensor.
  private let onChip: [(place: Region, key: TileKey)]
  /// Stores of the tensor that are running, those that scatter rows left out.
  private let stores: [(place: Region, key: TileKey, share: Double)]
  private let counts: [TileTransferCounts]

  /// Plane `plane` of the tensor with index `index`.
  package init(_ moment: Moment, tensor index: Int, plane: Int) {
    self.init(
      moment, moment.program.tensors[index], index, plane,
      TileStatusGrid(moment, tensor: index, plane: plane),
      moment.state.transferCounts(index, plane: plane))
  }

  /// Plane `plane` of a matrix that exists on chip only.
  package init(_ moment: Moment, onChip matrix: ChipMatrix, plane: Int) {
    self.init(
      moment, matrix.tensor, nil, plane,
      TileStatusGrid(moment, onChip: matrix, plane: plane), [])
  }

  private init(
    _ moment: Moment, _ tensor: Tensor, _ index: Int?, _ plane: Int, _ statuses: TileStatusGrid,
    _ counts: [TileTransferCounts]
  ) {
    (self.moment, self.tensor, self.index, self.plane) = (moment, tensor, index, plane)
    (self.statuses, self.counts) = (statuses, counts)
    onChip =
      index != nil
      ? []
      : moment.state.sram.keys.reversed().compactMap { key in
        let info = moment.recording.blocks[key.block].tiles[key.tile]
        return info.name == tensor.name && info.place.plane == plane ? (info.place, key) : nil
      }
    stores = moment.running.compactMap { running in
      let op = moment.op(at: running.place)
      guard op.operation.isStore, let region = op.region, let tile = op.tile,
        region.tensor == index, region.plane == plane, region.rowsPerNumber == nil
      else { return nil }
      let key = TileKey(block: running.place.block, tile: tile)
      return (region, key, moment.progress(of: running.span))
    }
  }

  /// What a place shows.
  package enum Content: Sendable {
    /// Nothing is there.
    case nothing
    /// Data is there; `values` are empty in a run without values. `share`, 0 to 1, of it has arrived, and the
    /// rest is still what was there before; nil for nothing.
    case data(TileValues, share: Double, before: TileValues?)
  }

  /// The content of a tile of the grid.
  package func content(row: Int, column: Int) -> Content {
    let rows = tileRange(row, of: tensor.rows, by: tensor.tileRows)
    let columns = tileRange(column, of: tensor.columns, by: tensor.tileColumns)
    if let store = stores.first(where: { $0.place.covers(rows, columns) }) {
      let tile = moment.state.sram[store.key] ?? TileValues(rows: 0, columns: 0, values: [])
      return .data(
        crop(tile, store.place, rows, columns), share: store.share,
        before: inHBM(row, column, rows, columns))
    }
    if index != nil {
      guard let values = inHBM(row, column, rows, columns) else { return .nothing }
      return .data(values, share: 1, before: nil)
    }
    guard let found = onChip.first(where: { $0.place.covers(rows, columns) }),
      let tile = moment.state.sram[found.key]
    else { return .nothing }
    return .data(crop(tile, found.place, rows, columns), share: 1, before: nil)
  }

  /// What HBM holds of a tile of the grid, empty in a run without values; nil before it is written.
  private func inHBM(
    _ row: Int, _ column: Int, _ rows: Range<Int>, _ columns: Range<Int>
  ) -> TileValues? {
    guard let index,
      tensor.role == .input || counts[row * tensor.gridColumns + column].writes > 0
    else { return nil }
    let region = Region(
      tensor: index, plane: plane, rows: rows, columns: columns, tileRow: row, tileColumn: column)
    return moment.run.hasValues
      ? moment.state.tile(region) : TileValues(rows: 0, columns: 0, values: [])
  }

  /// The part of a tile in SRAM that a tile of the grid stands for.
  private func crop(
    _ tile: TileValues, _ place: Region, _ rows: Range<Int>, _ columns: Range<Int>
  ) -> TileValues {
    guard !tile.values.isEmpty else { return tile }
    let rows = rows.clamped(to: place.rows)
    let columns = columns.clamped(to: place.columns)
    return tile.cropped(
      rows: rows.lowerBound - place.rows.lowerBound..<rows.upperBound - place.rows.lowerBound,
      columns: columns.lowerBound - place.columns.lowerBound..<columns.upperBound
        - place.columns.lowerBound)
  }
}

extension Region {
  /// True if the region has elements in all of these rows and columns, or in some of each.
  fileprivate func covers(_ rows: Range<Int>, _ columns: Range<Int>) -> Bool {
    self.rows.overlaps(rows) && self.columns.overlaps(columns)
  }
}
