// Writes results as .npy files: version 1.0, little-endian float32, C order, which every NumPy
// reads.

extension NpyArray {
  /// Writes the elements as float32, atomically.
  /// - Throws: `unwritable` with the system's reason.
  package func write(to path: String) throws(FileError) {
    try writeFile(encoded, to: path)
  }

  /// The bytes of the .npy file: the header, then the elements as little-endian float32.
  package var encoded: [UInt8] {
    let values = floats
    var file = header
    file.reserveCapacity(file.count + 4 * values.count)
    for value in values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { file.append(contentsOf: $0) }
    }
    return file
  }

  /// Magic string, version, length and dictionary, padded so that the elements start at a multiple
  /// of 64 bytes (NumPy enhancement proposal 1).
  private var header: [UInt8] {
    let extents = shape.map { "\($0)," }.joined(separator: " ")
    let tuple = shape.count > 1 ? String(extents.dropLast()) : extents
    var text = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(tuple)), }"
    let unpadded = 10 + text.utf8.count + 1
    text += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    let length = text.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)]
      + Array(text.utf8)
  }
}
