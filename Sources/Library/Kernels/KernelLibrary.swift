// Finds kernels by name, or reads them from a file of the user's.

import Foundation
import Kernels
import Machine
import Notation

/// Finds kernels by name or by path.
package enum KernelLibrary {
  /// True where the text is a path: it ends in `.kernel` or contains a `/`.
  package static func isFile(_ name: String) -> Bool {
    name.hasSuffix(".kernel") || name.contains("/")
  }

  /// The built-in kernel of that name, or the one in a file, checked on the default device.
  /// - Throws: `unknown` with the nearest name, or `malformed` with line and column.
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

  /// Parses a kernel's file, without checking it on a device.
  package static func read(_ path: String) throws(FileError) -> Kernel {
    let file = try InputFile(path)
    // One byte over the limit suffices to detect a file that is too large.
    let bytes = try file.prefix(KernelText.mostBytes + 1)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let stem = name.hasSuffix(".kernel") ? String(name.dropLast(7)) : name
    do throws(Diagnostic) { return try Kernel(bytes, stem: stem, size: file.size) } catch {
      throw .wrong(path: path, error)
    }
  }

  /// Line `number`, from 1, of a file, cut after 200 characters, to show below an error; nil where
  /// the file has no such line or is no text.
  package static func line(_ number: Int, of path: String) -> String? {
    guard let text = try? readText(path, limit: KernelText.mostBytes) else { return nil }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    guard lines.indices.contains(number - 1) else { return nil }
    return String(lines[number - 1].prefix(200))
  }

  /// The kernel that a lesson names: a built-in one, including those that are wrong on purpose, or
  /// a file in the lesson's folder.
  /// - Throws: `unknown`, `unreadable` for a file elsewhere, or `malformed` with the line only.
  package static func find(_ name: String, beside lesson: String) throws(FileError) -> Kernel {
    if let kernel = Catalogue.anyKernel(named: name) { return kernel }
    guard isFile(name) else { return try find(name) }
    guard let path = Library.path(of: name, beside: lesson) else {
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

  /// The device on which a kernel is checked after it has been read.
  package static func checkingDevice() throws(FileError) -> Device {
    try DeviceLibrary.find(DeviceLibrary.classroom).device
  }
}

extension FileError {
  /// A kernel's diagnostic as a file error.
  static func wrong(path: String, _ error: Diagnostic) -> FileError {
    .malformed(
      path: path, line: error.place.line, column: error.place.column, reason: visible(error.message)
    )
  }
}
