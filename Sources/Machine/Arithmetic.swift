// The inner loops: products of small row-major tiles, in fp32 as the tensor cores accumulate.
// Four terms at a time, so that the compiler keeps a row of the result in registers' reach.

/// The values of a tile: `rows` × `columns`, row-major.
public struct TileValues: Sendable, Equatable {
  public var rows: Int
  public var columns: Int
  public var values: [Float]

  public init(rows: Int, columns: Int, values: [Float]) {
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  public init(rows: Int, columns: Int, repeating value: Float) {
    self.init(
      rows: rows, columns: columns, values: Array(repeating: value, count: rows * columns))
  }

  public subscript(row: Int, column: Int) -> Float {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  var transposed: TileValues {
    var result = TileValues(rows: columns, columns: rows, repeating: 0)
    for row in 0..<rows { for column in 0..<columns { result[column, row] = self[row, column] } }
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
          for row in 0..<rows {
            addRow(out + row * width, left + row * depth, right, depth: depth, width: width)
          }
        }
      }
    }
  }
}

/// out[0..<width] += left[0..<depth] · right[depth × width].
@inlinable
public func addRow<Scalar: BinaryFloatingPoint>(
  _ out: UnsafeMutablePointer<Scalar>, _ left: UnsafePointer<Scalar>,
  _ right: UnsafePointer<Scalar>, depth: Int, width: Int
) {
  var k = 0
  while k &+ 4 <= depth {
    let (x0, x1, x2, x3) = (left[k], left[k &+ 1], left[k &+ 2], left[k &+ 3])
    let y0 = right + k &* width
    let (y1, y2, y3) = (y0 + width, y0 + 2 &* width, y0 + 3 &* width)
    for column in 0..<width {
      out[column] += (x0 * y0[column] + x1 * y1[column]) + (x2 * y2[column] + x3 * y3[column])
    }
    k &+= 4
  }
  while k < depth {
    let (x, y) = (left[k], right + k &* width)
    for column in 0..<width { out[column] += x * y[column] }
    k &+= 1
  }
}
