// A search finds exactly the events whose lines contain what is looked for.

import Kernels
import Machine
import Testing

@testable import Player

@Suite("Searching")
struct SearchTests {
  @Test(
    "finds the events whose lines contain the pattern, and no others",
    arguments: [
      "store O[0]", "finished", "k[1]", "K[1]", "launch", "flash", "] ", "[0,", "s", "no such",
      "FINISHED", "started multiply S[1,1]", "standard-attention started", "∞", "alpha",
    ])
  func equal(text: String) throws {
    for heads in [1, 2] {
      let kernels: [Kernel] = [Catalogue["standard-attention"], Catalogue["flash-attention-2"]]
      let runs = try kernels.map { try smallRun($0, heads: heads) }
      let ignoresCase = text == text.lowercased()
      var expected: Set<Int> = []
      for run in runs {
        for event in run.recording.events {
          let line = "\(run.name) \(run.recording.text(of: event))"
          if (ignoresCase ? line.lowercased() : line).contains(text) {
            expected.insert(event.cycle)
          }
        }
      }
      #expect(Pattern(text).cycles(in: runs) == expected.sorted())
    }
  }

  @Test("A line is the same, read as text or as bytes; a tile's writes are those of its name")
  func writes() throws {
    let run = try smallRun(Catalogue["flash-attention"], heads: 2)
    let tile = TileName("O", row: 1)
    let expected = run.recording.events.filter { event in
      let text = run.recording.text(of: event)
      let ends = ["O.0[1]", "O.1[1]"].contains { text.hasSuffix(" \($0)") }
      return ends && text.hasPrefix("finished") && !text.contains("free")
    }
    #expect(tile.writes(in: [run]) == Set(expected.map(\.cycle)).sorted())
  }

  @Test("A breakpoint is set, stops, and is cleared")
  func breakpoint() throws {
    var player = try smallRace()
    player.type(":break finished store O[0]\n")
    #expect(player.message?.contains("stops at") == true)
    let stops = player.stops
    #expect(!stops.isEmpty)
    player.type("c")
    #expect(player.cycle == stops[0] && player.message?.contains("store O[0]") == true)
    player.type(":break finished store O[0]\n")
    #expect(player.stops.isEmpty)
  }
}
