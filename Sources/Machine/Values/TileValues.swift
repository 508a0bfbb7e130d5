// The values of one tile.

/// The values of a tile: `rows` × `columns`, row-major. A run without values has tiles with an
/// empty `values`.
package struct TileValues: Sendable, Equatable {
  package var rows: Int
  package var columns: Int
  package var values: [Float]

  package init(rows: Int, columns: Int, values: [Float]) {
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  package init(rows: Int, columns: Int, repeating value: Float) {
    self.init(
      rows: rows, columns: columns, values: Array(repeating: value, count: rows * columns))
  }

  /// The value at a row and a column.
  package subscript(row: Int, column: Int) -> Float {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// Its rows in the shapes of these regions, one after the other.
  func parts(like regions: [Region]) -> [TileValues] {
    var start = 0
    return regions.map { region in
      defer { start += region.count }
      return TileValues(
        rows: region.rows.count, columns: region.columns.count,
        values: regions.count == 1 ? values : Array(values[start..<start + region.count]))
    }
  }

  var transposed: TileValues {
    var result = TileValues(rows: columns, columns: rows, repeating: 0)
    result.values.withUnsafeMutableBufferPointer { target in
      values.withUnsafeBufferPointer { source in
        for row in 0..<rows {
          for column in 0..<columns {
            target[column &* rows &+ row] = source[row &* columns &+ column]
          }
        }
      }
    }
    return result
  }

  /// self ← self + a·b.
  mutating func addProduct(_ a: TileValues, _ b: TileValues) {
    let depth = a.columns
    let width = columns
    values.withUnsafeMutableBufferPointer { out in
      a.values.withUnsafeBufferPointer { left in
        b.values.withUnsafeBufferPointer { right in
          guard let out = out.baseAddress, let left = left.baseAddress,
            let right = right.baseAddress
          else { return }
          Machine.addProduct(out, left, right, rows: rows, depth: depth, width: width)
        }
      }
    }
  }
}
