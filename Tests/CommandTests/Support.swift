// The built program as a user meets it: arguments in; standard output, standard error and an exit
// code out. It lies beside the test bundle, in the folder of the same build.

import Foundation
import Testing

@testable import Library

/// What a command did.
struct Outcome {
  var code: Int32
  var output: String
  var error: String

  var errorLines: [String] { error.split(separator: "\n").map(String.init) }
}

/// The folder of the build that these tests are part of.
let buildFolder: URL = {
  let bundles = Bundle.allBundles.map(\.bundleURL).filter { $0.pathExtension == "xctest" }
  let argument = ProcessInfo.processInfo.arguments.first { $0.contains(".xctest") }
  let start = bundles.first ?? argument.map { URL(filePath: $0) } ?? Bundle.main.bundleURL
  var folder = start.standardizedFileURL
  // The argument may be the binary inside the bundle; the program is beside it or further up.
  while folder.path != "/" {
    let program = folder.appending(path: "tilewalk").path
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: program, isDirectory: &isFolder), !isFolder.boolValue
    {
      return folder
    }
    folder.deleteLastPathComponent()
  }
  return start
}()

/// Runs `tilewalk` with these arguments, in `folder` if one is named, and with `input` typed.
func tilewalk(
  _ arguments: [String], in folder: String? = nil, input: String? = nil
) throws -> Outcome {
  try run(buildFolder.appending(path: "tilewalk"), arguments, in: folder, input: input)
}

/// Runs a line of the shell.
func outcome(ofShell line: String, in folder: String? = nil) throws -> Outcome {
  try run(URL(filePath: "/bin/sh"), ["-c", line], in: folder, input: nil)
}

private func run(
  _ program: URL, _ arguments: [String], in folder: String?, input: String?
) throws -> Outcome {
  let process = Process()
  process.executableURL = program
  process.arguments = arguments
  if let folder { process.currentDirectoryURL = URL(filePath: folder) }
  // Files instead of pipes: nothing can fill up while nobody reads.
  let scratch = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: scratch) }
  let (output, error) = (scratch.appending(path: "out"), scratch.appending(path: "err"))
  for file in [output, error] { try writeFile([], to: file.path) }
  process.standardOutput = try FileHandle(forWritingTo: output)
  process.standardError = try FileHandle(forWritingTo: error)
  process.standardInput = FileHandle.nullDevice
  if let input {
    let file = scratch.appending(path: "in")
    try writeFile(Array(input.utf8), to: file.path)
    process.standardInput = try FileHandle(forReadingFrom: file)
  }
  try process.run()
  process.waitUntilExit()
  return Outcome(
    code: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
    error: try String(contentsOf: error, encoding: .utf8))
}

/// The same from one line, split at blanks.
func tilewalk(_ line: String, in folder: String? = nil, input: String? = nil) throws -> Outcome {
  try tilewalk(line.split(separator: " ").map(String.init), in: folder, input: input)
}

/// Runs `body` with an empty folder, which is gone afterwards.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
}

/// The files of a folder, sorted.
func files(in folder: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
}

/// Writes an array of this shape, counted up in eighths.
func writeArray(_ shape: [Int], to path: String) throws {
  let count = shape.reduce(1, *)
  let floats = (0..<count).map { Float($0 * 7 % 23) / 8 - 1 }
  try NpyArray(shape: shape, floats: floats).write(to: path)
}

/// Writes a mask of bytes of this shape.
func writeMask(_ shape: [Int], to path: String) throws {
  let extents = shape.map { "\($0)," }.joined(separator: " ")
  let header = Array("{'descr': '|u1', 'fortran_order': False, 'shape': (\(extents)), }\n".utf8)
  let start: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0]
  let ones = [UInt8](repeating: 1, count: shape.reduce(1, *))
  try writeFile(start + header + ones, to: path)
}

let packageRoot = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A built-in device as a file with `old` replaced.
func writeDevice(
  _ old: String, _ new: String, of device: String = "classroom", to path: String
) throws {
  let url = packageRoot.appending(path: "Devices/\(device).yaml")
  let text = try String(contentsOf: url, encoding: .utf8)
  #expect(text.contains(old))
  try writeFile(Array(text.replacing(old, with: new, maxReplacements: 1).utf8), to: path)
}
