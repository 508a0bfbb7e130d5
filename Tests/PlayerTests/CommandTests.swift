// What a viewer types, and what comes of it.

import Canvas
import Machine
import Player
import Testing
import Views

@testable import Library

@Suite("Typing")
struct TypingTests {
  @Test("g goes to a cycle, a share or an event")
  func goTo() throws {
    var player = try smallRace()
    player.type("g250\n")
    #expect(player.cycle == 250)
    player.type("g50%\n")
    #expect(player.cycle == player.lastCycle / 2)
    player.type("g#1\n")
    #expect(player.cycle == 0)
    for wrong in ["99999999", "nowhere", "101%", "-5", "#0"] {
      player.type("g\(wrong)\n")
      #expect(player.cycle == 0)
      #expect(player.message?.contains(wrong) == true)
    }
  }

  @Test("a search goes to the next match and again, and back")
  func search() throws {
    var player = try smallRace()
    player.type("/finished load k[1]\n")
    let first = player.cycle
    #expect(first > 0)
    player.type("/\n")
    let second = player.cycle
    #expect(second > first)
    player.type("\\\n")
    #expect(player.cycle == first)
    player.type("/no such thing\n")
    #expect(player.cycle == first)
    #expect(player.message?.contains("no such thing") == true)
  }

  @Test("c and C stop at breakpoints and at writes of the watched tile")
  func breakpoints() throws {
    var player = try smallRace()
    player.type("c")
    #expect(player.message?.contains("No breakpoint") == true)
    player.type(":watch O[0]\n")
    var stops: [Int] = []
    while true {
      let before = player.cycle
      player.type("c")
      if player.cycle == before { break }
      stops.append(player.cycle)
    }
    #expect(stops.count >= 4)
    player.type("C")
    #expect(player.cycle == stops[stops.count - 2])
  }

  @Test("W runs back to the last write of the watched tile")
  func lastWrite() throws {
    var player = try smallRace()
    player.type(":watch O[0]\n$W")
    let recording = player.runs[0].recording
    let written = player.runs.flatMap { run in
      run.recording.events.filter {
        run.recording.text(of: $0) == "finished store O[0]"
      }.map(\.cycle)
    }
    #expect(written.max()! < player.lastCycle)
    #expect(player.cycle == written.max())
    #expect(recording.lastCycle > 0)
  }

  @Test("a mark brings back the cycle it was set at")
  func marks() throws {
    var player = try smallRace()
    player.type("nnnnma")
    let marked = player.cycle
    player.type("$'a")
    #expect(player.cycle == marked)
    player.type("'z")
    #expect(player.message == "No mark z.")
  }

  @Test("every view can be asked for by name, and a wrong name lists them")
  func views() throws {
    var player = try smallRace()
    for view in ViewCatalogue.views {
      player.type(":view \(view.name)\n")
      #expect(player.lines()[0].hasSuffix(view.name))
    }
    player.type(":view ledgr\n")
    #expect(player.message?.contains("ledger") == true)
  }

  @Test("Escape undoes the innermost thing, and leaves when nothing is left")
  func escape() throws {
    var player = try smallRace()
    player.type(":view tile\nz")
    for _ in 0..<2 { #expect(player.update(.escape, width: 80, height: 24) == .none) }
    #expect(player.update(.escape, width: 80, height: 24) == .leave)
  }

  @Test("q quits, but not out of a prompt")
  func quit() throws {
    var player = try smallRace()
    player.type("/q")
    #expect(player.prompt?.text == "q")
    #expect(player.update(.escape, width: 80, height: 24) == .none)
    #expect(player.update(.character("q"), width: 80, height: 24) == .quit)
  }

  @Test("a click on the time strip goes there, a click on a tile points at it")
  func mouse() throws {
    var player = try smallRace()
    let targets = player.frame(width: 80, height: 44).targets
    let strip = try #require(
      targets.first { if case .time = $0.meaning { true } else { false } })
    _ = player.update(
      .click(row: strip.rect.row, column: strip.rect.column + strip.rect.width / 2), width: 80,
      height: 44)
    #expect(abs(player.cycle - player.lastCycle / 2) <= player.lastCycle / strip.rect.width + 1)
    let tile = try #require(
      targets.first { if case .tile(1, TileName("K", row: 1)) = $0.meaning { true } else { false } }
    )
    _ = player.update(
      .click(row: tile.rect.row, column: tile.rect.column), width: 80, height: 44)
    #expect(player.selection.tile?.text.hasPrefix("K[1") == true)
  }
}
