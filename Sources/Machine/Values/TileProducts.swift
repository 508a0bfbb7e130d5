// The inner loops: products of small row-major tiles. Sixteen terms are added at a time, as in one
// instruction of a tensor core.

/// out[rows × width] += left[rows × depth] · right[depth × width].
///
/// In pieces of `right`, 64 × 64, that stay in the L1 cache while all rows of `left` use them.
@inlinable
package func addProduct<Scalar: BinaryFloatingPoint>(
  _ out: UnsafeMutablePointer<Scalar>, _ left: UnsafePointer<Scalar>,
  _ right: UnsafePointer<Scalar>, rows: Int, depth: Int, width: Int
) {
  let edge = 64
  for k in stride(from: 0, to: depth, by: edge) {
    for column in stride(from: 0, to: width, by: edge) {
      for row in 0..<rows {
        addRow(
          out + (row &* width &+ column), left + (row &* depth &+ k),
          right + (k &* width &+ column), depth: min(edge, depth - k),
          width: min(edge, width - column), stride: width)
      }
    }
  }
}

/// out[0..<width] += left[0..<depth] · right[depth × width], whose rows are `stride` apart.
///
/// Sixteen products are summed pairwise before they meet the accumulator, as a tensor core sums the
/// products of one instruction (k = 16): fewer roundings at the accumulator's size. The plain loop
/// over columns is what the compiler turns into vector instructions.
@inlinable
func addRow<Scalar: BinaryFloatingPoint>(
  _ out: UnsafeMutablePointer<Scalar>, _ left: UnsafePointer<Scalar>,
  _ right: UnsafePointer<Scalar>, depth: Int, width: Int, stride: Int
) {
  var k = 0
  while k &+ 16 <= depth {
    let (x, y) = (left + k, right + k &* stride)
    for column in 0..<width {
      let low = sumOfEight(x, y + column, stride)
      let high = sumOfEight(x + 8, y + column + 8 &* stride, stride)
      out[column] += low + high
    }
    k &+= 16
  }
  while k < depth {
    let (x, y) = (left[k], right + k &* stride)
    for column in 0..<width { out[column] += x * y[column] }
    k &+= 1
  }
}

/// x[0]·y[0] + … + x[7]·y[7·stride], pairwise.
@inlinable @inline(__always)
func sumOfEight<Scalar: BinaryFloatingPoint>(
  _ x: UnsafePointer<Scalar>, _ y: UnsafePointer<Scalar>, _ stride: Int
) -> Scalar {
  let low = (x[0] * y[0] + x[1] * y[stride]) + (x[2] * y[2 &* stride] + x[3] * y[3 &* stride])
  let high =
    (x[4] * y[4 &* stride] + x[5] * y[5 &* stride])
    + (x[6] * y[6 &* stride] + x[7] * y[7 &* stride])
  return low + high
}
