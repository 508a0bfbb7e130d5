// A line of text at a time between two terminals of one user on one machine: a Unix domain socket in
// a folder that nobody else may enter. Nothing here ever waits.

import Foundation

/// A socket's end; closed when the value goes away.
final class LocalSocket {
  let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Where the sockets of a lesson are: `$XDG_RUNTIME_DIR`, or a private folder for temporary files.
  static func path(
    for lesson: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String? {
    let runtime = environment["XDG_RUNTIME_DIR", default: ""]
    let temporary = environment["TMPDIR", default: ""]
    let root = temporary.hasPrefix("/") ? temporary : "/tmp"
    let folder = runtime.hasPrefix("/") ? "\(runtime)/tilewalk" : "\(root)/tilewalk-\(getuid())"
    guard isPrivate(folder) else { return nil }
    // Names differ even where their letters are the same when made fit for a file.
    let letters = lesson.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    return "\(folder)/\(letters.suffix(24))-\(fingerprint(lesson)).sock"
  }

  /// Makes the folder if need be; it must be ours and closed to others.
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

  /// The end of one who wants to hear; nil where nobody speaks.
  static func connected(to path: String) -> LocalSocket? {
    guard let socket = make() else { return nil }
    let descriptor = socket.descriptor
    return withAddress(path) { connect(descriptor, $0, $1) } == 0 ? socket : nil
  }

  /// The end of one who will speak. A socket whose owner has died is replaced; nil where one lives.
  static func listening(at path: String) -> LocalSocket? {
    guard connected(to: path) == nil, let socket = make() else { return nil }
    unlink(path)
    let descriptor = socket.descriptor
    guard withAddress(path, { bind(descriptor, $0, $1) }) == 0, listen(descriptor, 8) == 0 else {
      return nil
    }
    return socket
  }

  enum Arrival {
    case follower(LocalSocket)
    case nobody
    /// It will not get better.
    case broken
  }

  /// Somebody who has connected, if there is one.
  func accepted() -> Arrival {
    let other = accept(descriptor, nil, nil)
    if other >= 0 {
      Self.setUp(other)
      return .follower(LocalSocket(other))
    }
    return [EAGAIN, EINTR, ECONNABORTED].contains(errno) ? .nobody : .broken
  }

  /// Sends all of a line or nothing more: false where the other end is gone or does not keep up.
  func send(_ line: [UInt8]) -> Bool {
    Foundation.send(descriptor, line, line.count, Int32(MSG_NOSIGNAL)) == line.count
  }

  /// What has arrived; empty if nothing has; nil at the end.
  func received() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count > 0 { return Array(buffer.prefix(count)) }
    return count < 0 && [EAGAIN, EINTR].contains(errno) ? [] : nil
  }
}
