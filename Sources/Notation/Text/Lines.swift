// A kernel's text as lines: what may stand in one at all, where the words end and the reason begins.

/// One line of a text.
public struct SourceLine: Sendable, Equatable {
  /// From 1.
  public var number: Int
  /// Spaces before the first word.
  public var indent: Int
  /// Without the indent and the reason.
  public var text: String
  /// What stands behind `--`.
  public var why: String

  var place: Place { Place(line: number, column: indent + 1) }
}

extension SourceLine {
  /// A kernel's text has at most so many bytes.
  static let mostBytes = 64 * 1024
  static let mostLines = 4096

  /// The lines of a text, empty ones too.
  /// - Throws: `Diagnostic` for what cannot be text: too much of it, control characters, bytes that are
  ///   no UTF-8.
  static func lines(of bytes: [UInt8]) throws(Diagnostic) -> [SourceLine] {
    guard bytes.count <= mostBytes else {
      throw Diagnostic(
        Place(line: 1, column: 1),
        "found \(bytes.count) bytes; a kernel's text has at most \(mostBytes)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let line = firstInvalidLine(bytes)
      throw Diagnostic(Place(line: line, column: 1), "found bytes that are no UTF-8 text")
    }
    let body = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    var result: [SourceLine] = []
    for (index, line) in body.split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" || $0 == "\r\n" }
    ).enumerated() {
      guard index < mostLines else {
        throw Diagnostic(Place(line: index, column: 1), "a kernel's text has at most \(mostLines) lines")
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
    for (column, character) in line.enumerated() {
      guard let scalar = character.unicodeScalars.first(where: { !Self.mayStand($0) }) else {
        continue
      }
      let place = Place(line: number, column: column + 1)
      if scalar == "\t" { throw Diagnostic(place, "found a tab; indent with spaces") }
      let code = "U+" + String(String(scalar.value + 0x10000, radix: 16).dropFirst()).uppercased()
      throw Diagnostic(place, "found the control character \(code), which a kernel may not have")
    }
    let body = line.dropFirst(indent)
    if let dashes = Self.reason(in: body) {
      text = String(body[..<dashes]).trimmingEnd()
      why = String(body[body.index(dashes, offsetBy: 2)...].drop { $0 == " " }).trimmingEnd()
    } else {
      text = String(body).trimmingEnd()
      why = ""
    }
  }

  /// `--` with a space or nothing on both sides: `a - -b` has none.
  private static func reason(in body: Substring) -> Substring.Index? {
    var index = body.startIndex
    while index < body.endIndex {
      let rest = body[index...]
      if rest.hasPrefix("--"), rest.dropFirst(2).first.map({ $0 == " " }) ?? true,
        index == body.startIndex || body[body.index(before: index)] == " "
      {
        return index
      }
      index = body.index(after: index)
    }
    return nil
  }

  /// False for control characters, and for those that change the direction of what is shown.
  private static func mayStand(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate: false
    default: true
    }
  }
}

extension String {
  func trimmingEnd() -> String {
    String(String(reversed().drop { $0 == " " || $0 == "\u{A0}" }).reversed())
  }
}
