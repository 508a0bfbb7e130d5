// The values of a tensor outside of a run: its inputs and its results.

/// The values of a tensor: planes × rows × columns, row-major.
package struct Matrix: Sendable, Equatable {
  package var planes: Int
  package var rows: Int
  package var columns: Int
  package var values: [Float]

  /// - Precondition: `values.count == planes * rows * columns`.
  package init(planes: Int = 1, rows: Int, columns: Int, values: [Float]) {
    precondition(values.count == planes * rows * columns)
    self.planes = planes
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  package init(planes: Int = 1, rows: Int, columns: Int, repeating value: Float = 0) {
    self.init(
      planes: planes, rows: rows, columns: columns,
      values: Array(repeating: value, count: planes * rows * columns))
  }

  /// Every plane transposed.
  package var transposed: Matrix {
    var result = Matrix(planes: planes, rows: columns, columns: rows)
    for plane in 0..<planes {
      for row in 0..<rows {
        for column in 0..<columns { result[plane, column, row] = self[plane, row, column] }
      }
    }
    return result
  }

  /// The value at a row and a column of a plane.
  package subscript(plane: Int = 0, row: Int, column: Int) -> Float {
    get { values[(plane * rows + row) * columns + column] }
    set { values[(plane * rows + row) * columns + column] = newValue }
  }
}
