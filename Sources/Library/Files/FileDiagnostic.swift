// A diagnostic of a lesson or a kernel, in the manner of a good compiler: where, what was found, what was
// expected, and the nearest thing that would have been right.

/// A place in a file at which something is not true or cannot be read.
package struct FileDiagnostic: Error, Sendable, Equatable {
  package var path: String
  /// From 1.
  package var line: Int
  /// From 1, in characters.
  package var column: Int
  /// One line: what was found, what was expected.
  package var message: String
  /// The line of the file, if showing it helps.
  package var source: String?
  /// The nearest right thing.
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
