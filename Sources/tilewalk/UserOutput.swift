// The one place where text leaves the program for whoever has started it. Nothing here traps: a message
// that cannot be written is lost, data that cannot be written is an error. What came from outside, a
// file's name for one, is shown and never sent to the terminal.

import Foundation
import Lessons

/// What a text on standard output is: how its control characters are shown depends on it.
enum OutputKind {
  case text
  /// Control characters become `\u001b`.
  case json
  /// It has escape sequences of our own.
  case styled
}

/// Text on standard output.
/// - Returns: false where nobody reads any more, which is no error.
/// - Throws: exit code 66 where it cannot be written: a full disk, a closed descriptor.
@discardableResult
func emit(_ text: String, as kind: OutputKind = .text) throws(Failure) -> Bool {
  switch write(Array(shown(text, as: kind).utf8), to: STDOUT_FILENO) {
  case 0: return true
  case EPIPE: return false
  case let code:
    if let interruption = Interruption.failure { throw interruption }
    throw Failure(
      code: 66, "standard output cannot be written: \(String(cString: strerror(code)).lowercased())"
    )
  }
}

/// A line or more on standard error. What cannot be written is lost.
func say(_ message: String) {
  _ = write(Array((shown(message, as: .text) + "\n").utf8), to: STDERR_FILENO)
}

/// The same without an end of line and with control characters of our own: a bar that is drawn over.
func draw(_ text: String) { _ = write(Array(text.utf8), to: STDERR_FILENO) }

/// Closed standard streams are opened on nothing, so that no file of ours becomes one of them.
func openStandardStreams() {
  signal(SIGPIPE, SIG_IGN)
  for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) == -1 {
    // The lowest free descriptor is the one that was closed. Writing to it fails, as it should.
    _ = open("/dev/null", O_RDONLY)
  }
}

/// - Returns: 0, or the number of the error that stopped it.
private func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
  signal(SIGPIPE, SIG_IGN)
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count > 0 {
      rest = rest.dropFirst(count)
    } else if count == 0 || errno != EINTR || Interruption.failure != nil {
      return count == 0 ? EIO : errno
    }
  }
  return 0
}

private func shown(_ text: String, as kind: OutputKind) -> String {
  // Nearly all text is of letters that need no second look.
  if kind == .styled || text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == 0x0A }) {
    return text
  }
  return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
    let line = String(line)
    return kind == .json ? escaped(line) : visible(line)
  }.joined(separator: "\n")
}

/// A line of JSON whose control characters, of whatever kind, are written as JSON writes them.
private func escaped(_ line: String) -> String {
  guard visible(line) != line else { return line }
  return line.unicodeScalars.map { scalar in
    let letter = String(Character(scalar))
    guard visible(letter) != letter else { return letter }
    return letter.utf16.map { String(format: "\\u%04x", Int($0)) }.joined()
  }.joined()
}
