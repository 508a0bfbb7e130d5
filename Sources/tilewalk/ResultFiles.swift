// Results in a folder, all of them or none: they are written under other names and renamed when the last
// is complete, and what was there before is kept until the report is out as well.

import Foundation
import Lessons

/// The files of one run on their way into a folder.
final class ResultFiles {
  private struct File {
    /// Where it goes: the end of a link, if that is what has the name.
    var target: String
    var draft: String
    /// What had the name before.
    var backup: String?
    var isPublished = false
  }

  private let folder: String
  /// Folders that were made for it, the innermost last.
  private var made: [String] = []
  private var files: [File] = []

  /// Looks whether the folder, or the one that it will be made in, can hold files of these names.
  /// - Throws: exit code 66 without a folder, 64 where two of the names would be one file.
  init(_ folder: String, names: [String]) throws {
    self.folder = folder
    guard !folder.isEmpty else { throw Failure.usage("--out: expected the name of a folder") }
    var place = folder
    while true {
      var status = stat()
      if stat(place, &status) == 0 {
        guard status.st_mode & S_IFMT == S_IFDIR else {
          throw Failure(code: 66, "\(visible(place)): expected a folder, found a file")
        }
        break
      }
      guard errno == ENOENT else { throw Failure(code: 66, "\(visible(place)): \(reason(errno))") }
      place = parentFolder(place)
    }
    try Self.checkCase(of: names, in: place)
  }

  private func makeFolder(_ folder: String) throws {
    guard access(folder, F_OK) != 0 else { return }
    try makeFolder(parentFolder(folder))
    guard mkdir(folder, 0o777) == 0 else {
      throw Failure(code: 66, "\(visible(folder)): cannot make this folder: \(reason(errno))")
    }
    made.append(folder)
  }

  /// Refuses a folder in which `L` and `l` are one name.
  /// - Parameter isThere: whether a file exists.
  static func checkCase(
    of names: [String], in folder: String, isThere: (String) -> Bool = { access($0, F_OK) == 0 }
  ) throws {
    let pairs = names.filter { name in
      names.contains { $0 != name && $0.lowercased() == name.lowercased() }
    }
    guard !pairs.isEmpty else { return }
    let name = "probe-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let path = "\(folder)/.\(name)"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw Failure(code: 66, "\(visible(folder)): cannot write here: \(reason(errno))")
    }
    close(descriptor)
    defer { unlink(path) }
    if isThere("\(folder)/.\(name.uppercased())") {
      throw Failure.usage(
        "--out \(visible(folder)): this folder does not tell capitals from small letters, so "
          + "\(pairs.map { "\($0).npy" }.joined(separator: " and ")) would be one file; name a folder that does"
      )
    }
  }

  /// Writes one file under another name.
  /// - Throws: exit code 66, with nothing left behind once `undo` is called.
  func add(_ name: String, _ array: NpyArray) throws {
    try makeFolder(folder)
    let target = Self.end(of: "\(folder)/\(name).npy")
    let mark = "\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let place = "\(parentFolder(target))/.\(name)-\(mark)"
    var status = stat()
    if lstat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      let found = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "something that is no file"
      throw Failure(code: 66, "\(visible(target)): expected a file or nothing, found \(found)")
    }
    files.append(File(target: target, draft: "\(place).part"))
    do { try array.write(to: "\(place).part") } catch {
      guard case .unwritable(_, let reason) = error else { throw error }
      throw FileError.unwritable(path: target, reason: reason)
    }
    if let interruption = Interruption.failure { throw interruption }
  }

  /// A link stays a link: what it names is written.
  private static func end(of path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// Gives every file its name. What had the name before is kept aside.
  func publish() throws {
    for index in files.indices {
      let file = files[index]
      if access(file.target, F_OK) == 0 {
        let backup = file.draft.dropLast(5) + ".before"
        guard rename(file.target, String(backup)) == 0 else { throw unwritable(file, errno) }
        files[index].backup = String(backup)
      }
      guard rename(file.draft, file.target) == 0 else { throw unwritable(file, errno) }
      files[index].isPublished = true
    }
  }

  private func unwritable(_ file: File, _ code: Int32) -> Failure {
    Failure(code: 66, "\(visible(file.target)): cannot be written: \(reason(code))")
  }

  /// Everything is out: what was there before may go.
  func finish() {
    for file in files { if let backup = file.backup { unlink(backup) } }
    (files, made) = ([], [])
  }

  /// Makes the folder what it was.
  func undo() {
    for file in files.reversed() {
      if file.isPublished, file.backup == nil { unlink(file.target) }
      if let backup = file.backup { rename(backup, file.target) }
      if !file.isPublished { unlink(file.draft) }
    }
    for folder in made.reversed() { rmdir(folder) }
    (files, made) = ([], [])
  }
}

/// The system's words for an error.
private func reason(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }
