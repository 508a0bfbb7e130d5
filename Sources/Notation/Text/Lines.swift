// Splits a kernel's text into lines: which characters are allowed, and where `--` begins the reason
// for a line.

/// One line of a text.
package struct SourceLine: Sendable, Equatable {
  /// Counted from 1.
  package var number: Int
  /// Spaces before the first word.
  package var indent: Int
  /// The line without its indent and its reason.
  package var text: String
  /// The reason for the line, behind `--`; empty for none.
  package var why: String

  var place: SourcePosition { SourcePosition(line: number, column: indent + 1) }
}

extension SourceLine {
  static let mostLines = 4096

  /// The lines of a text, empty ones included.
  /// - Parameter size: bytes of the whole text, where `bytes` are only its beginning.
  /// - Throws: `Diagnostic` if the text is too long, has control characters, or is not UTF-8.
  static func lines(of bytes: [UInt8], size: Int) throws(Diagnostic) -> [SourceLine] {
    guard size <= KernelText.mostBytes else {
      throw Diagnostic(
        SourcePosition(line: 1, column: 1),
        "found \(size) bytes; a kernel's text has at most \(KernelText.mostBytes)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let line = firstInvalidLine(bytes)
      throw Diagnostic(SourcePosition(line: line, column: 1), "found bytes that are no UTF-8 text")
    }
    let body = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    var result: [SourceLine] = []
    for (index, line) in body.split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }
    ).enumerated() {
      guard index < mostLines else {
        throw Diagnostic(
          SourcePosition(line: index, column: 1), "a kernel's text has at most \(mostLines) lines")
      }
      result.append(try SourceLine(String(line), number: index + 1))
    }
    return result
  }

  private static func firstInvalidLine(_ bytes: [UInt8]) -> Int {
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return 1 + (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0)
  }

  private init(_ line: String, number: Int) throws(Diagnostic) {
    self.number = number
    indent = line.prefix { $0 == " " }.count
    // Most lines are printable ASCII: then no single character needs a check.
    if !line.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { try Self.check(line, number) }
    let body = line.dropFirst(indent)
    if let dashes = Self.reason(in: body) {
      text = body[..<dashes].trimmingEnd()
      why = body[body.index(dashes, offsetBy: 2)...].drop { $0 == " " }.trimmingEnd()
    } else {
      text = body.trimmingEnd()
      why = ""
    }
  }

  private static func check(_ line: String, _ number: Int) throws(Diagnostic) {
    for (column, character) in line.enumerated() {
      guard let scalar = character.unicodeScalars.first(where: { !mayStand($0) }) else { continue }
      let place = SourcePosition(line: number, column: column + 1)
      if scalar == "\t" { throw Diagnostic(place, "found a tab; indent with spaces") }
      let code = "U+" + String(String(scalar.value + 0x10000, radix: 16).dropFirst()).uppercased()
      throw Diagnostic(place, "found the control character \(code), which a kernel may not have")
    }
  }

  /// Where `--` stands with a space, or the line's edge, on both sides; `a --b` and `a - -b` have
  /// none.
  private static func reason(in body: Substring) -> Substring.Index? {
    let (bytes, dash, space) = (body.utf8, UInt8(ascii: "-"), UInt8(ascii: " "))
    var index = bytes.startIndex
    var before = space
    while let next = bytes.index(index, offsetBy: 2, limitedBy: bytes.endIndex) {
      let second = bytes.index(after: index)
      if before == space, bytes[index] == dash, bytes[second] == dash,
        next == bytes.endIndex || bytes[next] == space
      {
        return index
      }
      before = bytes[index]
      index = second
    }
    return nil
  }

  /// False for control characters, and for those that change the direction of writing.
  private static func mayStand(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate: false
    default: true
    }
  }
}

extension StringProtocol {
  /// Without the spaces at its end.
  func trimmingEnd() -> String {
    var rest = self[...]
    while rest.last == " " || rest.last == "\u{A0}" { rest.removeLast() }
    return String(rest)
  }
}
