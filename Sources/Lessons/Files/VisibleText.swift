// Text from outside, made safe to show: a file may hold escape sequences, and the terminal must
// never obey them.

/// `text` with control and invisible direction characters written out as `\u{1B}`.
public func visible(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
  return text.unicodeScalars.map { scalar in
    isUnsafe(scalar)
      ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(Character(scalar))
  }.joined()
}

/// True where nothing in `text` could move the cursor, colour the screen or reverse the line.
func isPlain(_ text: String) -> Bool { !text.unicodeScalars.contains(where: isUnsafe) }

private func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: true
  default: false
  }
}

/// `text` in single quotes, visible, and cut where it would fill the screen.
func quoted(_ text: String) -> String {
  let limit = 60
  return "'" + visible(text.count > limit ? text.prefix(limit) + "…" : text) + "'"
}

/// "a", "a and b", "a, b and c".
func listed(_ items: [String], _ conjunction: String = "and") -> String {
  guard items.count > 1, let last = items.last else { return items.first ?? "" }
  return items.dropLast().joined(separator: ", ") + " \(conjunction) \(last)"
}
