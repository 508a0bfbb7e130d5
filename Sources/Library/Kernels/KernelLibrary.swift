// Kernels by name, or from a file that somebody has written.

import Foundation
import Kernels
import Machine
import Notation

package enum KernelLibrary {
  /// Whether a word names a file: it ends in `.kernel`, or has a `/` in it.
  package static func isFile(_ name: String) -> Bool {
    name.hasSuffix(".kernel") || name.contains("/")
  }

  /// The shipped kernel of that name, or the one in a file.
  /// - Throws: `unknown` with the nearest name, or what is wrong with the file, and where.
  package static func find(_ nameOrPath: String) throws(FileError) -> Kernel {
    guard isFile(nameOrPath) else {
      guard let kernel = Catalogue.kernel(named: nameOrPath) else {
        throw .unknown(kind: "kernel", name: nameOrPath, valid: Catalogue.kernels.map(\.name))
      }
      return kernel
    }
    let kernel = try read(nameOrPath)
    let device = try checkingDevice()
    do throws(Diagnostic) { _ = try kernel.check(on: device) } catch {
      throw .wrong(path: nameOrPath, error)
    }
    return kernel
  }

  /// A kernel's file, as far as its text can be read.
  package static func read(_ path: String) throws(FileError) -> Kernel {
    let file = try InputFile(path)
    // One byte more than may be is enough to be told so.
    let bytes = try file.prefix(KernelText.mostBytes + 1)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let stem = name.hasSuffix(".kernel") ? String(name.dropLast(7)) : name
    do throws(Diagnostic) { return try Kernel(bytes, stem: stem, size: file.size) } catch {
      throw .wrong(path: path, error)
    }
  }

  /// A line of a file that is no kernel; nil where there is none, or where it is no text.
  package static func line(_ number: Int, of path: String) -> String? {
    guard let text = try? readText(path, limit: KernelText.mostBytes) else { return nil }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard lines.indices.contains(number - 1) else { return nil }
    return String(lines[number - 1].prefix(200))
  }

  /// A kernel that a lesson names: a shipped one, also one that is wrong on purpose, or a file beside the
  /// lesson's own.
  package static func find(_ name: String, beside lesson: String) throws(FileError) -> Kernel {
    if let kernel = Catalogue.anyKernel(named: name) { return kernel }
    guard isFile(name) else { return try find(name) }
    let file = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
    let folder = parentFolder(lesson)
    let path = "\(folder)/\(file)"
    guard !file.contains("/"), DeviceLibrary.isFile(path, in: folder) else {
      throw .unreadable(
        path: name, reason: "a lesson's kernel is a shipped one or a file beside the lesson")
    }
    do { return try find(path) } catch {
      guard case .malformed(_, let line, _, _) = error else { throw error }
      throw .malformed(
        path: name, line: line,
        reason: "no kernel; tilewalk check FILE.kernel says what is wrong with it")
    }
  }

  /// The device on which a text is tried out before anything runs.
  package static func checkingDevice() throws(FileError) -> Device {
    try DeviceLibrary.find(DeviceLibrary.classroom).device
  }
}

extension FileError {
  /// A kernel's text with something wrong in it.
  static func wrong(path: String, _ error: Diagnostic) -> FileError {
    .malformed(
      path: path, line: error.place.line, column: error.place.column, reason: visible(error.message)
    )
  }
}
