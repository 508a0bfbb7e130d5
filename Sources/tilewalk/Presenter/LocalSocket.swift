// A Unix domain socket between two terminals of one user, for one line of text at a time. It is in
// a folder that no other user may enter. No call waits.

import Foundation

/// One end of a connection, closed with the value.
final class LocalSocket {
  let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// The path of a lesson's socket, in `$XDG_RUNTIME_DIR` or in a folder for temporary files; nil
  /// if that folder is not private.
  static func path(
    for lesson: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String? {
    let runtime = environment["XDG_RUNTIME_DIR", default: ""]
    let temporary = environment["TMPDIR", default: ""]
    let root = temporary.hasPrefix("/") ? temporary : "/tmp"
    let folder = runtime.hasPrefix("/") ? "\(runtime)/tilewalk" : "\(root)/tilewalk-\(getuid())"
    guard isPrivate(folder) else { return nil }
    // The fingerprint tells lessons apart whose names are the same after filtering.
    let letters = lesson.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    return "\(folder)/\(letters.suffix(24))-\(fingerprint(lesson)).sock"
  }

  /// Creates the folder if it is missing.
  /// - Returns: true if it is ours and closed to other users.
  private static func isPrivate(_ folder: String) -> Bool {
    mkdir(folder, 0o700)
    var status = stat()
    return lstat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      && status.st_uid == getuid() && status.st_mode & 0o077 == 0
  }

  private static func make() -> LocalSocket? {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    setUp(descriptor)
    return LocalSocket(descriptor)
  }

  private static func setUp(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
  }

  private static func withAddress(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return -1 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  /// A follower's end; nil if no player listens at `path`.
  static func connected(to path: String) -> LocalSocket? {
    guard let socket = make() else { return nil }
    let descriptor = socket.descriptor
    return withAddress(path) { connect(descriptor, $0, $1) } == 0 ? socket : nil
  }

  /// The player's end; nil if another player listens at `path`. The socket of a player that has
  /// died is replaced.
  static func listening(at path: String) -> LocalSocket? {
    guard connected(to: path) == nil, let socket = make() else { return nil }
    unlink(path)
    let descriptor = socket.descriptor
    guard withAddress(path, { bind(descriptor, $0, $1) }) == 0, listen(descriptor, 8) == 0 else {
      return nil
    }
    return socket
  }

  /// The result of accepting a connection.
  enum Arrival {
    case follower(LocalSocket)
    case nobody
    /// The socket is broken for good.
    case broken
  }

  /// Accepts a connection if one is waiting.
  func accepted() -> Arrival {
    let other = accept(descriptor, nil, nil)
    if other >= 0 {
      Self.setUp(other)
      return .follower(LocalSocket(other))
    }
    return [EAGAIN, EINTR, ECONNABORTED].contains(errno) ? .nobody : .broken
  }

  /// Sends a line.
  /// - Returns: false if it could not be sent whole: the other end is closed or does not keep up.
  func send(_ line: [UInt8]) -> Bool {
    Foundation.send(descriptor, line, line.count, Int32(MSG_NOSIGNAL)) == line.count
  }

  /// The bytes that have arrived; empty if none have, nil if the other end is closed.
  func received() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count > 0 { return Array(buffer.prefix(count)) }
    return count < 0 && [EAGAIN, EINTR].contains(errno) ? [] : nil
  }
}
