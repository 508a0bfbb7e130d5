// What the tests of this target share: files that NumPy wrote, and folders that vanish.
import Foundation
import Testing

@testable import Lessons
@testable import Library

/// The path of a file that NumPy 2.4 wrote.
func fixture(_ name: String) -> String {
  URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)").path
}

/// The package's own folder.
let packageRoot = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Runs `body` with an empty folder, which is gone afterwards.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

/// The message of the error that `body` throws, or "" where it throws none.
func message<Value>(_ body: () throws(FileError) -> Value) -> String {
  do throws(FileError) { _ = try body() } catch { return error.message }
  return ""
}

/// An .npy file of version 1.0 with this header and so many bytes of zeros.
func npy(_ header: String, data: Int = 0, version: UInt8 = 1) -> [UInt8] {
  let text = Array(header.utf8)
  let length = [UInt8(text.count & 0xFF), UInt8(text.count >> 8)] + (version > 1 ? [0, 0] : [])
  return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text
    + [UInt8](repeating: 0, count: data)
}
