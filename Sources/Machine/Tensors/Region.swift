// A region: a rectangle of a tensor. A tile stands for one, and a transfer moves one.

/// A rectangle of one plane of a tensor.
package struct Region: Sendable, Hashable {
  /// Index into the program's tensors.
  package var tensor: Int
  package var plane: Int
  package var rows: Range<Int>
  package var columns: Range<Int>
  /// Index in the kernel's tiling, for names. `tileColumn` is nil where names have none: `K[2]` has
  /// no column, `S[1,2]` has one.
  package var tileRow: Int
  package var tileColumn: Int?
  /// For a gather or a scatter: how many rows each number stands for that says which rows are meant. Then
  /// `rows` says only how many they are. Nil for the region itself.
  package var rowsPerNumber: Int?

  package init(
    tensor: Int, plane: Int, rows: Range<Int>, columns: Range<Int>, tileRow: Int, tileColumn: Int?
  ) {
    self.tensor = tensor
    self.plane = plane
    self.rows = rows
    self.columns = columns
    self.tileRow = tileRow
    self.tileColumn = tileColumn
  }

  /// Number of elements.
  package var count: Int { rows.count * columns.count }
}

extension Region {
  /// The rows that numbers name, a range for each of them; nil for the region itself. A number beyond the tensor
  /// means its last rows, as there is no other memory to read, and one that is not finite its first.
  /// - Parameter all: rows of the tensor.
  func rows(named numbers: some Sequence<Double>, of all: Int) -> [Range<Int>]? {
    guard let height = rowsPerNumber else { return nil }
    var rest = rows.count
    return numbers.map { number in
      let count = min(height, rest)
      let first = number.isFinite ? Int(max(0, min(number, 1e9))) * height : 0
      let start = max(0, min(first, all - count))
      rest -= count
      return start..<start + count
    }
  }

  /// The cells that the region touches in a grid of tiles, as ranges of grid rows and columns; none for an
  /// empty region.
  /// - Parameters:
  ///   - tileRows: rows of a cell, in elements.
  ///   - tileColumns: columns of a cell, in elements.
  package func cells(
    tileRows: Int, tileColumns: Int
  ) -> (rows: Range<Int>, columns: Range<Int>) {
    guard count > 0 else { return (0..<0, 0..<0) }
    return (
      rows.lowerBound / tileRows..<(rows.upperBound - 1) / tileRows + 1,
      columns.lowerBound / tileColumns..<(columns.upperBound - 1) / tileColumns + 1
    )
  }
}
