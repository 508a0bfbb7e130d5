// Errors about files and names that a user gives, each as one line in the form that compilers
// print: what was found, what was expected, and the nearest valid name.

/// A file that cannot be read or written, or a name that is unknown.
package enum FileError: Error, Equatable, Sendable {
  /// There is no such file.
  case missing(path: String)
  /// The file exists and cannot be read: a directory, no permission, too large.
  case unreadable(path: String, reason: String)
  /// The file cannot be written.
  case unwritable(path: String, reason: String)
  /// The file was read, and its contents are wrong; `line` and `column` count from 1.
  case malformed(path: String, line: Int? = nil, column: Int? = nil, reason: String)
  /// No built-in item has this name; `kind` is a noun such as “device” or “sample”.
  case unknown(kind: String, name: String, valid: [String])
}

extension FileError: CustomStringConvertible {
  /// One line for the user, safe to print on a terminal.
  package var message: String {
    switch self {
    case .missing(let path): "\(visible(path)): no such file"
    case .unreadable(let path, let reason): "\(visible(path)): cannot be read: \(reason)"
    case .unwritable(let path, let reason): "\(visible(path)): cannot be written: \(reason)"
    case .malformed(let path, let line?, let column, let reason):
      "\(visible(path)):\(line):\(column.map { "\($0):" } ?? "") \(reason)"
    case .malformed(let path, nil, _, let reason): "\(visible(path)): \(reason)"
    case .unknown(let kind, let name, let valid):
      "unknown \(kind) \(quoted(name))\(suggestion(for: name, in: valid)); "
        + "the \(kind)s are \(valid.joined(separator: ", "))"
    }
  }

  /// The exit code of a command that fails with this error: 64 usage, 65 bad data, 66 no such file.
  package var exitCode: Int32 {
    switch self {
    case .unknown: 64
    case .malformed: 65
    case .missing, .unreadable, .unwritable: 66
    }
  }

  package var description: String { message }
}
