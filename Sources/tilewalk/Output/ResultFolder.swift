// `--out DIR`: a folder in which the results appear together or not at all. Whatever ends the program
// before its last word, an error or a signal, what was there before is there again.

import Foundation
import Library
import Machine
import Runs
import Synchronization

/// A folder for results, made if need be.
final class ResultFolder: Sendable {
  private struct State {
    /// Outermost first.
    var madeFolders: [String] = []
    var files: [ResultFile] = []

    mutating func takeBack() {
      for file in files.reversed() { file.takeBack() }
      for folder in madeFolders.reversed() { rmdir(folder) }
      self = State()
    }
  }

  private let path: String
  private let state = Mutex(State())

  private init(_ path: String) { self.path = path }

  /// Makes the folder, and sees that files can be made in it.
  /// - Parameters:
  ///   - tellsCapitals: whether it must, because there will be `L` and `l`.
  ///   - exists: whether there is a file of this name.
  ///   - whenInterrupted: takes what a signal is to do first.
  static func open(
    _ path: String, tellsCapitals: Bool,
    exists: (String) -> Bool = { access($0, F_OK) == 0 },
    whenInterrupted: (@escaping @Sendable (_ end: () -> Void) -> Void) -> Void = whenInterrupted
  ) throws -> ResultFolder {
    guard !path.isEmpty else { throw Failure.usage("--out: found no name, expected a folder") }
    let folder = ResultFolder(path)
    // Whoever interrupts waits for a lock, and nothing can begin after that.
    whenInterrupted { end in
      folder.state.withLock { state in
        state.takeBack()
        end()
      }
    }
    do {
      try folder.make()
      let isFaithful = try folder.probe(exists)
      if tellsCapitals, !isFaithful {
        throw Failure.usage(
          "--out \(visible(path)): this folder does not tell capitals from small letters, and L.npy "
            + "and l.npy would be one file; expected one that does")
      }
    } catch {
      folder.takeBack()
      throw error
    }
    return folder
  }

  /// Does all that follows from `body`, or nothing.
  func keepingAll(_ body: () throws -> Void) throws {
    do { try body() } catch {
      takeBack()
      throw error
    }
    state.withLock { state in
      for file in state.files { file.stay() }
      state = State()
    }
  }

  /// Writes all results and gives them their names; they stay if nothing fails later.
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

  private func takeBack() { state.withLock { $0.takeBack() } }
}

// MARK: The folder

extension ResultFolder {
  /// Makes the folder and those around it that are missing.
  private func make() throws {
    var missing: [String] = []
    var folder = path
    while !folder.isEmpty, folder != "/", access(folder, F_OK) != 0 {
      missing.append(folder)
      folder = parent(of: folder)
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

  /// Makes a file for a moment.
  /// - Returns: whether it is not found under a name in capitals.
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

/// The folder that a path is in, without a slash at its end; empty for the current one.
func parent(of path: String) -> String {
  let name = path.trimming(endOf: "/")
  guard let slash = name.lastIndex(of: "/") else { return "" }
  let folder = String(name[..<slash]).trimming(endOf: "/")
  return folder.isEmpty ? "/" : folder
}

extension String {
  fileprivate func trimming(endOf character: Character) -> String {
    String(self[..<(lastIndex { $0 != character }.map(index(after:)) ?? startIndex)])
  }
}
