// What the screen says of a backward pass: drawings, and figures that must be those of the run.

import Canvas
import Kernels
import Machine
import Testing

@testable import Library
@testable import Moments
@testable import Views

@Suite("A backward pass on the screen")
struct BackwardTests {
  private func run(
    _ kernel: Kernel, _ pass: Pass, keyValueHeads: Int? = nil, dropout: Double? = nil
  ) throws -> CompletedRun {
    let device = try DeviceLibrary.find("classroom").device
    let heads = keyValueHeads.map { 2 * $0 } ?? 1
    var problem = AttentionProblem(queries: 8, d: 4, heads: heads, keyValueHeads: keyValueHeads)
    problem.pass = pass
    problem.dropout = dropout.map { Dropout(probability: $0, seed: 7, heads: heads) }
    let plan = try Plan(kernel, .attention(problem), Mapping(tile: 4), device)
    return try CompletedRun.simulate(plan, inputs: plan.problem.seededInputs(1))
  }

  private func scene(_ runs: [CompletedRun], at cycle: Int) -> Scene {
    Scene(
      moments: runs.map { Moment($0, at: cycle) }, focus: runs.count - 1, selection: Selection())
  }

  @Test("the race of two whole passes on half a screen, the second in its backward one")
  func race() throws {
    let runs = try [
      run(Catalogue["standard-attention"], .both), run(Catalogue["flash-attention-2"], .both),
    ]
    try expectDrawing(canvas(RaceView(), scene(runs, at: 930), 80, 17), "backward-race")
  }

  @Test("recomputation in a backward pass, beside the kernel that stores P")
  func recompute() throws {
    let runs = try [
      run(Catalogue["standard-attention"], .backward), run(Catalogue["flash-attention"], .backward),
    ]
    try expectDrawing(canvas(RecomputeView(), scene(runs, at: 700), 80, 17), "recompute")
  }

  @Test("a forward pass has nothing to say of recomputation, and says so")
  func forward() throws {
    let lines = try canvas(
      RecomputeView(), scene([run(Catalogue["flash-attention"], .forward)], at: 9), 80, 9
    )
    .lines
    #expect(lines[0].hasPrefix("This view is about the backward pass"))
    #expect(lines.dropFirst(2).joined().isEmpty)
  }

  @Test(
    "the bytes not moved are those that the standard kernel has moved", arguments: [nil, 0.25])
  func notMoved(dropout: Double?) throws {
    for pass in [Pass.backward, .both] {
      let standard = try run(Catalogue["standard-attention"], pass, dropout: dropout).recording
      let flash = try run(Catalogue["flash-attention-2"], pass, dropout: dropout)
      let figures = try #require(Recomputation(Moment(flash, at: flash.recording.lastCycle)))
      for (name, bytes) in figures.notMoved {
        let index = try #require(standard.program.tensorIndex(name))
        #expect(standard.totals.tensors[index].bytes == bytes)
      }
      #expect(figures.notMoved.map(\.name).contains("Z") == (dropout != nil))
      #expect(figures.savedBytes == standard.totals.hbm.bytes - flash.recording.totals.hbm.bytes)
    }
  }

  @Test("FLOPs grow to the run's totals, and those done again only after the forward pass")
  func flops() throws {
    let run = try run(Catalogue["flash-attention"], .both)
    var last = Flops.zero
    for cycle in stride(from: 0, through: run.recording.lastCycle, by: 37) {
      let moment = Moment(run, at: cycle)
      #expect(moment.state.flops.all >= last.all)
      if !moment.isBackward { #expect(moment.state.flops.recomputed == 0) }
      last = moment.state.flops
    }
    let end = run.recording.finalState.flops
    #expect(end.all == run.recording.totals.matmulFlops)
    #expect(end.recomputed == run.recording.totals.recomputedFlops)
    #expect(end.recomputed > 0)
  }

  @Test("a row of P computed again is the row that was stored, once it has been divided")
  func weights() throws {
    let standard = try run(Catalogue["standard-attention"], .both)
    for kernel in [Catalogue["flash-attention"], Catalogue["flash-attention-2"]] as [Kernel] {
      let flash = try run(kernel, .both)
      var seen = 0
      for cycle in stride(from: 0, through: flash.recording.lastCycle, by: 5) {
        let moment = Moment(flash, at: cycle)
        let other = Moment(standard, at: standard.recording.lastCycle)
        guard let row = RecomputedWeights(moment, beside: other, Selection()) else { continue }
        seen += 1
        #expect(row.source == "stored")
        #expect(row.largestDifference < 1e-6)
        let exact = RecomputedWeights(moment, beside: nil, Selection())
        #expect(exact?.source == "exact")
        #expect((exact?.largestDifference ?? 1) < 1e-6)
      }
      #expect(seen > 10)
    }
  }

  @Test("dK and dV have the planes of K and V")
  func planes() throws {
    let run = try run(Catalogue["flash-attention-2"], .backward, keyValueHeads: 2)
    let moment = Moment(run, at: 0)
    var selection = Selection()
    selection.plane = 3
    for name in ["K", "V", "dK", "dV"] { #expect(moment.plane(named: name, for: selection) == 1) }
    for name in ["Q", "dQ", "dO", "L", "D", "S"] {
      #expect(moment.plane(named: name, for: selection) == 3)
    }
  }

  @Test("a dropped weight is a sign of its own, as many as the generator drops")
  func dropped() throws {
    let run = try run(Catalogue["flash-attention-2"], .backward, dropout: 0.25)
    let rule = Dropout(probability: 0.25, seed: 7, heads: 1)
    let spans = run.recording.spans
    let span = try #require(
      spans.first { span in
        guard let place = span.place else { return false }
        let block = run.recording.blocks[place.block]
        let op = block.ops[place.op]
        guard case .random = op.operation else { return false }
        return block.tile(of: op)?.name == "Pd"
      })
    let scene = scene([run], at: span.finish)
    var selected = scene
    selected.selection.tile = TileName("Pd", row: 0, column: 0)
    let shown = try #require(ShownTile(selected.focused, selected.selection))
    var count = 0
    rule.forEachElement(of: shown.place) { _, isKept in if !isKept { count += 1 } }
    for look in [TileView.Look.numbers, .heat] {
      let lines = canvas(TileView(look), selected, 80, 12).lines
      #expect(lines[1].hasPrefix("dropout: rate 0.25, seed 7; × is dropped"))
      #expect(lines.dropFirst(2).joined().filter { $0 == "×" }.count == count)
    }
    selected.selection.tile = TileName("P", row: 0, column: 0)
    #expect(!canvas(TileView(.numbers), selected, 80, 12).lines.dropFirst(2).joined().contains("×"))
  }

  @Test("every op of a backward pass has a sentence that fits two lines of a wide screen")
  func sentences() throws {
    for kernel in [
      Catalogue["standard-attention"], Catalogue["flash-attention"], Catalogue["flash-attention-2"],
    ] as [Kernel] {
      let run = try run(kernel, .both, dropout: 0.25)
      for cycle in Set(run.recording.events.map(\.cycle)) {
        let text = Sentence(scene([run], at: cycle)).text
        #expect(text.wrapped(120).count <= 2, "\(text)")
      }
    }
  }
}

extension Flops {
  fileprivate static var zero: Flops {
    State(Program(tensors: [], launches: []), inputs: nil).flops
  }
}
