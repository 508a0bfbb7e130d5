// The values of one tensor in HBM. They are kept tile by tile, so that two states share every tile
// that neither has written, and a load of a whole tile copies nothing.

/// The values of a tensor, in the tiles of its drawing grid.
package struct TensorValues: Sendable, Equatable {
  private let rowsPerPlane: Int
  private let columns: Int
  private let tileRows: Int
  private let tileColumns: Int
  /// Rows of tiles, plane after plane; in each row, the values of its tiles.
  private var tiles: [[[Float]]]

  /// The values of `matrix`, or zeros, rounded to the tensor's format.
  init(_ tensor: Tensor, _ matrix: Matrix?) {
    rowsPerPlane = tensor.rows
    columns = tensor.columns
    tileRows = tensor.tileRows
    tileColumns = tensor.tileColumns
    tiles = []
    for plane in 0..<tensor.planes {
      for row in 0..<tensor.gridRows {
        tiles.append(
          (0..<tensor.gridColumns).map { column in
            let (rows, columns) = (self.rows(of: row), self.columns(of: column))
            guard let matrix else { return Array(repeating: 0, count: rows.count * columns.count) }
            return rows.flatMap { row in
              columns.map { tensor.type.round(matrix[plane, row, $0]) }
            }
          })
      }
    }
  }

  private var gridRows: Int { tileCount(rowsPerPlane, tileRows) }
  private func rows(of tile: Int) -> Range<Int> { tileRange(tile, of: rowsPerPlane, by: tileRows) }
  private func columns(of tile: Int) -> Range<Int> { tileRange(tile, of: columns, by: tileColumns) }

  /// The tiles of the grid that a region touches, as ranges of grid rows and columns.
  private func grid(_ region: Region) -> (rows: Range<Int>, columns: Range<Int>) {
    region.cells(tileRows: tileRows, tileColumns: tileColumns)
  }

  /// True if a region is exactly one tile of the grid, whose values need no gathering.
  private func isTile(_ region: Region, _ grid: (rows: Range<Int>, columns: Range<Int>)) -> Bool {
    grid.rows.count == 1 && grid.columns.count == 1
      && region.rows == rows(of: grid.rows.lowerBound)
      && region.columns == columns(of: grid.columns.lowerBound)
  }

  /// The values of a region.
  func tile(_ region: Region) -> TileValues {
    let grid = grid(region)
    let (height, width) = (region.rows.count, region.columns.count)
    if isTile(region, grid) {
      let row = region.plane * gridRows + grid.rows.lowerBound
      return TileValues(rows: height, columns: width, values: tiles[row][grid.columns.lowerBound])
    }
    var values: [Float] = []
    values.reserveCapacity(region.count)
    for row in region.rows where width > 0 {
      for column in grid.columns { values.append(contentsOf: part(region, row, column)) }
    }
    return TileValues(rows: height, columns: width, values: values)
  }

  /// The part of one row of a region that lies in grid column `column`.
  private func part(_ region: Region, _ row: Int, _ column: Int) -> ArraySlice<Float> {
    let inside = columns(of: column)
    let wanted = region.columns.clamped(to: inside)
    let start = (row % tileRows) * inside.count - inside.lowerBound
    return tiles[region.plane * gridRows + row / tileRows][column][
      start + wanted.lowerBound..<start + wanted.upperBound]
  }

  /// Writes a region, rounded to `type`.
  mutating func set(_ region: Region, to tile: TileValues, rounding type: DataType) {
    let rounded = type == .fp32 ? tile.values : tile.values.map(type.round)
    let grid = grid(region)
    if isTile(region, grid) {
      tiles[region.plane * gridRows + grid.rows.lowerBound][grid.columns.lowerBound] = rounded
      return
    }
    for (index, row) in region.rows.enumerated() {
      for column in grid.columns {
        let inside = columns(of: column)
        let wanted = region.columns.clamped(to: inside)
        let target = (row % tileRows) * inside.count - inside.lowerBound
        let source = index * tile.columns - region.columns.lowerBound
        tiles[region.plane * gridRows + row / tileRows][column].replaceSubrange(
          target + wanted.lowerBound..<target + wanted.upperBound,
          with: rounded[source + wanted.lowerBound..<source + wanted.upperBound])
      }
    }
  }

  /// The values of row `index`, counted over all planes.
  package func row(_ index: Int) -> [Float] {
    let (plane, row) = index.quotientAndRemainder(dividingBy: rowsPerPlane)
    return tile(
      Region(
        tensor: 0, plane: plane, rows: row..<row + 1, columns: 0..<columns, tileRow: 0,
        tileColumn: nil)
    ).values
  }
}
