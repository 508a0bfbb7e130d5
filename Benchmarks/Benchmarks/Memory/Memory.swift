// How much memory recordings take, as a table: `Memory PATH/TO/tilewalk`. Each run is a process of its
// own, and what counts is the most that it ever held. Bytes for each event should not grow with N.

import Foundation

@main
struct Memory {
  private static let runs = [
    "naive-matmul --device a100-40gb --m 16 --n 16 --k 46 --tile 1",
    "naive-matmul --device a100-40gb --m 40 --n 40 --k 72 --tile 1",
    "naive-matmul --device a100-40gb --m 64 --n 64 --k 144 --tile 1",
    "standard-attention --device a100-40gb --n 144 --d 64 --tile 8",
    "standard-attention --device a100-40gb --n 512 --d 64 --tile 8",
    "standard-attention --device a100-40gb --n 1152 --d 64 --tile 8",
    "flash-attention-2 --device a100-40gb --n 440 --d 64 --tile 8",
    "flash-attention-2 --device a100-40gb --n 1408 --d 64 --tile 8",
    "flash-attention-2 --device a100-40gb --n 3072 --d 64 --tile 8",
  ]

  static func main() throws {
    guard CommandLine.arguments.count == 2 else {
      print("usage: Memory PATH/TO/tilewalk")
      exit(64)
    }
    let program = CommandLine.arguments[1]
    print("      events         MB   bytes/event   seconds   run")
    for run in runs {
      let line = ["run"] + run.split(separator: " ").map(String.init)
      let log = try measure(program, line + ["--log"])
      let report = try measure(program, line)
      let perEvent = report.bytes / Double(max(1, log.lines))
      print(
        String(
          format: "%12d %10.0f %13.0f %9.2f   ", log.lines, report.bytes / 1e6, perEvent,
          report.seconds) + run)
    }
  }

  private struct Failure: Error, CustomStringConvertible { var description: String }

  /// Runs the program to its end.
  /// - Returns: the lines it printed, the most memory it held, bytes, and its time, seconds.
  private static func measure(
    _ program: String, _ arguments: [String]
  ) throws -> (lines: Int, bytes: Double, seconds: Double) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["time", "-f", "%M %e", program] + arguments
    let (output, error) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = error
    try process.run()
    var lines = 0
    while case let data = output.fileHandleForReading.availableData, !data.isEmpty {
      lines += data.reduce(0) { $0 + ($1 == 10 ? 1 : 0) }
    }
    let text = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let figures = text.split(separator: "\n").last?.split(separator: " ").compactMap { Double($0) }
    guard let figures, figures.count == 2, process.terminationStatus == 0 else {
      throw Failure(description: text)
    }
    return (lines, figures[0] * 1024, figures[1])
  }
}
