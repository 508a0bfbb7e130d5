// Parses the header of an .npy file, which is a Python dictionary written as text. Only the
// literals that occur there are read: strings, whole numbers, True, False and None, tuples, lists
// and dictionaries.

/// A value in Python's literal notation.
enum PythonLiteral: Equatable {
  case string(String)
  case integer(Int)
  case boolean(Bool)
  case none
  /// A tuple or a list.
  case sequence([PythonLiteral])
  /// The entries in the order of the text; a key may occur twice.
  case dictionary([PythonEntry])
}

/// One key of a dictionary with its value.
struct PythonEntry: Equatable {
  var key: PythonLiteral
  var value: PythonLiteral
}

/// Why a text is not a literal, for error messages.
struct PythonSyntaxError: Error { var reason: String }

/// Parses one literal; nothing but white space may follow it.
func parsePython(_ text: ArraySlice<UInt8>) throws(PythonSyntaxError) -> PythonLiteral {
  var scanner = PythonScanner(text: text)
  let literal = try scanner.value(depth: 0)
  scanner.skipSpace()
  if let rest = scanner.next { throw scanner.unexpected(rest, expected: "the end") }
  return literal
}

/// A recursive-descent parser over the bytes that are left.
private struct PythonScanner {
  var text: ArraySlice<UInt8>
  private let deepest = 8

  init(text: ArraySlice<UInt8>) { self.text = text }

  var next: UInt8? { text.first }

  mutating func skipSpace() {
    text = text.drop { $0 == UInt8(ascii: " ") || (9...13).contains($0) }
  }

  func unexpected(_ byte: UInt8?, expected: String) -> PythonSyntaxError {
    guard let byte else { return PythonSyntaxError(reason: "it ends where \(expected) should be") }
    let found = quoted(String(decoding: [byte], as: UTF8.self))
    return PythonSyntaxError(reason: "found \(found) where \(expected) should be")
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    text.removeFirst()
    return true
  }

  mutating func value(depth: Int) throws(PythonSyntaxError) -> PythonLiteral {
    guard depth < deepest else { throw PythonSyntaxError(reason: "it is nested too deeply") }
    if take("'") { return .string(try string(until: UInt8(ascii: "'"))) }
    if take("\"") { return .string(try string(until: UInt8(ascii: "\""))) }
    if take("{") { return .dictionary(try entries(depth: depth)) }
    if take("(") { return try parenthesised(depth: depth) }
    if take("[") { return .sequence(try items(until: "]", depth: depth).items) }
    return try word()
  }

  private mutating func string(until quote: UInt8) throws(PythonSyntaxError) -> String {
    guard let end = text.firstIndex(of: quote) else {
      throw PythonSyntaxError(reason: "a string is not closed")
    }
    let content = text[..<end]
    if content.contains(UInt8(ascii: "\\")) {
      throw PythonSyntaxError(reason: "found a backslash in a string, which no header needs")
    }
    text = text[(end + 1)...]
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func entries(depth: Int) throws(PythonSyntaxError) -> [PythonEntry] {
    var found: [PythonEntry] = []
    while !take("}") {
      let key = try value(depth: depth + 1)
      guard take(":") else { throw unexpected(next, expected: "':'") }
      found.append(PythonEntry(key: key, value: try value(depth: depth + 1)))
      if take(",") { continue }
      guard take("}") else { throw unexpected(next, expected: "',' or '}'") }
      break
    }
    return found
  }

  private mutating func items(
    until close: Unicode.Scalar, depth: Int
  ) throws(PythonSyntaxError) -> (items: [PythonLiteral], hasComma: Bool) {
    var found: [PythonLiteral] = []
    var hasComma = false
    while !take(close) {
      found.append(try value(depth: depth + 1))
      if take(",") {
        hasComma = true
        continue
      }
      guard take(close) else { throw unexpected(next, expected: "',' or '\(close)'") }
      break
    }
    return (found, hasComma)
  }

  /// A value in parentheses: `(3)` is the number 3 and `(3,)` a tuple of one element.
  private mutating func parenthesised(depth: Int) throws(PythonSyntaxError) -> PythonLiteral {
    let (found, hasComma) = try items(until: ")", depth: depth)
    return found.count == 1 && !hasComma ? found[0] : .sequence(found)
  }

  private mutating func word() throws(PythonSyntaxError) -> PythonLiteral {
    let end = text.firstIndex { !isWordByte($0) } ?? text.endIndex
    let word = String(decoding: text[..<end], as: UTF8.self)
    guard !word.isEmpty else { throw unexpected(next, expected: "a value") }
    text = text[end...]
    switch word {
    case "True": return .boolean(true)
    case "False": return .boolean(false)
    case "None": return .none
    default: return .integer(try integer(word))
    }
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  /// A whole number; Python 2 wrote long ones with a suffix, as in `16L`.
  private func integer(_ word: String) throws(PythonSyntaxError) -> Int {
    let digits = word.hasSuffix("L") ? word.dropLast() : word[...]
    let magnitude = digits.drop { $0 == "-" || $0 == "+" }
    let isNumber = !magnitude.isEmpty && magnitude.allSatisfy { "0"..."9" ~= $0 }
    if let number = Int(digits) { return number }
    throw PythonSyntaxError(
      reason: isNumber
        ? "the number \(quoted(word)) is too large" : "found \(quoted(word)), which is no value")
  }
}
