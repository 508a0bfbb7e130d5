// Writing so that no half-written file can be left: the bytes go to a new file beside the target,
// which then takes the target's name in one step.
import Foundation

/// Puts `bytes` into the file at `path`, replacing what was there; all of them or none.
package func writeFile(_ bytes: [UInt8], to path: String) throws(FileError) {
  let draft = "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).part"
  let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { throw .unwritable(path: path, reason: systemReason(errno)) }
  var failure = writeAll(bytes, to: descriptor)
  if close(descriptor) != 0, failure == 0 { failure = errno }
  if failure == 0, rename(draft, path) != 0 { failure = errno }
  guard failure == 0 else {
    unlink(draft)
    throw .unwritable(path: path, reason: systemReason(failure))
  }
}

/// Writes all of `bytes`, however many calls that takes, and waits where a pipe is full.
/// - Returns: 0, or the number of the error that stopped it.
package func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
  bytes.withUnsafeBytes { buffer in
    var written = 0
    while written < buffer.count {
      let count = write(descriptor, buffer.baseAddress! + written, buffer.count - written)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN, waitForRoom(in: descriptor) { continue }
      if count < 0 { return errno }
      written += count
    }
    return 0
  }
}

/// Sleeps until a stream that somebody has set not to wait takes more.
private func waitForRoom(in descriptor: Int32) -> Bool {
  var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
  return poll(&request, 1, -1) >= 0 || errno == EINTR
}
