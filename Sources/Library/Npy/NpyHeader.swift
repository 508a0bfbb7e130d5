// Parses the header of an untrusted .npy file: every number in it is checked against the size of
// the file before memory is allocated.

import Machine

/// The header of an .npy file.
struct NpyHeader {
  var type: NpyType
  var bigEndian: Bool
  var fortranOrder: Bool
  var shape: [Int]
  /// Offset of the elements in bytes from the start of the file.
  var dataOffset: Int
  /// Bytes of elements that shape and type imply.
  var dataBytes: Int

  /// Bytes to read for the header: 12, and the longest dictionary that version 1 allows.
  static let longest = 12 + 0xFFFF

  /// - Parameter bytes: the first `longest` bytes of the file, or all of it.
  init(_ bytes: [UInt8], for use: NpyUse = .any) throws(NpyError) {
    let text = try Self.headerText(bytes)
    dataOffset = text.endIndex
    let fields = try NpyFields(text)
    (type, bigEndian) = try npyType(fields.descr, for: use)
    fortranOrder = fields.fortranOrder
    shape = fields.shape
    dataBytes = try Self.expectedBytes(shape, type)
  }

  /// The bytes of the header's dictionary; the indices are those in the file.
  private static func headerText(_ bytes: [UInt8]) throws(NpyError) -> ArraySlice<UInt8> {
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    guard bytes.starts(with: magic) else { throw NpyError(notNpy(bytes)) }
    guard bytes.count >= 8 else { throw NpyError("the file ends inside its header") }
    guard (1...3).contains(bytes[6]), bytes[7] == 0 else {
      throw NpyError("found .npy version \(bytes[6]).\(bytes[7]), expected 1.0, 2.0 or 3.0")
    }
    // Version 1 has two bytes of length, the later ones four (NumPy enhancement proposal 1).
    let start = bytes[6] == 1 ? 10 : 12
    guard bytes.count >= start else { throw NpyError("the file ends inside its header") }
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= 0xFFFF else {
      throw NpyError("found a header of \(grouped(length)) bytes, expected at most 65,535")
    }
    guard bytes.count >= start + length else {
      let held = grouped(bytes.count - start)
      throw NpyError("the header should be \(grouped(length)) bytes long, the file holds \(held)")
    }
    return bytes[start..<(start + length)]
  }

  /// Bytes of elements. Overflow is an error even where another extent is zero, as in NumPy.
  private static func expectedBytes(_ shape: [Int], _ type: NpyType) throws(NpyError) -> Int {
    var product = type.bytes
    for extent in shape where extent != 0 {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw NpyError("no file can hold the shape \(shape) it promises") }
      product = next
    }
    return shape.contains(0) ? 0 : product
  }

  /// Checks that the file holds exactly the bytes that the header implies.
  func check(held: Int) throws(NpyError) {
    guard held != dataBytes else { return }
    let surplus = held > dataBytes ? ": \(grouped(held - dataBytes)) too many" : ""
    throw NpyError("header promises \(expectedSize), the file holds \(grouped(held))\(surplus)")
  }

  /// What the header implies, in words: "64 × 32 float32 = 8,192 bytes of data".
  var expectedSize: String {
    let extents = shape.map(grouped).joined(separator: " × ")
    return
      "\(shape.isEmpty ? "one" : extents) \(type.rawValue) = \(grouped(dataBytes)) bytes of data"
  }
}

/// An error in an .npy file, without the file's name.
struct NpyError: Error {
  var reason: String
  init(_ reason: String) { self.reason = reason }
}

private func notNpy(_ bytes: [UInt8]) -> String {
  if bytes.isEmpty { return "not an .npy file: it is empty" }
  if bytes.starts(with: Array("PK".utf8)) {
    return "not an .npy file but a zip archive (.npz?); save each array with numpy.save"
  }
  let start = bytes.prefix(8).map { byte in
    (0x20...0x7E).contains(byte)
      ? String(Unicode.Scalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
  return "not an .npy file: it starts with '\(start.joined())', expected '\\x93NUMPY'"
}
