// A result file that replaces an earlier one as a transaction: it is written under a draft name,
// renamed when all results are written, and rolled back if the command fails.

import Foundation
import Library

/// One result file, from its draft to its final name.
struct ResultFile {
  /// The final path. If it is a symbolic link, the file that it leads to is replaced.
  let path: String
  /// Path of the draft, in the same folder.
  private let draft: String
  /// Path to which the earlier file has been moved; nil if there was none.
  private var earlier: String?
  private var isInPlace = false

  init(_ path: String) {
    self.path = Self.destination(of: path)
    draft = "\(self.path).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).part"
  }

  /// The end of a chain of symbolic links.
  private static func destination(of path: String) -> String {
    var path = path
    for _ in 0..<40 {
      guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else {
        break
      }
      path = next.hasPrefix("/") ? next : "\(parentFolder(path))/\(next)"
    }
    return path
  }

  /// Creates the draft.
  /// - Returns: its file descriptor.
  /// - Throws: `FileError` if the final path is a directory or read-only, or if the draft cannot be
  ///   created.
  func openDraft() throws(FileError) -> Int32 {
    var status = stat()
    if lstat(path, &status) == 0 {
      guard status.st_mode & S_IFMT != S_IFDIR else {
        throw .unwritable(path: path, reason: "it is a directory")
      }
      guard access(path, W_OK) == 0 else { throw failure(errno) }
    }
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(errno) }
    return descriptor
  }

  /// Writes all bytes to the draft and closes it.
  func write(_ bytes: [UInt8], to descriptor: Int32) throws(FileError) {
    var number = writeAll(bytes, to: descriptor)
    if close(descriptor) != 0, number == 0 { number = errno }
    if number != 0 { throw failure(number) }
  }

  /// Renames the draft to its final name, and sets the earlier file aside.
  mutating func putInPlace() throws(FileError) {
    let aside = draft + ".earlier"
    if rename(path, aside) == 0 {
      earlier = aside
    } else if errno != ENOENT {
      throw failure(errno)
    }
    guard rename(draft, path) == 0 else { throw failure(errno) }
    isInPlace = true
  }

  /// Rolls back: removes what was written and restores the earlier file.
  func rollBack() {
    unlink(draft)
    if let earlier {
      rename(earlier, path)
    } else if isInPlace {
      unlink(path)
    }
  }

  /// Commits: removes the earlier file.
  func stay() {
    if let earlier { unlink(earlier) }
  }

  private func failure(_ number: Int32) -> FileError {
    .unwritable(path: path, reason: systemReason(number))
  }
}
