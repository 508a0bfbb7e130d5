// A diagnostic of a lesson or a kernel, in the form that compilers print: path, line and column,
// what was found, what was expected, and the nearest correct spelling.

/// An error at a place of a file: a syntax error, or a claim that is false.
package struct FileDiagnostic: Error, Sendable, Equatable {
  package var path: String
  /// Line number, from 1.
  package var line: Int
  /// Column number in characters, from 1.
  package var column: Int
  /// What was found and what was expected, in one line.
  package var message: String
  /// The line of the file; nil where showing it does not help.
  package var source: String?
  /// The closest valid name or line, as a suggestion.
  package var note: String?

  package init(
    path: String, line: Int, column: Int = 1, message: String, source: String? = nil,
    note: String? = nil
  ) {
    self.path = path
    self.line = line
    self.column = column
    self.message = message
    self.source = source
    self.note = note
  }

  /// `first.md:14:8: message`, safe to print on a terminal.
  package var headline: String { "\(visible(path)):\(line):\(column): \(visible(message))" }

  /// The headline, the source with a caret below the column, and the note.
  package var report: String {
    var lines = [headline]
    if let source {
      // A long line is cut around the column, so that the caret stays in sight.
      let start = max(0, column - 60)
      let shown = visible(String(source.dropFirst(start).prefix(76)))
      let before = visible(String(source.dropFirst(start).prefix(max(0, column - 1 - start))))
      lines += ["    " + shown, "    " + String(repeating: " ", count: before.count) + "^"]
    }
    if let note { lines.append("    nearest: " + visible(note)) }
    return lines.joined(separator: "\n")
  }
}
