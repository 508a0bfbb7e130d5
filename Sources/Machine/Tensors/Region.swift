// A rectangle of a tensor: what a tile stands for, and what a transfer moves.

/// A rectangle of one plane of a tensor.
package struct Region: Sendable, Hashable {
  /// Index into the program's tensors.
  package var tensor: Int
  package var plane: Int
  package var rows: Range<Int>
  package var columns: Range<Int>
  /// Position in the kernel's own tiling, for names: `K[2]` has no column, `S[1,2]` has.
  package var tileRow: Int
  package var tileColumn: Int?

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

  package var count: Int { rows.count * columns.count }
}
