// Reads the three entries of an .npy header, `descr`, `fortran_order` and `shape`, and checks their
// values.

import Notation

/// The three entries of the header's dictionary.
struct NpyFields {
  var descr: PythonLiteral
  var fortranOrder: Bool
  var shape: [Int]

  private static let keys = ["descr", "fortran_order", "shape"]

  init(_ text: ArraySlice<UInt8>) throws(NpyError) {
    let fields = try Self.dictionary(text)
    guard let descr = fields["descr"], let order = fields["fortran_order"],
      let shape = fields["shape"]
    else {
      let missing = Self.keys.filter { fields[$0] == nil }
      throw NpyError("the header lacks \(listed(missing.map { "'\($0)'" }))")
    }
    self.descr = descr
    guard case .boolean(let fortranOrder) = order else {
      throw NpyError("expected True or False for 'fortran_order'")
    }
    self.fortranOrder = fortranOrder
    self.shape = try Self.extents(shape)
  }

  private static func dictionary(_ text: ArraySlice<UInt8>) throws(NpyError)
    -> [String: PythonLiteral]
  {
    let literal: PythonLiteral
    do { literal = try parsePython(text) } catch {
      throw NpyError("the header is no Python dictionary: \(error.reason)")
    }
    guard case .dictionary(let entries) = literal else {
      throw NpyError("the header is no Python dictionary")
    }
    var fields: [String: PythonLiteral] = [:]
    for entry in entries {
      guard case .string(let key) = entry.key, keys.contains(key) else {
        throw NpyError("the header has a key that is not one of \(listed(keys))")
      }
      guard fields.updateValue(entry.value, forKey: key) == nil else {
        throw NpyError("the header has '\(key)' twice")
      }
    }
    return fields
  }

  private static func extents(_ literal: PythonLiteral) throws(NpyError) -> [Int] {
    guard case .sequence(let items) = literal else {
      throw NpyError("expected a tuple of whole numbers for 'shape'")
    }
    var extents: [Int] = []
    for item in items {
      guard case .integer(let extent) = item, extent >= 0 else {
        throw NpyError("expected whole numbers, zero or more, in 'shape'")
      }
      extents.append(extent)
    }
    return extents
  }
}

/// The element type and byte order that `descr` names: float32, little-endian for `<f4`.
/// - Throws: where the type is unknown or not allowed for `use`.
func npyType(
  _ descr: PythonLiteral, for use: NpyUse
) throws(NpyError) -> (type: NpyType, bigEndian: Bool) {
  guard case .string(let name) = descr else {
    throw NpyError("found a structured array, expected \(use.types)")
  }
  let order = name.first.flatMap { "<>|=".contains($0) ? $0 : nil }
  let code = order == nil ? name : String(name.dropFirst())
  // NumPy also reads its long type names, such as float32, which some writers store.
  guard let type = npyTypes[code] ?? (order == nil ? NpyType(rawValue: name) : nil) else {
    throw NpyError(
      "found elements of type \(quoted(name))\(npyRemark(code)), expected \(use.types)")
  }
  guard use.takes(type) else {
    throw NpyError("found \(type.rawValue), expected \(use.types)\(use.advice(type))")
  }
  return (type, order == ">")
}

/// What an array is read for; it decides which element types are accepted.
package enum NpyUse: Sendable {
  case any
  case numbers
  case bias
  case mask

  private var all: [NpyType] {
    switch self {
    case .any: NpyType.allCases
    case .numbers, .bias: [.float16, .float32, .float64]
    case .mask: [.bool, .uint8]
    }
  }

  var types: String { listed(all.map(\.rawValue), "or") }

  /// True where arrays of this type are accepted. A mask of int8 is read, though messages do not
  /// offer it.
  func takes(_ type: NpyType) -> Bool { all.contains(type) || (self == .mask && type == .int8) }

  func advice(_ type: NpyType) -> String {
    switch self {
    case .bias where type.bytes == 1: "; a mask goes to --mask"
    case .mask: "; save it with .astype(bool), or give what is added to the scores to --bias"
    default: ""
    }
  }
}

private let npyTypes: [String: NpyType] = [
  "f2": .float16, "f4": .float32, "f8": .float64, "b1": .bool, "u1": .uint8, "i1": .int8,
  "?": .bool,
]

private func npyRemark(_ code: String) -> String {
  switch code.first {
  case "O": " (Python objects, which are never loaded)"
  case "V" where code == "V2": " (raw bytes; bfloat16 arrays are stored so: save them as float32)"
  case "V" where code == "V1": " (raw bytes; float8 arrays are stored so: save them as float32)"
  case "V": " (raw bytes)"
  case "i": " (whole numbers)"
  case "u": " (whole numbers)"
  case "c": " (complex numbers)"
  case "U", "S": " (text)"
  default: ""
  }
}
