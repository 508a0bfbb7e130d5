// The demo: a cut of a minute, which any key takes over, and a bet before it.

import Canvas
import Kernels
import Machine
import Testing

@testable import Library
@testable import Player

@Suite("The demo")
struct DemoTests {
  private func runs(_ sample: String = "notebook-previous-word", tile: Int = 16) throws
    -> [CompletedRun]
  {
    let sample = try SampleLibrary.find(sample)
    let device = try DeviceLibrary.find("classroom").device
    let problem = AttentionProblem(
      queries: sample.q.rows, d: sample.q.columns, scale: sample.scale)
    return try ["standard-attention", "flash-attention"].map { name in
      let kernel = try #require(Catalogue.kernel(named: name))
      let plan = try Plan(kernel, .attention(problem), Mapping(tile: tile), device)
      return try CompletedRun.simulate(
        plan, inputs: ["Q": sample.q, "K": sample.k, "V": sample.v], tokens: sample.tokens)
    }
  }

  @Test("takes 40 to 60 seconds, for any data and any tiles")
  func length() throws {
    for (sample, tile) in [("notebook-previous-word", 16), ("notebook", 8), ("coreference", 4)] {
      let demo = DemoPlayer(try runs(sample, tile: tile))
      #expect((40...60).contains(demo.length), "\(sample): \(demo.length)")
    }
  }

  @Test(
    "shows the spill, the drop and a real rise, in order of time, each with a caption of one line")
  func cuts() throws {
    let runs = try runs()
    let player = Player(runs)
    let cuts = Director(runs, traces: player.traces).cuts
    for (cut, next) in zip(cuts, cuts.dropFirst()) {
      #expect(cut.cycles.upperBound == next.cycles.lowerBound)
    }
    #expect(cuts.last?.cycles.upperBound == player.lastCycle)
    #expect(cuts.allSatisfy { $0.caption.count <= 79 }, "\(cuts.map(\.caption))")
    for words in [
      "crosses the bus", "tile of scores", "goes back out", "dropped", "shrinks", "is done",
    ] {
      #expect(cuts.contains { $0.caption.contains(words) }, "\(words)")
    }
    // The rise is one of the followed row, and its α is what the ledger says.
    let rise = try #require(cuts.first { $0.caption.contains("shrinks") })
    let alpha = try #require(player.traces[1].entries(at: rise.cycles.lowerBound).last?.alpha)
    #expect(alpha > 0.1 && alpha < 0.9 && rise.caption.contains(short(alpha)))
  }

  @Test("plays to the finale untouched, on small and large screens, and tells no end before it")
  func untouched() throws {
    var demo = DemoPlayer(try runs())
    var frames = 0
    while !demo.isWaiting {
      let size = frames.isMultiple(of: 2) ? (80, 24) : (200, 60)
      let lines = demo.frame(width: size.0, height: size.1).canvas.lines
      if frames < 20 {
        let end = grouped(demo.player.lastCycle)
        #expect(!lines.contains { $0.contains(" of \(end)") })
      }
      demo.advance(bySeconds: 0.25)
      frames += 1
    }
    let lines = demo.frame(width: 80, height: 24).canvas.lines
    #expect(lines.contains { $0.contains("times as fast") })
    #expect(lines.contains { $0.contains("equal up to rounding") })
    #expect(demo.player.cycle == demo.player.lastCycle)
  }

  @Test("any key takes over at that very cycle; q quits; with loop it begins anew")
  func takeOver() throws {
    var demo = DemoPlayer(try runs(), loops: true)
    for _ in 0..<100 { demo.advance(bySeconds: 0.2) }
    let cycle = demo.player.cycle
    #expect(cycle > 0)
    var other = demo
    #expect(other.update(.resize) == .none)
    #expect(other.update(.character("q")) == .quit)
    #expect(demo.update(.right) == .takeOver)
    #expect(demo.player.cycle == cycle && !demo.player.isPlaying)
    var cycles: Set<Int> = []
    for _ in 0..<400 {
      other.advance(bySeconds: 0.25)
      cycles.insert(other.player.cycle)
    }
    #expect(!other.isWaiting && cycles.count > 50)
  }

  @Test("a bet is asked before the race, and the finale says whether it was right")
  func bet() throws {
    var demo = DemoPlayer(try runs())
    _ = demo.update(.character("b"))
    #expect(demo.isWaiting)
    var text = demo.frame(width: 80, height: 24).canvas.lines.joined(separator: "\n")
    #expect(text.contains("Which is done first?") && text.contains("flash-attention"))
    for key in "zbab" { #expect(demo.update(.character(key)) == .none) }
    #expect(!demo.isWaiting)
    // Who has bet sees no end, even after taking over.
    var early = demo
    early.advance(bySeconds: 3)
    _ = early.update(.character("x"))
    #expect(early.player.hidesFuture)
    var betting = early.player
    betting.type(":view timeline\n")
    #expect(betting.lines().contains { $0.contains("hidden until the race is over") })
    betting.type("$")
    #expect(!betting.lines().contains { $0.contains("hidden until") })
    while !demo.isWaiting { demo.advance(bySeconds: 0.25) }
    text = demo.frame(width: 80, height: 24).canvas.lines.joined(separator: "\n")
    #expect(text.contains("✓ Which is done first? You said: flash-attention"))
    #expect(text.contains("✗ How many times as fast is it? You said: less than 1.2 times; it is"))
    #expect(text.contains("✗ Which moves more bytes"))
  }
}
