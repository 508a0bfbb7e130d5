// A real pseudo-terminal with the program on it: what a person types goes in, what the terminal is
// sent comes out.

import Foundation

@testable import Library

/// A program that believes it has a screen.
final class PseudoTerminal {
  private let primary: Int32
  private let secondary: Int32
  private let process = Process()
  private let before: termios
  private var isGone = false

  init(
    _ arguments: [String], columns: UInt16 = 80, rows: UInt16 = 24,
    environment: [String: String] = [:]
  ) throws {
    primary = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (unlock, number): (Int32, Int32) = (0, 0)
    // TIOCSPTLCK and TIOCGPTN of ioctl_tty(2): what unlockpt and ptsname do.
    guard primary >= 0, ioctl(primary, 0x4004_5431, &unlock) == 0,
      ioctl(primary, 0x8004_5430, &number) == 0
    else { throw POSIXError(.ENXIO) }
    secondary = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    var settings = termios()
    tcgetattr(secondary, &settings)
    before = settings
    resize(columns: columns, rows: rows)
    process.executableURL = buildFolder.appending(path: "tilewalk")
    process.arguments = arguments
    let end = FileHandle(fileDescriptor: secondary)
    (process.standardInput, process.standardOutput, process.standardError) = (end, end, end)
    process.environment = [
      "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin",
      "SWIFT_BACKTRACE": "enable=no",
    ].merging(environment) { $1 }
    try process.run()
  }

  deinit {
    if process.isRunning { process.terminate() }
    if !isGone { close(primary) }
    close(secondary)
  }

  func resize(columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(primary, UInt(TIOCSWINSZ), &size)
    if process.isRunning { kill(process.processIdentifier, SIGWINCH) }
  }

  func type(_ text: String) {
    _ = text.withCString { write(primary, $0, strlen($0)) }
  }

  /// Closes the window: nothing can be read or written any more, and whoever used it is told.
  /// - Returns: the exit code, or -1 for a program that goes on.
  func hangUp() -> Int32 {
    close(primary)
    isGone = true
    signal(SIGHUP)
    let deadline = Date().addingTimeInterval(10)
    while process.isRunning, Date() < deadline { usleep(20_000) }
    return process.isRunning ? -1 : process.terminationStatus
  }

  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Reads what is sent to the screen until `text` has appeared, or ten seconds have passed.
  func read(until text: String) -> String {
    var bytes: [UInt8] = []
    let deadline = Date().addingTimeInterval(10)
    while Date() < deadline {
      bytes += available(waiting: 50)
      if String(decoding: bytes, as: UTF8.self).contains(text) { break }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Reads until nothing has come for half a second.
  @discardableResult
  func readUntilQuiet() -> String {
    var bytes: [UInt8] = []
    while true {
      let more = available(waiting: 500)
      if more.isEmpty { return String(decoding: bytes, as: UTF8.self) }
      bytes += more
    }
  }

  private func available(waiting milliseconds: Int32) -> [UInt8] {
    var request = pollfd(fd: primary, events: Int16(POLLIN), revents: 0)
    guard poll(&request, 1, milliseconds) > 0 else { return [] }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = Foundation.read(primary, &buffer, buffer.count)
    return count > 0 ? Array(buffer.prefix(count)) : []
  }

  /// Waits for the end: what came until then, the exit code, and whether the terminal is as before.
  func end() -> (output: String, code: Int32, isRestored: Bool) {
    var output = ""
    let deadline = Date().addingTimeInterval(10)
    while process.isRunning, Date() < deadline {
      output += String(decoding: available(waiting: 50), as: UTF8.self)
    }
    output += String(decoding: available(waiting: 100), as: UTF8.self)
    guard !process.isRunning else { return (output, -1, false) }
    var after = termios()
    tcgetattr(secondary, &after)
    let isRestored =
      after.c_lflag == before.c_lflag && after.c_iflag == before.c_iflag
      && after.c_oflag == before.c_oflag
    return (output, process.terminationStatus, isRestored)
  }
}
