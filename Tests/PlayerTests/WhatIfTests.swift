// What if: the changed runs are those that a command would simulate.

import Canvas
import Kernels
import Testing

@testable import Library
@testable import Player

@Suite("What if")
struct WhatIfTests {
  private func race(n: Int = 32, d: Int = 16, tile: Int = 8) throws -> Player {
    try Player([
      smallRun(Catalogue["standard-attention"], n: n, d: d, tile: tile),
      smallRun(Catalogue["flash-attention"], n: n, d: d, tile: tile),
    ])
  }

  @Test("begins with the runs on the screen, and every value is simulated as it would be alone")
  func values() throws {
    var player = try race()
    player.type("x")
    let asked = try #require(player.whatIf)
    #expect(asked.now == asked.before && !asked.isChanged)
    #expect(asked.before.map(\.cycles) == player.runs.map(\.recording.lastCycle))
    for point in asked.curve where point.figures.allSatisfy({ $0 != nil }) {
      let tile = try #require(Int(point.text))
      let alone = try race(tile: tile).runs.map(\.recording.totals)
      #expect(point.figures.map { $0?.cycles } == alone.map { $0.cycles })
      #expect(point.figures.map { $0?.bytes } == alone.map { $0.hbm.bytes })
    }
    let large = try #require(WhatIf(race(n: 64, d: 32, tile: 16).runs))
    #expect(large.curve.contains { $0.problem?.contains("do not fit in SRAM") == true })
  }

  @Test("arrows change, r takes back, Enter plays what was shown")
  func keys() throws {
    var player = try race()
    player.type("x")
    _ = player.update(.left, width: 80, height: 24)
    let now = try #require(player.whatIf).now.map { $0?.cycles }
    #expect(now != player.runs.map(\.recording.lastCycle))
    #expect(player.lines().contains { $0.contains("◂") || $0.contains("▸ 4") })
    player.type("r")
    #expect(player.whatIf?.isChanged == false)
    _ = player.update(.left, width: 80, height: 24)
    _ = player.update(.enter, width: 80, height: 24)
    #expect(player.overlay == nil)
    #expect(player.runs.map(\.recording.lastCycle) == now)
    #expect(player.runs[0].plan.mapping.rows == 4)
    // The data are those of before.
    #expect(player.runs[0].inputs == (try race()).runs[0].inputs)
  }

  @Test("every quantity has values on both sides, and none of them breaks the screen")
  func quantities() throws {
    var player = try race()
    player.type("x")
    for _ in VariedQuantity.allCases {
      for key in [Key.left, .left, .right, .right, .right, .right, .right, .right] {
        _ = player.update(key, width: 80, height: 24)
        let lines = player.lines()
        #expect(
          lines.contains {
            $0.contains("times as fast") || $0.contains("Impossible") || $0.contains("same time")
          })
      }
      player.type("r")
      _ = player.update(.down, width: 80, height: 24)
    }
    _ = player.update(.escape, width: 80, height: 24)
    #expect(player.overlay == nil)
  }

  @Test("a matrix product says where else to ask; one run alone is compared with itself")
  func others() throws {
    let device = try DeviceLibrary.find("classroom").device
    let problem = Problem.matmul(MatmulProblem(m: 6, n: 6, k: 6))
    let plan = try Plan(Catalogue["tiled-matmul"], problem, Mapping(tile: 3), device)
    var product = try Player([CompletedRun.simulate(plan, inputs: problem.seededInputs(1))])
    product.type("x")
    #expect(product.message?.contains("sweep") == true && product.overlay == nil)
    var alone = try Player([smallRun(Catalogue["flash-attention-2"], n: 16)])
    alone.type("x")
    #expect(alone.lines().contains { $0.contains("flash-attention-2") })
  }
}
