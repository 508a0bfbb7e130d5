// Standard output and standard error: the only place where the program writes to its user. Data
// goes to the first, messages to the second. Control characters from outside never reach the
// terminal.

import Foundation
import Library
import Runs
import Views

/// Prepares the streams; must be called first. A closed pipe and a limit on file sizes become
/// errors of write(2) instead of signals, and a standard stream that is closed gets a placeholder,
/// so that no file takes its number.
func prepareStreams() {
  signal(SIGPIPE, SIG_IGN)
  signal(SIGXFSZ, SIG_IGN)
  // Opened in the opposite direction, so that reading or writing the stream still fails.
  for (stream, mode) in [
    (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
  ]
  where fcntl(stream, F_GETFD) < 0 {
    _ = open("/dev/null", mode)
  }
}

/// Removes impossible values of COLUMNS and LINES: the libraries that read them would crash or use
/// up all memory.
func prepareEnvironment() {
  for name in ["COLUMNS", "LINES"] {
    guard let text = getenv(name).map({ String(cString: $0) }) else { continue }
    if !(10...1000).contains(Int(text) ?? 0) { unsetenv(name) }
  }
}

/// Writes text to standard output, with control characters made visible.
/// - Returns: false if the reader has closed the pipe.
/// - Throws: `Failure` 66 for every other error, such as a full disk.
@discardableResult
func emit(_ text: String) throws -> Bool { try send(visibleLines(text)) }

/// Writes a picture to standard output. Its escape sequences are our own; a canvas holds no others.
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

/// Writes lines to standard error, with control characters made visible; errors are ignored.
func say(_ lines: [String]) {
  let text = lines.map { visible($0) + "\n" }.joined()
  _ = writeAll(Array(text.utf8), to: STDERR_FILENO)
}

/// Draws a progress bar on standard error, over the one before.
func draw(bar: String) {
  _ = writeAll(Array("\r\(visible(bar))".utf8), to: STDERR_FILENO)
}

/// Removes the progress bar. Signal handlers call it, so it may make nothing but a system call.
func clearBar() {
  let blankLine: StaticString = "\r\u{1B}[K"
  _ = write(STDERR_FILENO, blankLine.utf8Start, blankLine.utf8CodeUnitCount)
}
