// What is wrong with a lesson, in the manner of a good compiler: where, what was found, what was
// expected, and the nearest thing that would have been right.

/// A place in a lesson that is not true or cannot be read.
public struct Fault: Error, Sendable, Equatable {
  public var path: String
  /// From 1.
  public var line: Int
  /// From 1, in characters.
  public var column: Int
  /// One line: what was found, what was expected.
  public var message: String
  /// The line of the file, if showing it helps.
  public var source: String?
  /// The nearest right thing.
  public var note: String?

  public init(
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
  public var headline: String { "\(visible(path)):\(line):\(column): \(visible(message))" }

  /// The headline, the source with a caret below the column, and the note.
  public var report: String {
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
