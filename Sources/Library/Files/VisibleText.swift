// Text from files and arguments, made safe to print: it may hold escape sequences, which the
// terminal would carry out. Control characters are shown as their codes instead.

/// `text` with control characters and invisible direction marks written as their code: `\u{1B}`.
package func visible(_ text: String) -> String {
  written(text, hiding: isUnsafe) { "\\u{\(String($0.value, radix: 16, uppercase: true))}" }
}

/// `visible` for a text of several lines; line ends stay.
package func visibleLines(_ text: String) -> String {
  guard !text.utf8.allSatisfy(isSafeByte) else { return text }
  let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
  return lines.map { visible(String($0)) }.joined(separator: "\n")
}

/// JSON text with the same characters written as `\u001b`, JSON's escape sequence for them in
/// strings.
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

/// True where `text` has no control or invisible character, which could move the cursor, set a
/// colour or reverse the line.
package func isPlain(_ text: String) -> Bool { !text.unicodeScalars.contains(where: isUnsafe) }

/// `text` with each hidden scalar replaced by `form` of it.
private func written(
  _ text: String, hiding isHidden: (Unicode.Scalar) -> Bool, as form: (Unicode.Scalar) -> String
) -> String {
  guard text.unicodeScalars.contains(where: isHidden) else { return text }
  return text.unicodeScalars.map { isHidden($0) ? form($0) : String(Character($0)) }.joined()
}

/// True for printable ASCII and line ends: a fast test that most text passes.
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

/// `text` made visible, in single quotes, and cut after 60 characters.
package func quoted(_ text: String) -> String {
  let limit = 60
  return "'" + visible(text.count > limit ? text.prefix(limit) + "…" : text) + "'"
}
