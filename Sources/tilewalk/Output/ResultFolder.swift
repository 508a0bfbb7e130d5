// `--out DIR`: a folder in which all results appear, or none. If an error or a signal ends the
// program early, everything is rolled back.

import Foundation
import Library
import Machine
import Runs
import Synchronization

/// A folder for result files, created if it is missing.
final class ResultFolder: Sendable {
  private struct State {
    /// Folders that were created, outermost first.
    var madeFolders: [String] = []
    var files: [ResultFile] = []

    /// Rolls back all files and folders.
    mutating func rollBack() {
      for file in files.reversed() { file.rollBack() }
      for folder in madeFolders.reversed() { rmdir(folder) }
      self = State()
    }
  }

  private let path: String
  private let state = Mutex(State())

  private init(_ path: String) { self.path = path }

  /// Creates the folder, and checks that files can be created in it.
  /// - Parameters:
  ///   - tellsCapitals: whether file names must be case-sensitive, because there will be `L` and
  ///     `l`.
  ///   - exists: tells whether there is a file of this name.
  ///   - whenInterrupted: registers what a signal does first.
  /// - Throws: `Failure` or `FileError`.
  static func open(
    _ path: String, needsCaseSensitivity: Bool,
    exists: (String) -> Bool = { access($0, F_OK) == 0 },
    whenInterrupted: (@escaping @Sendable (_ end: () -> Void) -> Void) -> Void = whenInterrupted
  ) throws -> ResultFolder {
    guard !path.isEmpty else { throw Failure.usage("--out: found no name, expected a folder") }
    let folder = ResultFolder(path)
    // The handler waits for the lock, and nothing can be written after that.
    whenInterrupted { end in
      folder.state.withLock { state in
        state.rollBack()
        end()
      }
    }
    do {
      try folder.make()
      let isFaithful = try folder.probe(exists)
      if needsCaseSensitivity, !isFaithful {
        throw Failure.usage(
          "--out \(visible(path)): this folder does not tell capitals from small letters, and L.npy "
            + "and l.npy would be one file; expected one that does")
      }
    } catch {
      folder.rollBack()
      throw error
    }
    return folder
  }

  /// Runs `body`; commits all files if it succeeds, and rolls them back if it throws.
  func keepingAll(_ body: () throws -> Void) throws {
    do { try body() } catch {
      rollBack()
      throw error
    }
    state.withLock { state in
      for file in state.files { file.stay() }
      state = State()
    }
  }

  /// Writes all results and renames them; `keepingAll` commits them.
  func put(_ results: [(name: String, array: NpyArray)]) throws {
    for (name, array) in results {
      let file = ResultFile("\(path)/\(name).npy")
      let draft = try state.withLock { state in
        guard !state.files.contains(where: { $0.path == file.path }) else {
          throw FileError.unwritable(path: file.path, reason: "two results lead to this file")
        }
        state.files.append(file)
        return try file.openDraft()
      }
      try file.write(array.encoded, to: draft)
    }
    try state.withLock { state in
      for index in state.files.indices { try state.files[index].putInPlace() }
    }
  }

  private func rollBack() { state.withLock { $0.rollBack() } }
}

// MARK: The folder

extension ResultFolder {
  /// Creates the folder and its missing parents.
  private func make() throws {
    var missing: [String] = []
    var folder = path
    while !folder.isEmpty, folder != "/", access(folder, F_OK) != 0 {
      missing.append(folder)
      folder = parentFolder(folder)
    }
    for folder in missing.reversed() {
      try state.withLock { state in
        if mkdir(folder, 0o777) == 0 {
          state.madeFolders.append(folder)
        } else if errno != EEXIST {
          throw refusal(errno)
        }
      }
    }
  }

  private func refusal(_ number: Int32) -> Failure {
    Failure(code: 66, "\(visible(path)): cannot make this folder: \(systemReason(number))")
  }

  /// Creates a test file and removes it.
  /// - Returns: true if file names are case-sensitive here.
  private func probe(_ exists: (String) -> Bool) throws -> Bool {
    try state.withLock { _ in
      let stem = "\(path)/.tilewalk-\(getpid())-\(UInt32.random(in: 0...UInt32.max))-"
      let descriptor = Foundation.open(
        stem + "l", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else {
        throw FileError.unwritable(path: path, reason: systemReason(errno))
      }
      close(descriptor)
      defer { unlink(stem + "l") }
      return !exists(stem + "L")
    }
  }
}
