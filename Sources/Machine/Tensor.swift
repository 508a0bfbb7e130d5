// Matrices in HBM and the rectangles of them that kernels move.

/// What a tensor is to the kernel that declares it.
public enum TensorRole: Sendable {
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
public struct Tensor: Sendable, Equatable {
  public var name: String
  public var planes: Int
  public var rows: Int
  public var columns: Int
  public var type: DataType
  public var role: TensorRole
  /// What its tiles are to a softmax.
  public var tileRole = TileRole.other
  /// Along what its rows and columns run.
  public var rowAxis = Axis.other
  public var columnAxis = Axis.other
  /// The grid in which views draw it, in elements.
  public var tileRows: Int
  public var tileColumns: Int

  public init(
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

  public var bytes: Int { planes * rows * columns * type.bytes }
  public var gridRows: Int { tileCount(rows, tileRows) }
  public var gridColumns: Int { tileCount(columns, tileColumns) }
}

/// ⌈extent / tile⌉, and 0 for nothing.
public func tileCount(_ extent: Int, _ tile: Int) -> Int { (extent + tile - 1) / tile }

/// The `index`th run of `tile` elements out of `extent`; the last may be shorter.
public func tileRange(_ index: Int, of extent: Int, by tile: Int) -> Range<Int> {
  let start = min(index * tile, extent)
  return start..<min(start + tile, extent)
}

/// A rectangle of one plane of a tensor.
public struct Region: Sendable, Hashable {
  /// Index into the program's tensors.
  public var tensor: Int
  public var plane: Int
  public var rows: Range<Int>
  public var columns: Range<Int>
  /// Position in the kernel's own tiling, for names: `K[2]` has no column, `S[1,2]` has.
  public var tileRow: Int
  public var tileColumn: Int?

  public init(
    tensor: Int, plane: Int, rows: Range<Int>, columns: Range<Int>, tileRow: Int, tileColumn: Int?
  ) {
    self.tensor = tensor
    self.plane = plane
    self.rows = rows
    self.columns = columns
    self.tileRow = tileRow
    self.tileColumn = tileColumn
  }

  public var count: Int { rows.count * columns.count }
}

/// Numbers for a tensor: planes × rows × columns, row-major.
public struct Matrix: Sendable, Equatable {
  public var planes: Int
  public var rows: Int
  public var columns: Int
  public var values: [Float]

  /// - Precondition: `values.count == planes * rows * columns`.
  public init(planes: Int = 1, rows: Int, columns: Int, values: [Float]) {
    precondition(values.count == planes * rows * columns)
    self.planes = planes
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  public init(planes: Int = 1, rows: Int, columns: Int, repeating value: Float = 0) {
    self.init(
      planes: planes, rows: rows, columns: columns,
      values: Array(repeating: value, count: planes * rows * columns))
  }

  /// Rows for columns in every plane.
  public var transposed: Matrix {
    var result = Matrix(planes: planes, rows: columns, columns: rows)
    for plane in 0..<planes {
      for row in 0..<rows {
        for column in 0..<columns { result[plane, column, row] = self[plane, row, column] }
      }
    }
    return result
  }

  public subscript(plane: Int = 0, row: Int, column: Int) -> Float {
    get { values[(plane * rows + row) * columns + column] }
    set { values[(plane * rows + row) * columns + column] = newValue }
  }
}
