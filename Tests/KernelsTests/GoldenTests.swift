// The whole log of every kernel on a tiny problem, kept as a file: a change of schedule shows as a
// difference of lines. To record new logs after a change that was meant:
//
//     TILEWALK_RECORD=1 swift test --filter Golden

import Foundation
import Kernels
import Testing

@testable import Library

@Suite("Golden logs")
struct GoldenTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Golden")

  private func log(of kernel: Kernel, _ pass: Pass = .forward) throws -> String {
    let device = try DeviceLibrary.find("classroom").device
    let problem: Problem =
      kernel.isMatmul
      ? .matmul(MatmulProblem(m: 4, n: 4, k: 4))
      : .attention(AttentionProblem(queries: 8, d: 4).going(pass))
    let mapping = Mapping(tile: kernel.isMatmul ? 2 : 4)
    let recording = try Plan(kernel, problem, mapping, device).record(inputs: nil)
    return recording.events.map { recording.line(of: $0) + "\n" }.joined()
  }

  @Test("The log is the recorded one", arguments: Catalogue.kernels.map(\.name))
  func log(name: String) throws {
    try check(log(of: #require(Catalogue.kernel(named: name))), name)
  }

  @Test("The log backward is the recorded one", arguments: attentionKernels.map(\.name))
  func backward(name: String) throws {
    try check(log(of: #require(Catalogue.kernel(named: name)), .backward), "\(name)-backward")
  }

  private func check(_ log: String, _ name: String) throws {
    let file = Self.folder.appending(path: "\(name).log")
    if ProcessInfo.processInfo.environment["TILEWALK_RECORD"] == "1" {
      try log.write(to: file, atomically: true, encoding: .utf8)
      return
    }
    let advice = "record it with TILEWALK_RECORD=1 swift test --filter Golden"
    guard let golden = try? String(contentsOf: file, encoding: .utf8) else {
      Issue.record("there is no \(file.lastPathComponent); \(advice)")
      return
    }
    guard log != golden else { return }
    let (now, then) = (log.split(separator: "\n"), golden.split(separator: "\n"))
    let line =
      zip(now, then).enumerated().first { $1.0 != $1.1 }?.offset ?? min(now.count, then.count)
    Issue.record(
      """
      \(file.lastPathComponent) line \(line + 1) (\(now.count) lines now, \(then.count) recorded)
      recorded: \(then.indices.contains(line) ? then[line] : "nothing")
      now:      \(now.indices.contains(line) ? now[line] : "nothing")
      if the schedule was meant to change, \(advice), and look at the difference
      """)
  }

  @Test("No log is left of a kernel that is gone")
  func noStrays() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    let names = files.filter { $0.hasSuffix(".log") }.map { String($0.dropLast(4)) }
    let backward = attentionKernels.map { "\($0.name)-backward" }
    #expect(Set(names).isSubset(of: Catalogue.kernels.map(\.name) + backward))
  }
}
