// The views of a whole chip as drawings: its SMs, one of them, and what their cycles went to.

import Canvas
import Kernels
import Testing

@testable import Library
@testable import Moments
@testable import Views

@Suite("The chip")
struct ChipTests {
  /// Two kernels on the classroom's device with `sms` SMs of at most `perSM` blocks.
  private func scene(
    at cycle: Int, sms: Int = 10, perSM: Int = 1, heads: Int = 13, d: Int = 4,
    hasValues: Bool = false
  ) throws -> Scene {
    var device = try DeviceLibrary.find("classroom").device
    device.smCount = sms
    device.maxBlocksPerSM = perSM
    let problem = Problem.attention(AttentionProblem(queries: 8, d: d, heads: heads))
    let runs = try ([Catalogue["flash-attention"], Catalogue["flash-attention-2"]] as [Kernel]).map
    { kernel in
      try CompletedRun.simulate(
        Plan(kernel, problem, Mapping(tile: 4), device),
        inputs: hasValues ? problem.seededInputs(1) : nil)
    }
    return Scene(
      moments: runs.map { Moment($0, at: cycle) }, focus: 1, selection: Selection())
  }

  @Test("SMs show the wave of their block and what they do, and those without one are empty")
  func chip() throws {
    let canvas = canvas(ChipView(), try scene(at: 900), 80, 11)
    try expectDrawing(canvas, "chip")
  }

  @Test(
    "with several blocks on an SM its cell has a letter for each, and their number where many fit")
  func manyBlocks() throws {
    let lines = canvas(ChipView(), try scene(at: 300, sms: 108, perSM: 4, heads: 216), 80, 20).lines
    #expect(lines[2].contains("108 of 108 SMs busy"))
    #expect(lines[3].hasPrefix("»AA»AA»AA"))
    #expect(lines[3].hasSuffix("»A4»A4»A4"))
  }

  @Test(
    "132 SMs side by side with 132 others are all on a screen of 80 × 24", arguments: [1, 4, 9])
  func largest(perSM: Int) throws {
    let scene = try scene(at: 400, sms: 132, perSM: perSM, heads: 300)
    var picture = Picture(width: 80, height: 20)
    ChipView().draw(scene, in: picture.canvas.bounds, on: &picture)
    let cells = picture.targets.filter {
      if case .processor(1, _) = $0.meaning { true } else { false }
    }
    #expect(cells.count == 132)
    #expect(picture.canvas.lines.allSatisfy { !$0.contains("+") || perSM == 9 })
  }

  @Test("one SM shows what each block loads, computes and stores, or waits for")
  func oneSM() throws {
    let canvas = canvas(SMView(), try scene(at: 900, sms: 2, perSM: 2), 80, 14)
    try expectDrawing(canvas, "sm")
  }

  @Test("the bars of the cycles hold every purpose, and the shares add up to all of them")
  func cycles() throws {
    let scene = try scene(at: 100_000)
    let canvas = canvas(CyclesView(), scene, 80, 14)
    try expectDrawing(canvas, "cycles")
    for index in 0..<2 {
      let sum = canvas.lines.dropFirst(5).prefix(8).reduce(0.0) { sum, line in
        let figures = line.split(separator: " ").compactMap { Double($0) }
        return sum + figures[index]
      }
      #expect(abs(sum - 100) < 0.5)
    }
  }

  @Test("of many launches those around the one at hand are shown, and how many there are")
  func manyLaunches() throws {
    var scene = try scene(at: 0)
    let device = scene.focused.recording.device
    var attention = AttentionProblem(queries: 8, d: 4)
    attention.pass = .both
    let problem = Problem.attention(attention)
    let plan = try Plan(Catalogue["standard-attention"], problem, Mapping(tile: 4), device)
    let moment = Moment(try CompletedRun.simulate(plan, inputs: nil), at: 2000)
    scene.moments[0] = moment
    let lines = canvas(CyclesView(), scene, 80, 16).lines
    let launches = plan.program.launches
    #expect(lines[0].hasSuffix(" of \(launches.count)"))
    #expect(lines[1...3].contains { $0.hasPrefix(launches[moment.state.launch].name) })
    #expect(lines[4] == "flash-attention-2")
  }

  @Test("a run without values says so where values would be")
  func noValues() throws {
    let scene = try scene(at: 900)
    for view in ["tile", "heat", "ledger"] {
      let index = try #require(ViewCatalogue.index(of: view))
      let lines = canvas(ViewCatalogue.views[index], scene, 80, 12).lines
      #expect(lines[0] == Moment.noValues)
      #expect(lines.dropFirst().allSatisfy { $0.isEmpty })
    }
  }

  @Test("under the roof stand both runs and the launches of the one that has several")
  func roofline() throws {
    var scene = try scene(at: 0)
    let device = scene.focused.recording.device
    let problem = Problem.attention(AttentionProblem(queries: 8, d: 4))
    let standard = try CompletedRun.simulate(
      Plan(Catalogue["standard-attention"], problem, Mapping(tile: 4), device), inputs: nil)
    scene.moments[0] = Moment(standard, at: 0)
    let canvas = canvas(RooflineView(), scene, 80, 17)
    try expectDrawing(canvas, "roofline")
  }
}
