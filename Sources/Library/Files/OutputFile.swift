// Writes files atomically: the bytes go to a new file in the same folder, which is then renamed to
// the target. An interrupted write leaves no incomplete file under the target's name.
import Foundation

/// Writes `bytes` to the file at `path` and replaces what was there, atomically.
/// - Throws: `unwritable` with the system's reason; the old file is then unchanged.
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

/// Writes all of `bytes` to a descriptor, in as many calls as needed; waits while a pipe is full.
/// - Returns: 0, or the `errno` of the call that failed.
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

/// Waits until a non-blocking stream accepts more bytes; false where waiting failed.
private func waitForRoom(in descriptor: Int32) -> Bool {
  var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
  return poll(&request, 1, -1) >= 0 || errno == EINTR
}
