// A file that takes the place of an earlier one: written under another name, put in place when all of
// its kind are written, and taken back as long as nobody has said that it stays.

import Foundation
import Library

/// A result on its way to its name.
struct ResultFile {
  /// Where it belongs. A link stays one: the file that it leads to is replaced.
  let path: String
  private let draft: String
  /// Where the earlier file waits, if there was one.
  private var earlier: String?
  private var isInPlace = false

  init(_ path: String) {
    self.path = Self.destination(of: path)
    draft = "\(self.path).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).part"
  }

  /// The end of a chain of links.
  private static func destination(of path: String) -> String {
    var path = path
    for _ in 0..<40 {
      guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else {
        break
      }
      path = next.hasPrefix("/") ? next : "\(parent(of: path))/\(next)"
    }
    return path
  }

  /// Makes the draft and leaves it open.
  /// - Throws: if what has its name must not be replaced.
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

  /// Writes the whole draft and closes it.
  func write(_ bytes: [UInt8], to descriptor: Int32) throws(FileError) {
    var number = writeAll(bytes, to: descriptor)
    if close(descriptor) != 0, number == 0 { number = errno }
    if number != 0 { throw failure(number) }
  }

  /// Gives the draft its name, and puts the earlier file aside.
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

  /// Makes everything as it was before.
  func takeBack() {
    unlink(draft)
    if let earlier {
      rename(earlier, path)
    } else if isInPlace {
      unlink(path)
    }
  }

  /// Lets go of the earlier file.
  func stay() {
    if let earlier { unlink(earlier) }
  }

  private func failure(_ number: Int32) -> FileError {
    .unwritable(path: path, reason: systemReason(number))
  }
}
