// The view of launches as a drawing.

import Canvas
import Kernels
import Machine
import Testing

@testable import Library
@testable import Moments
@testable import Runs
@testable import Views

@Suite("Launches")
struct LaunchesTests {
  private func scene() throws -> Scene {
    let device = try DeviceLibrary.find("classroom").device
    let problem = Problem.attention(AttentionProblem(queries: 16, d: 4))
    let runs = try ([Catalogue["standard-attention"], Catalogue["flash-attention"]] as [Kernel]).map
    { kernel in
      try CompletedRun.simulate(Plan(kernel, problem, Mapping(tile: 4), device), inputs: nil)
    }
    return Scene(
      moments: runs.map { Moment($0, at: 0) }, focus: 1, selection: Selection())
  }

  private func lines(_ scene: Scene, _ width: Int, _ height: Int) -> [String] {
    canvas(LaunchesView(), scene, width, height).lines
  }

  @Test("A bar for each launch, on one scale, with its time, its bytes and its blocks")
  func bars() throws {
    let scene = try scene()
    let lines = lines(scene, 80, 8)
    #expect(LaunchesView.rows(scene) == 7)
    #expect(lines[0].hasPrefix("whole launches") && lines[0].hasSuffix("blocks"))
    #expect(lines[1].hasPrefix("standard-attention on classroom"))
    #expect(lines[2...4].map { $0.prefix { $0 != " " } } == ["scores", "softmax", "values"])
    #expect(lines[5].hasPrefix("flash-attention on classroom"))
    let cells = lines.map { $0.count { $0 == "█" } }
    let cycles = scene.moments.map { $0.recording.totals.launches.map(\.cycles) }
    #expect(cells.max() == 36)
    #expect((cells[2] > cells[4]) == (cycles[0][0] > cycles[0][2]))
    let bytes = scene.moments[1].recording.totals.hbm.bytes
    #expect(lines[6].contains(" \(bytesText(bytes)) "))
  }

  @Test("Tables of a lesson take the place of the runs")
  func tables() throws {
    var scene = try scene()
    let moment = scene.moments[1]
    scene.tables = [
      LaunchTable("other", moment.recording.totals, on: moment.recording.device)
    ]
    #expect(lines(scene, 80, 4)[1].hasPrefix("other on classroom"))
    #expect(lines(scene, 80, 4)[3] == "")
  }

  @Test("Where there is no room it says how many are left out")
  func cut() throws {
    #expect(lines(try scene(), 80, 5).contains { $0.hasPrefix("and 3 more") })
  }
}

@Suite("Kernels as released")
struct ReleasedKernelTests {
  @Test(
    "Every view draws steps that have no tile: barriers, and parts on another unit",
    arguments: [
      ("flash-attention-3", "h100-sxm", 128), ("flash-attention-2", "a100-40gb", 128),
      ("eager-attention", "a100-40gb", 64),
    ])
  func noTile(kernel: String, device: String, d: Int) throws {
    let device = try DeviceLibrary.find(device).device
    var problem = AttentionProblem(queries: 128, keys: 384, d: d)
    problem.type = .fp16
    problem.maskRule = .causal
    let kernel = try #require(Catalogue.kernel(named: kernel))
    let mapping = try #require(kernel.launched(problem, on: device))
    let run = try CompletedRun.simulate(
      Plan(kernel, .attention(problem), mapping, device), inputs: nil)
    for step in 0...60 {
      let moment = Moment(run, at: run.recording.lastCycle * step / 60)
      let scene = Scene(moments: [moment], focus: 0, selection: Selection())
      for view in ViewCatalogue.views {
        var picture = Picture(width: 80, height: 24)
        view.draw(scene, in: picture.canvas.bounds, on: &picture)
      }
      #expect(!Sentence(scene).text.isEmpty)
    }
  }
}
