// Reading files that a user names. The size is known before anything is read, so a header cannot
// make the program allocate more than the file holds. Streams without an end (a pipe, a terminal,
// /dev/zero) are refused.

import Foundation
import Machine

/// A regular file that is open for reading as long as the value lives.
package struct InputFile: ~Copyable {
  package let path: String
  /// Bytes in the file when it was opened.
  package let size: Int
  private let descriptor: Int32

  package init(_ path: String) throws(FileError) {
    // Without O_NONBLOCK, opening a pipe that nobody writes would wait for ever.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.refusal(path, errno) }
    var status = stat()
    let kind = fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0
    guard kind == S_IFREG else {
      close(descriptor)
      let reason = kind == S_IFDIR ? "it is a directory" : "it is not a regular file"
      throw .unreadable(path: path, reason: reason)
    }
    self.path = path
    self.size = Int(status.st_size)
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  private static func refusal(_ path: String, _ code: Int32) -> FileError {
    if code == ENOENT || code == ENOTDIR { return .missing(path: path) }
    return .unreadable(path: path, reason: systemReason(code))
  }

  /// The first `count` bytes, or all bytes of a shorter file.
  /// - Throws: `unreadable` with the system's reason.
  package func prefix(_ count: Int) throws(FileError) -> [UInt8] {
    let wanted = min(count, size)
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
      while filled < wanted {
        let got = pread(descriptor, buffer.baseAddress! + filled, wanted - filled, off_t(filled))
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        filled += got
      }
    }
    guard failure == 0 else { throw .unreadable(path: path, reason: systemReason(failure)) }
    return bytes
  }
}

/// The system's message for an error number (`errno`), in lower case: “permission denied”.
package func systemReason(_ code: Int32) -> String {
  String(cString: strerror(code)).lowercased()
}

/// The whole of a UTF-8 text file of at most `limit` bytes.
/// - Throws: `missing`, `unreadable`, or `malformed` where it is larger or not UTF-8.
package func readText(_ path: String, limit: Int) throws(FileError) -> String {
  let file = try InputFile(path)
  guard file.size <= limit else {
    throw .malformed(
      path: path,
      reason: "found \(grouped(file.size)) bytes, expected a text of at most \(grouped(limit))")
  }
  return try text(of: file.prefix(limit), path: path)
}

/// `bytes` decoded as UTF-8.
/// - Throws: `malformed`, naming `path` and the line, where they are not UTF-8.
package func text(of bytes: [UInt8], path: String) throws(FileError) -> String {
  guard let text = String(validating: bytes, as: UTF8.self) else {
    throw .malformed(
      path: path, line: lineOfBadBytes(bytes),
      reason: "expected UTF-8 text, found bytes that are not")
  }
  return text
}

/// The line, from 1, of the first bytes that are not UTF-8.
private func lineOfBadBytes(_ bytes: [UInt8]) -> Int {
  let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
  let bad = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }
  return (bad ?? 0) + 1
}
