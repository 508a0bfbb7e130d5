// Walking: what goes forward comes back.

import Canvas
import Kernels
import Player
import Testing

@testable import Library

@Suite("A walk")
struct WalkTests {
  @Test(
    "back shows the frames of the walk forwards, in reverse", arguments: ["n", "t", "s", "k", "."])
  func backAndForth(key: String) throws {
    var player = try smallRace()
    var forwards = [player.lines()]
    let limit = key == "." ? 60 : Int.max
    while player.cycle < player.lastCycle, forwards.count < limit {
      let before = player.cycle
      player.type(key)
      if player.cycle == before { break }
      forwards.append(player.lines())
    }
    #expect(forwards.count > 3)
    var backwards = [player.lines()]
    let back = ["n": "p", ".": ","][key] ?? key.uppercased()
    for _ in 1..<forwards.count {
      player.type(back)
      backwards.append(player.lines())
    }
    #expect(Array(backwards.reversed()) == forwards)
  }

  @Test("where heads are rows of one tile, the followed row is a head, and arrows go to the next")
  func packedHeads() throws {
    let device = try DeviceLibrary.find("classroom").device
    let problem = Problem.attention(
      AttentionProblem(queries: 1, keys: 16, d: 4, heads: 4, keyValueHeads: 2))
    let runs = try ["flash-attention-2", "flash-decoding"].map { name in
      let plan = try Plan(Catalogue[name], problem, Mapping(tile: 4), device)
      return try CompletedRun.simulate(plan, inputs: problem.seededInputs(1), origin: "seed 1")
    }
    #expect(runs[1].facts.telltaleRow == 0)
    var player = Player(runs)
    player.type("\t}}")
    #expect(
      player.lines().contains {
        $0.contains("softmax of row 0") && $0.contains("softmax of head 2")
      })
    _ = player.update(.down, width: 80, height: 24)
    #expect(player.lines().contains { $0.contains("softmax of head 3") })
    #expect(player.lines(120, 40).contains { $0.contains("ledger of head 3") })
    #expect(player.lines(120, 40).contains { $0.contains("another row") })
    _ = player.update(.tab, width: 80, height: 24)
    #expect(!player.lines(120, 40).contains { $0.contains("another row") })
  }

  @Test(
    "back shows the frames of a backward pass, too, in reverse",
    arguments: [Pass.backward, .both], ["race", "recompute", "tile"])
  func backwardPass(pass: Pass, view: String) throws {
    var player = try smallRace(pass)
    player.type(":view \(view)\n")
    var forwards = [player.lines()]
    while player.cycle < player.lastCycle {
      player.type("t")
      forwards.append(player.lines())
    }
    #expect(forwards.count > 30)
    var backwards = [player.lines()]
    for _ in 1..<forwards.count {
      player.type("T")
      backwards.append(player.lines())
    }
    #expect(Array(backwards.reversed()) == forwards)
  }

  @Test("a step by events goes to the next event of either run")
  func nextOfEither() throws {
    var player = try smallRace()
    while player.cycle < player.lastCycle {
      let expected = player.runs.compactMap { $0.recording.cycle(after: player.cycle) }.min()
      player.type("n")
      #expect(player.cycle == expected)
    }
  }

  @Test("at either end a step says so and stays")
  func ends() throws {
    var player = try smallRace()
    player.type("p")
    #expect(player.cycle == 0)
    #expect(player.message == "This is the start.")
    player.type("$n")
    #expect(player.cycle == player.lastCycle)
    #expect(player.message == "This is the end.")
  }

  @Test("playing reaches the end and stops there")
  func playing() throws {
    var player = try smallRace()
    player.type(" ")
    #expect(player.isPlaying)
    for _ in 0..<400 { player.advance(bySeconds: 0.1) }
    #expect(player.cycle == player.lastCycle)
    #expect(!player.isPlaying)
  }

  @Test("playing stops at a breakpoint on the way")
  func breakpointWhilePlaying() throws {
    var player = try smallRace()
    player.type(":break flash-attention finished store O[1]\n")
    player.type(" ")
    for _ in 0..<400 { player.advance(bySeconds: 0.1) }
    let recording = player.runs[1].recording
    let stop = try #require(
      recording.events.first { recording.text(of: $0) == "finished store O[1]" })
    #expect(player.cycle == stop.cycle)
  }

  @Test("on a screen a step glides, and back it is seen in reverse; the player is there at once")
  func glide() throws {
    var player = try smallRace()
    player.animatesSteps = true
    player.type("g250\n")
    func shown(_ player: Player) -> Int { player.scene.cycle }
    var cycles: [[Int]] = []
    for key in [Key.character("t"), .character("T")] {
      let before = player.cycle
      _ = player.update(key, width: 80, height: 24)
      #expect(player.isMoving && player.cycle != before && shown(player) == before)
      var seen = [shown(player)]
      while player.isMoving {
        player.advance(bySeconds: 0.0625)
        seen.append(shown(player))
      }
      #expect(seen.last == player.cycle && Set(seen).count > 2)
      cycles.append(seen)
    }
    // The way back is not always as long: T goes to the transfer before.
    let both = Set(cycles[0]).intersection(cycles[1])
    #expect(!both.isEmpty)
    // The next key does not wait for it.
    _ = player.update(.character("t"), width: 80, height: 24)
    let goal = player.cycle
    _ = player.update(.character("z"), width: 80, height: 24)
    #expect(!player.isMoving && shown(player) == goal)
  }
}
