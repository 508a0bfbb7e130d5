// Text from outside, made safe to show: a file may hold escape sequences, and the terminal must
// never obey them.

/// `text` with control and invisible direction characters written out as `\u{1B}`.
package func visible(_ text: String) -> String {
  written(text, hiding: isUnsafe) { "\\u{\(String($0.value, radix: 16, uppercase: true))}" }
}

/// The same of several lines, whose ends stay.
package func visibleLines(_ text: String) -> String {
  guard !text.utf8.allSatisfy(isSafeByte) else { return text }
  let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
  return lines.map { visible(String($0)) }.joined(separator: "\n")
}

/// JSON with the same characters written out as `\u001b`, which stands for them in its strings.
package func visibleJSON(_ json: String) -> String {
  guard !json.utf8.allSatisfy(isSafeByte) else { return json }
  let isHidden = { (scalar: Unicode.Scalar) in scalar != "\n" && isUnsafe(scalar) }
  return written(json, hiding: isHidden) { scalar in
    String(scalar).utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }
}

/// True where nothing in `text` could move the cursor, colour the screen or reverse the line.
package func isPlain(_ text: String) -> Bool { !text.unicodeScalars.contains(where: isUnsafe) }

/// `text` with the scalars that are hidden written as `form` says.
private func written(
  _ text: String, hiding isHidden: (Unicode.Scalar) -> Bool, as form: (Unicode.Scalar) -> String
) -> String {
  guard text.unicodeScalars.contains(where: isHidden) else { return text }
  return text.unicodeScalars.map { isHidden($0) ? form($0) : String(Character($0)) }.joined()
}

/// Printable ASCII and line ends: most of all text, and quickly told.
private func isSafeByte(_ byte: UInt8) -> Bool {
  (0x20...0x7E).contains(byte) || byte == UInt8(ascii: "\n")
}

private func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
  if (0x20...0x7E).contains(scalar.value) { return false }
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
    return true
  default: return false
  }
}

/// `text` in single quotes, visible, and cut where it would fill the screen.
package func quoted(_ text: String) -> String {
  let limit = 60
  return "'" + visible(text.count > limit ? text.prefix(limit) + "…" : text) + "'"
}
