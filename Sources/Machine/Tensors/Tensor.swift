// A tensor: a stack of matrices in HBM, with the axes along which they run.

/// What a tensor is to the kernel that declares it.
package enum TensorRole: Sendable {
  /// Filled before the run.
  case input
  /// The result.
  case output
  /// Written and read by the kernel itself.
  case scratch
  /// Not in HBM at all: values the report keeps from the chip, without traffic.
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
  /// What its tiles are to a softmax.
  package var tileRole = TileRole.other
  /// Along what its rows and columns run.
  package var rowAxis = Axis.other
  package var columnAxis = Axis.other
  /// The grid in which views draw it, in elements.
  package var tileRows: Int
  package var tileColumns: Int

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

  package var bytes: Int { planes * rows * columns * type.bytes }
  package var gridRows: Int { tileCount(rows, tileRows) }
  package var gridColumns: Int { tileCount(columns, tileColumns) }
}
