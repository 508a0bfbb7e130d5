// NumPy's .npy format: a magic string, a version, a header with shape and element type, and the
// elements. Shape, element size and index order are also what describes a tensor in HBM.
import Machine

/// The element types that can be read.
package enum NpyType: String, Sendable, CaseIterable {
  case float16, float32, float64
  /// One byte per element, for masks.
  case bool, uint8, int8

  /// Bytes per element in the file.
  package var bytes: Int {
    switch self {
    case .float16: 2
    case .float32: 4
    case .float64: 8
    case .bool, .uint8, .int8: 1
    }
  }
}

/// An array that was read from, or will be written to, an .npy file; in C order (last index
/// fastest).
package struct NpyArray: Sendable, Equatable {
  /// Extents, outermost first; empty for a scalar.
  package let shape: [Int]
  /// How the file stored the elements.
  package let type: NpyType
  let storage: NpyStorage

  init(shape: [Int], type: NpyType, storage: NpyStorage) {
    self.shape = shape
    self.type = type
    self.storage = storage
  }

  /// A float32 array.
  /// - Precondition: `floats.count` is the product of `shape`.
  package init(shape: [Int], floats: [Float]) {
    precondition(floats.count == shape.reduce(1, *))
    self.init(shape: shape, type: .float32, storage: .single(floats))
  }

  /// Number of elements, the product of the extents.
  package var count: Int { shape.reduce(1, *) }

  /// The elements as Float: float64 is rounded to nearest, true is 1.
  package var floats: [Float] {
    switch storage {
    case .single(let values): values
    case .double(let values): values.map { Float($0) }
    case .byte(let values): values.map { type == .int8 ? Float(Int8(bitPattern: $0)) : Float($0) }
    }
  }

  /// The elements as Double, exactly.
  package var doubles: [Double] {
    switch storage {
    case .single(let values): values.map { Double($0) }
    case .double(let values): values
    case .byte: floats.map { Double($0) }
    }
  }

  /// The elements of a mask, one byte each: 0 where the key is hidden from the query, otherwise not
  /// 0. Nil for floating-point arrays.
  package var bytes: [UInt8]? {
    if case .byte(let values) = storage { return values }
    return nil
  }

  /// The array as matrices of the last two extents; the leading extents (batch, heads) become
  /// planes.
  package func matrix(path: String) throws(FileError) -> Matrix {
    guard (2...4).contains(shape.count) else {
      throw .malformed(
        path: path, reason: "expected the shape [N, d], [H, N, d] or [B, H, N, d], found \(shape)")
    }
    return Matrix(
      planes: shape.dropLast(2).reduce(1, *), rows: shape[shape.count - 2],
      columns: shape[shape.count - 1], values: floats)
  }
}

/// The elements in memory; half precision is kept as Float, which holds it exactly.
enum NpyStorage: Sendable, Equatable {
  case single([Float])
  case double([Double])
  case byte([UInt8])
}
