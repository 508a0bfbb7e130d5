// What if: the changed runs are those that a command would simulate.

import Canvas
import Kernels
import Machine
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

  /// A race whose problem is changed before it is planned.
  private func race(
    on device: String = "classroom", tile: Int? = 8, _ change: (inout AttentionProblem) -> Void
  ) throws -> [CompletedRun] {
    let device = try DeviceLibrary.find(device).device
    var attention = AttentionProblem(queries: 32, d: 16)
    change(&attention)
    let problem = Problem.attention(attention)
    return try ["standard-attention", "flash-attention-2"].map { name in
      let kernel = try #require(Catalogue.kernel(named: name))
      let mapping = tile.map { Mapping(tile: $0) } ?? kernel.standardMapping(problem, on: device)
      let plan = try Plan(kernel, problem, mapping, device)
      return try CompletedRun.simulate(plan, inputs: nil)
    }
  }

  @Test("a mask or a bias that is a table counts, and keeps its size")
  func tables() throws {
    let table = Matrix(rows: 32, columns: 32, values: (0..<1024).map { Float($0 % 3) })
    let changes: [(inout AttentionProblem) -> Void] = [
      { $0.maskRule = .table(table) }, { $0.bias = table },
    ]
    for change in changes {
      var asked = try #require(WhatIf(try race(change)))
      let own = asked.curve[asked.chosen[asked.selected]].figures
      #expect(own == asked.before.map { $0 })
      asked.select(by: 1)
      #expect(asked.quantities[asked.selected] == .n && asked.curve.count == 1)
      asked.change(by: 1)
      #expect(!asked.isChanged)
      for _ in asked.quantities { asked.select(by: 1) }
    }
    var padded = try #require(WhatIf(try race { $0.maskRule = .padding(length: 30) }))
    padded.select(by: 1)
    #expect(padded.curve.allSatisfy { $0.figures.allSatisfy { $0 != nil } })
  }

  @Test("where nobody named tiles, each problem has those of the released kernel")
  func released() throws {
    func runs(d: Int) throws -> [CompletedRun] {
      try race(on: "a100-40gb", tile: nil) {
        ($0.d, $0.dv, $0.type, $0.queries, $0.keys) = (d, d, .fp16, 256, 256)
      }
    }
    var asked = try #require(WhatIf(try runs(d: 64)))
    asked.select(by: 2)
    #expect(asked.quantities[asked.selected] == .d)
    let point = try #require(asked.curve.first { $0.text == "128" })
    let alone = try runs(d: 128).map { try $0.plan.totals().cycles }
    #expect(point.figures.map { $0?.cycles } == alone)
  }
}
