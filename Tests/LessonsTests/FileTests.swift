// Files that are not there, not files, or not to be written; and results that appear whole.
import Foundation
import Testing

@testable import Library

@Suite("Files")
struct FileTests {
  @Test("A missing file is exit code 66, bad data 65, an unknown name 64")
  func exitCodes() {
    #expect(FileError.missing(path: "q.npy").exitCode == 66)
    #expect(FileError.unreadable(path: "q.npy", reason: "").exitCode == 66)
    #expect(FileError.malformed(path: "q.npy", reason: "").exitCode == 65)
    #expect(FileError.unknown(kind: "device", name: "x", valid: []).exitCode == 64)
  }

  @Test("A file that is not there, or is no file, says so")
  func notThere() {
    #expect(
      message { () throws(FileError) in try NpyArray(contentsOf: "/nowhere/q.npy") }
        == "/nowhere/q.npy: no such file")
    #expect(
      message { () throws(FileError) in try NpyArray(contentsOf: "/dev/zero") }
        == "/dev/zero: cannot be read: it is not a regular file")
    #expect(
      message { () throws(FileError) in try NpyArray(contentsOf: "/") }
        == "/: cannot be read: it is a directory")
  }

  @Test("A pipe that nobody writes to does not hold the program up")
  func pipe() throws {
    try withFolder { folder in
      #expect(mkfifo(folder + "/pipe.npy", 0o600) == 0)
      #expect(
        message { () throws(FileError) in try NpyArray(contentsOf: folder + "/pipe.npy") }
          .hasSuffix("it is not a regular file"))
    }
  }

  @Test(
    "What was written reads back to the bit", arguments: [[], [3], [2, 3], [2, 1, 2, 3], [0, 4]])
  func roundTrip(shape: [Int]) throws {
    let special: [Float] = [0, -0.0, .leastNonzeroMagnitude, .infinity, -.infinity, 3.4e38, 1 / 3]
    let count = shape.reduce(1, *)
    let array = NpyArray(shape: shape, floats: (0..<count).map { special[$0 % special.count] })
    try withFolder { folder in
      try array.write(to: folder + "/o.npy")
      let back = try NpyArray(contentsOf: folder + "/o.npy")
      #expect(back.shape == shape)
      #expect(back.floats.map(\.bitPattern) == array.floats.map(\.bitPattern))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["o.npy"])
    }
  }

  @Test("Our file is NumPy's file, byte for byte")
  func sameAsNumPy() throws {
    let numPys = [UInt8](try Data(contentsOf: URL(filePath: fixture("version1-float32.npy"))))
    let ours = NpyArray(shape: [3, 4], floats: (0..<12).map { Float($0) / 8 - 0.5 }).encoded
    #expect(ours == numPys)
  }

  @Test("A result that cannot be written leaves nothing behind")
  func unwritable() throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder + "/o.npy/in-the-way", withIntermediateDirectories: true)
      let array = NpyArray(shape: [1], floats: [1])
      let text = message { () throws(FileError) in try array.write(to: folder + "/o.npy") }
      #expect(text.contains("o.npy: cannot be written:"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["o.npy"])
      #expect(
        message { () throws(FileError) in try array.write(to: folder + "/no/o.npy") }
          .hasSuffix("cannot be written: no such file or directory"))
    }
  }

  @Test("Text from a file cannot steer the terminal")
  func controlCharacters() {
    #expect(visible("\u{1B}[2Jé\u{202E}x\n") == "\\u{1B}[2Jé\\u{202E}x\\u{A}")
    #expect(FileError.missing(path: "\u{7}.npy").message == "\\u{7}.npy: no such file")
  }

  @Test(
    "The nearest name is found through slips of the hand, and not invented",
    arguments: [
      ("clasroom", "classroom"), ("CLASSROOM", "classroom"), ("calssroom", "classroom"),
      ("a100", "a100-40gb"), ("a100_40gb", "a100-40gb"), ("tpu", nil), ("", nil),
    ])
  func nearestName(name: String, expected: String?) {
    #expect(nearest(name, in: ["classroom", "a100-40gb"]) == expected)
  }
}
