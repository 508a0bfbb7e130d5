// The one place where the program writes to its user: data to standard output, messages to standard
// error. Nothing here can stop the program, and nothing from outside commands the terminal.

import Foundation
import Library
import Runs
import Views

/// Comes before everything else. A reader that has gone and a limit on file sizes become errors of
/// write(2), and no file takes the number of a stream that whoever called us has closed.
func prepareStreams() {
  signal(SIGPIPE, SIG_IGN)
  signal(SIGXFSZ, SIG_IGN)
  // Open the wrong way round: what cannot be read or written stays so.
  for (stream, mode) in [
    (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
  ]
  where fcntl(stream, F_GETFD) < 0 {
    _ = open("/dev/null", mode)
  }
}

/// Forgets a size of the screen that no screen has: the libraries that read it would trap on it, or take
/// all memory.
func prepareEnvironment() {
  for name in ["COLUMNS", "LINES"] {
    guard let text = getenv(name).map({ String(cString: $0) }) else { continue }
    if !(10...1000).contains(Int(text) ?? 0) { unsetenv(name) }
  }
}

/// Text on standard output, its control characters visible. A reader that has gone away is no error,
/// but a no; a full disk is one.
@discardableResult
func emit(_ text: String) throws -> Bool { try send(visibleLines(text)) }

/// A picture on standard output: its escape sequences are our own, and a canvas holds no others.
@discardableResult
func emit(picture: String) throws -> Bool { try send(picture) }

private func send(_ text: String) throws -> Bool {
  let failure = writeAll(Array(text.utf8), to: STDOUT_FILENO)
  if failure == EPIPE { return false }
  guard failure == 0 else {
    throw Failure(code: 66, "standard output cannot be written: \(systemReason(failure))")
  }
  return true
}

/// Lines on standard error, their control characters visible; what cannot be written is lost.
func say(_ lines: [String]) {
  let text = lines.map { visible($0) + "\n" }.joined()
  _ = writeAll(Array(text.utf8), to: STDERR_FILENO)
}

/// A line on a terminal's standard error that the next one is drawn over.
func draw(bar: String) {
  _ = writeAll(Array("\r\(visible(bar))".utf8), to: STDERR_FILENO)
}

/// Takes such a line away. It may do nothing but a system call, for signal handlers.
func wipeBar() {
  let blankLine: StaticString = "\r\u{1B}[K"
  _ = write(STDERR_FILENO, blankLine.utf8Start, blankLine.utf8CodeUnitCount)
}
