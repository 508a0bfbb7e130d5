// A tensor: a stack of matrices in HBM, and what their axes stand for.

/// What a tensor is to the kernel that declares it.
package enum TensorRole: Sendable {
  /// Filled before the run.
  case input
  /// The result.
  case output
  /// Written and read by the kernel itself.
  case scratch
  /// Not in HBM: values copied from SRAM for the report, without traffic.
  case statistic
}

/// A stack of matrices in HBM: `planes` (batch × heads) of `rows` × `columns`.
package struct Tensor: Sendable, Equatable {
  package var name: String
  package var planes: Int
  package var rows: Int
  package var columns: Int
  package var type: DataType
  package var role: TensorRole
  /// The role of its tiles in the softmax.
  package var tileRole = TileRole.other
  /// What its rows and its columns stand for.
  package var rowAxis = Axis.other
  package var columnAxis = Axis.other
  /// What the kernel's text calls the axes of its rows and of its columns; empty where it says nothing.
  package var rowName = ""
  package var columnName = ""
  /// Tile of the grid in which views draw the tensor, in elements.
  package var tileRows: Int
  package var tileColumns: Int
  /// Elements of all planes that are in HBM, where not all of them are.
  package var storedElements: Int?

  package init(
    _ name: String, planes: Int = 1, rows: Int, columns: Int, type: DataType, role: TensorRole,
    tileRows: Int, tileColumns: Int
  ) {
    self.name = name
    self.planes = planes
    self.rows = rows
    self.columns = columns
    self.type = type
    self.role = role
    self.tileRows = tileRows
    self.tileColumns = tileColumns
  }

  /// True for a matrix of queries against keys in HBM, such as S, P and their gradients.
  package var pairsQueriesWithKeys: Bool {
    rowAxis == .queries && columnAxis == .keys && role != .statistic
  }

  /// Size in HBM, bytes.
  package var bytes: Int { (storedElements ?? planes * rows * columns) * type.bytes }
  /// Rows of tiles in the drawing grid of one plane.
  package var gridRows: Int { tileCount(rows, tileRows) }
  /// Columns of tiles in the drawing grid.
  package var gridColumns: Int { tileCount(columns, tileColumns) }
}
