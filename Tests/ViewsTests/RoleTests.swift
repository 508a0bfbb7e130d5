// The roles of FlashAttention-4 on the screen: who does what, who waits for whom, and how often O was rescaled.

import Canvas
import Kernels
import Testing

@testable import Library
@testable import Moments
@testable import Views

@Suite("Roles")
struct RoleTests {
  /// FlashAttention-3 and -4 beside each other.
  private func scene(at share: Double) throws -> Scene {
    let device = try DeviceLibrary.find("classroom").device
    let problem = Problem.attention(AttentionProblem(queries: 32, keys: 64, d: 8))
    let runs = try ["flash-attention-3", "flash-attention-4"].map { name in
      try CompletedRun.simulate(
        Plan(Catalogue[name], problem, Mapping(tile: 16), device), inputs: problem.seededInputs(1))
    }
    return Scene(
      moments: runs.map { Moment($0, at: Int(share * Double($0.recording.lastCycle))) }, focus: 1,
      selection: Selection())
  }

  @Test("An SM has a line for each role, and says what it needs")
  func roles() throws {
    let moment = try scene(at: 0.6).moments[1]
    let streams = SMStreams(moment, sm: 0)
    let names = streams.lines.filter { $0.block == streams.blocks[0] }.map(\.name)
    // Two loads that run at the same time have a line each.
    #expect(
      names.filter { $0 != "load" }
        == ["softmax 0", "softmax 1", "products", "correction", "store"])
    // At some moment the correction waits for a factor, and a group for its scores.
    var reasons: Set<String> = []
    for cycle in stride(from: 0, to: moment.recording.lastCycle, by: 7) {
      for line in SMStreams(Moment(moment.run, at: cycle), sm: 0).lines where !line.isRunning {
        reasons.insert(line.name + ": " + line.reason)
      }
    }
    #expect(reasons.contains { $0.hasPrefix("correction: needs factor") })
    #expect(reasons.contains { $0.hasPrefix("softmax 0: needs multiply S") })
    #expect(reasons.contains { $0.hasPrefix("products: needs ") })
  }

  @Test("The race counts rescales of both runs, and leaves them out where there is no room")
  func rescales() throws {
    let wide = canvas(RaceView(), try scene(at: 1), 160, 40).lines.joined(separator: "\n")
    #expect(
      wide.contains(/rescaled [1-9][0-9]* of 12 tiles/) && wide.contains("rescaled 0 of 12 tiles"))
    #expect(canvas(RaceView(), try scene(at: 1), 40, 20).lines.allSatisfy { $0.count <= 40 })
  }
}
