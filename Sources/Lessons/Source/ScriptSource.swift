// The lines of a lesson's file, and diagnostics that show them.

import Foundation
import Library
import Machine

/// The text of a lesson.
struct ScriptSource: Sendable {
  let path: String
  let lines: [String]

  /// Accepts any line ends, and drops a byte order mark. A letter and its accent become one
  /// character, and spaces behind Markdown's block markers become U+0020.
  init(_ text: String, path: String) {
    self.path = path
    let body = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    lines = body.split(omittingEmptySubsequences: false) { $0.isNewline }.map { line in
      line.utf8.allSatisfy { $0 < 0x80 }
        ? String(line) : normalizingSpaces(markdown: line.precomposedStringWithCanonicalMapping)
    }
  }

  /// A diagnostic that shows its line.
  /// - Parameter line: from 1; beyond the end, it is the last line.
  func diagnostic(_ line: Int, _ column: Int = 1, _ message: String, note: String? = nil)
    -> FileDiagnostic
  {
    let line = min(max(1, line), max(1, lines.count))
    let text = lines.indices.contains(line - 1) ? lines[line - 1] : ""
    return FileDiagnostic(
      path: path, line: line, column: column, message: message,
      source: text.allSatisfy(\.isWhitespace) ? nil : text, note: note)
  }

  func diagnostic(_ line: Int, _ diagnostic: ExpressionError) -> FileDiagnostic {
    self.diagnostic(line, diagnostic.column, diagnostic.message, note: diagnostic.note)
  }

  /// An error of the YAML reader, whose line numbers are those of this file.
  func diagnostic(_ error: FileError, line: Int) -> FileDiagnostic {
    guard case .malformed(_, let given, _, let reason) = error else {
      return diagnostic(line, 1, error.message)
    }
    // The YAML reader reports line 1 where it knows none; a block never begins there.
    let number = max(given ?? line, line)
    let text = lines.indices.contains(number - 1) ? lines[number - 1] : ""
    return diagnostic(number, text.prefix { $0 == " " }.count + 1, reason)
  }

  /// Errors for control and private-use characters, and for lines of more than 10,000 bytes.
  var unsafeCharacters: [FileDiagnostic] {
    lines.enumerated().compactMap { index, line in
      if line.utf8.count > 10_000 {
        return diagnostic(
          index + 1, 1, "found a line of \(grouped(line.utf8.count)) bytes, expected 10,000 at most"
        )
      }
      func place(_ isWrong: (Character) -> Bool) -> Int? {
        line.firstIndex(where: isWrong).map { line.distance(from: line.startIndex, to: $0) + 1 }
      }
      func found(_ column: Int) -> Character {
        line[line.index(line.startIndex, offsetBy: column - 1)]
      }
      if let column = place({ !isPlain(String($0)) }) {
        return diagnostic(
          index + 1, column,
          "found the control character \(quoted(String(found(column)))), expected text")
      }
      return place(\.isPrivate).map { column in
        diagnostic(
          index + 1, column,
          "found the private character \(codes(of: found(column))), expected text")
      }
    }
  }
}

extension Character {
  /// True for private-use characters, which have no meaning in Unicode.
  fileprivate var isPrivate: Bool {
    unicodeScalars.contains { $0.properties.generalCategory == .privateUse }
  }
}

/// The code points of an invisible character, at most three: `U+00A0`.
package func codes(of character: Character) -> String {
  character.unicodeScalars.prefix(3).map { scalar in
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }.joined(separator: " ")
}
