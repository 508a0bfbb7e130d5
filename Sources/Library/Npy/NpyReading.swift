// Decodes the elements of an .npy file. Byte order and index order are converted here, so that the
// rest of the program only sees native numbers in C order.

extension NpyArray {
  /// Reads an .npy file: versions 1.0 to 3.0, float16/32/64 of either byte order, bool, uint8 and
  /// int8, C or Fortran order, any rank.
  /// - Parameter use: which element types are accepted.
  /// - Throws: `missing`, `unreadable`, or `malformed` with what was found and expected.
  package init(contentsOf path: String, for use: NpyUse = .any) throws(FileError) {
    let file = try InputFile(path)
    let header = try Self.header(
      file.prefix(NpyHeader.longest), size: file.size, path: path, for: use)
    self.init(header, try file.prefix(header.dataOffset + header.dataBytes))
  }

  /// Reads an .npy file that is already in memory; messages name it `name`.
  package init(bytes: [UInt8], name: String) throws(FileError) {
    self.init(try Self.header(bytes, size: bytes.count, path: name), bytes)
  }

  /// The parsed header, after a check that the file has the size it implies.
  private static func header(
    _ bytes: [UInt8], size: Int, path: String, for use: NpyUse = .any
  ) throws(FileError) -> NpyHeader {
    do throws(NpyError) {
      let header = try NpyHeader(bytes, for: use)
      try header.check(held: size - header.dataOffset)
      return header
    } catch {
      throw .malformed(path: path, reason: error.reason)
    }
  }

  private init(_ header: NpyHeader, _ file: [UInt8]) {
    let storage = file.withUnsafeBytes { bytes in
      NpyData(header: header, bytes: bytes.dropFirst(header.dataOffset)).storage
    }
    self.init(shape: header.shape, type: header.type, storage: storage)
  }
}

/// The undecoded elements of a file, and the header that describes them.
private struct NpyData {
  var header: NpyHeader
  var bytes: Slice<UnsafeRawBufferPointer>

  var storage: NpyStorage {
    switch header.type {
    case .float16: .single(elements { (raw: UInt16) in Float(Float16(bitPattern: raw)) })
    case .float32: .single(elements { (raw: UInt32) in Float(bitPattern: raw) })
    case .float64: .double(elements { (raw: UInt64) in Double(bitPattern: raw) })
    case .bool, .uint8, .int8: .byte(elements { (raw: UInt8) in raw })
    }
  }

  private func elements<Raw: FixedWidthInteger & BitwiseCopyable, Element>(
    _ convert: (Raw) -> Element
  ) -> [Element] {
    let count = header.shape.reduce(1, *)
    let source = UnsafeRawBufferPointer(rebasing: bytes)
    let width = MemoryLayout<Raw>.size
    let values = [Element](unsafeUninitializedCapacity: count) { buffer, filled in
      for index in 0..<count {
        // A file that shrank while it was read yields zeros instead of a crash.
        let held = (index + 1) * width <= source.count
        let raw = held ? source.loadUnaligned(fromByteOffset: index * width, as: Raw.self) : 0
        buffer.initializeElement(
          at: index, to: convert(header.bigEndian ? Raw(bigEndian: raw) : Raw(littleEndian: raw)))
      }
      filled = count
    }
    return ordered(values, header.shape, header.fortranOrder)
  }
}

/// The elements in C order; in Fortran order the first index varies fastest.
private func ordered<Element>(_ values: [Element], _ shape: [Int], _ fortran: Bool) -> [Element] {
  guard fortran, shape.count > 1, let columns = shape.last, !values.isEmpty else { return values }
  let strides = shape.indices.map { shape[..<$0].reduce(1, *) }
  var index = [Int](repeating: 0, count: shape.count)
  var result: [Element] = []
  result.reserveCapacity(values.count)
  while result.count < values.count {
    let start = zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
    for column in 0..<columns { result.append(values[start + column * strides[shape.count - 1]]) }
    advanceRow(&index, shape)
  }
  return result
}

/// Advances the index to the next row, last axis but one fastest; the column index stays 0.
private func advanceRow(_ index: inout [Int], _ shape: [Int]) {
  for axis in shape.indices.dropLast().reversed() {
    index[axis] += 1
    if index[axis] < shape[axis] { return }
    index[axis] = 0
  }
}
