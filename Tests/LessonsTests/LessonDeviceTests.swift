// A lesson comes from strangers: its device is a built-in one or a file beside it, and nothing of any
// other file of its reader's is read or shown.

import Foundation
import Testing

@testable import Library

@Suite("A lesson's device")
struct LessonDeviceTests {
  private func withFolders(_ body: (_ lessons: String, _ outside: String) throws -> Void) throws {
    let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: root) }
    for folder in ["lessons/sub", "outside"] {
      try FileManager.default.createDirectory(
        atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
    }
    let classroom = try #require(try classroomFile())
    for file in ["lessons/gpu.yaml", "lessons/sub/gpu.yaml", "outside/gpu.yaml"] {
      try writeFile(classroom, to: "\(root)/\(file)")
    }
    try writeFile(Array("secret: 42\n".utf8), to: "\(root)/outside/secret.yaml")
    try writeFile(Array("secret: 42\n".utf8), to: "\(root)/lessons/own.yaml")
    symlink("../outside/secret.yaml", "\(root)/lessons/link.yaml")
    try body("\(root)/lessons", "\(root)/outside")
  }

  private func classroomFile() throws -> [UInt8]? {
    try [UInt8](Data(contentsOf: packageRoot.appending(path: "Devices/classroom.yaml")))
  }

  private func refusal(_ device: String, _ folder: String) -> String? {
    do {
      _ = try DeviceLibrary.find(device, beside: "\(folder)/lesson.md")
      return nil
    } catch { return error.message }
  }

  @Test("is a built-in one, or a file in the lesson's own folder")
  func own() throws {
    try withFolders { lessons, _ in
      for name in ["classroom", "a100-40gb", "gpu.yaml", "./gpu.yaml"] {
        #expect(refusal(name, lessons) == nil, "\(name)")
      }
      #expect(refusal("clasroom", lessons)?.contains("did you mean 'classroom'?") == true)
      #expect(refusal("missing.yaml", lessons)?.contains("missing.yaml") == true)
    }
  }

  @Test("is never a file elsewhere, and nothing of what cannot be read is shown")
  func elsewhere() throws {
    try withFolders { lessons, outside in
      for name in [
        "\(outside)/gpu.yaml", "../outside/gpu.yaml", "./../outside/gpu.yaml", "sub/gpu.yaml",
        "/etc/passwd", "../outside/secret.yaml", "link.yaml", "/dev/zero", "sub/../gpu.yaml",
      ] {
        let message = try #require(refusal(name, lessons), "\(name)")
        #expect(
          message.contains("a built-in one or a file beside the lesson"), "\(name): \(message)")
        #expect(!message.contains("secret:") && !message.contains("root:"))
      }
      let message = try #require(refusal("own.yaml", lessons))
      #expect(message.contains("no device file") && !message.contains("42"), "\(message)")
    }
  }
}
