// A frame at any cycle of any run: every kernel and pass, as printed and as launched on a real device,
// with values and without, in every view, on screens of any size.

import Canvas
import Kernels
import Machine
import Player
import Testing
import Views

@testable import Library
@testable import Moments

@Suite("Every frame")
struct EveryFrameTests {
  /// Columns and rows.
  private static let sizes = [(1, 1), (20, 5), (3, 40), (40, 10), (79, 23), (120, 40)]

  private static let cases = Catalogue.kernels.flatMap { kernel in
    (kernel.hasBackwardPass ? Pass.allCases : [.forward]).map { (kernel.name, $0) }
  }

  /// - Parameter device: of a real one the run is as launched, and without values.
  private func run(
    _ name: String, _ pass: Pass, on device: String, n: Int = 96, d: Int = 64
  ) throws -> CompletedRun {
    let kernel = try #require(Catalogue.kernel(named: name))
    let device = try DeviceLibrary.find(device).device
    let isReal = device.name != "classroom"
    var attention = AttentionProblem(queries: n, d: d, heads: 2, type: isReal ? .fp16 : .fp32)
    attention.pass = pass
    attention.maskRule = .causal
    var mapping = Mapping(tile: 32)
    if !kernel.isMatmul { mapping = kernel.launched(attention, on: device) ?? mapping }
    let problem =
      kernel.isMatmul
      ? Problem.matmul(MatmulProblem(m: 5, n: 4, k: 3)) : .attention(attention)
    let plan = try Plan(kernel, problem, mapping, device)
    return try CompletedRun.simulate(plan, inputs: isReal ? nil : problem.seededInputs(1))
  }

  /// Cycles all over a run: its ends, equal steps, and those of the first and the last launches.
  private func cycles(_ run: CompletedRun, steps: Int) -> [Int] {
    let recording = run.recording
    let all = recording.totals.launches
    let launches = (all.count > 6 ? all.prefix(2) + all.suffix(2) : all[...]).flatMap {
      [$0.start, $0.finish - 1, $0.finish]
    }
    let even = (0...steps).map { recording.lastCycle * $0 / steps }
    return Set(launches + even).sorted()
  }

  private func draw(_ runs: [CompletedRun], steps: Int) {
    var selection = Selection()
    for (index, cycle) in cycles(runs[runs.count - 1], steps: steps).enumerated() {
      selection.sm = index * 7
      selection.plane = index % 2
      let moments = runs.map { Moment($0, at: cycle) }
      let scene = Scene(moments: moments, focus: index % runs.count, selection: selection)
      let sizes = [(80, 20), Self.sizes[index % Self.sizes.count]]
      for (width, height) in sizes {
        for view in ViewCatalogue.views {
          var picture = Picture(width: width, height: height)
          view.draw(scene, in: picture.canvas.bounds, on: &picture)
        }
      }
      #expect(!Sentence(scene).text.isEmpty)
    }
  }

  @Test("is drawn as printed, with values", arguments: cases)
  func printed(kernel: String, pass: Pass) throws {
    draw([try run(kernel, pass, on: "classroom", n: 20, d: 4)], steps: 5)
  }

  @Test("is drawn as launched, without values", arguments: cases)
  func launched(kernel: String, pass: Pass) throws {
    let device = kernel == "flash-attention-3" ? "h100-sxm" : "a100-40gb"
    draw([try run(kernel, pass, on: device)], steps: 5)
  }

  @Test("is drawn where two runs race", arguments: Pass.allCases)
  func race(pass: Pass) throws {
    let names = ["eager-attention", "flash-attention"]
    draw(try names.map { try run($0, pass, on: "a100-40gb") }, steps: 6)
  }

  @Test("is drawn for a problem of one element, and of none", arguments: Pass.allCases)
  func least(pass: Pass) throws {
    for name in ["standard-attention", "flash-attention-2"] {
      draw([try run(name, pass, on: "classroom", n: 1, d: 1)], steps: 6)
      draw([try run(name, pass, on: "a100-40gb", n: 1, d: 64)], steps: 6)
    }
  }

  @Test("is explained, on screens of every size", arguments: cases)
  func player(kernel: String, pass: Pass) throws {
    let device = kernel == "flash-attention-3" ? "h100-sxm" : "a100-40gb"
    let run = try run(kernel, pass, on: device)
    var player = Player([run, run])
    for (index, cycle) in cycles(run, steps: 5).enumerated() {
      player.type("g\(cycle)\n")
      let most = index == 0 ? [(80, 24), (500, 200)] : [(80, 24)]
      for (width, height) in Self.sizes + most {
        player.type("e", width: width, height: height)
        _ = player.frame(width: width, height: height)
        player.type("?", width: width, height: height)
        #expect(player.frame(width: width, height: height).canvas.width == width)
      }
    }
  }

  @Test("the library and a lesson's second screen are drawn on screens of every size")
  func others() throws {
    let items = (0..<30).map { StartScreen.Item(id: "\($0)", title: "t", detail: "d") }
    var library = StartScreen(items)
    var empty = StartScreen([])
    library.message = String(repeating: "a long message ", count: 80)
    let presenter = PresenterFrame(try demoLesson())
    for width in [0, 1, 2, 7, 20, 80, 500] {
      for height in [0, 1, 2, 3, 5, 24, 200] {
        _ = library.frame(width: width, height: height)
        _ = empty.frame(width: width, height: height)
        _ = presenter.frame(width: width, height: height)
        for key in [Key.down, .end, .enter, .click(row: 6, column: 0)] {
          _ = empty.update(key, height: height)
        }
      }
    }
  }
}
