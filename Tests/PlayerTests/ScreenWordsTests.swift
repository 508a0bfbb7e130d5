// What the screen says in words: titles, messages, and views that have nothing to say.

import Canvas
import Kernels
import Player
import Testing
import Views

@testable import Library

@Suite("Words on the screen")
struct ScreenWordsTests {
  private func launched(
    _ names: [String], pass: Pass = .forward, d: Int = 64
  ) throws -> Player {
    let device = try DeviceLibrary.find("a100-40gb").device
    var problem = AttentionProblem(queries: 256, d: d, heads: 2, type: .fp16)
    problem.pass = pass
    return try Player(
      names.map { name in
        let kernel = try #require(Catalogue.kernel(named: name))
        let mapping = kernel.launched(problem, on: device) ?? Mapping(tile: 64)
        return try CompletedRun.simulate(
          Plan(kernel, .attention(problem), mapping, device), inputs: nil)
      })
  }

  @Test("runs with tiles of their own have them in their own titles, and the header has none")
  func tiles() throws {
    var player = try launched(["flash-attention", "flash-attention-2"])
    player.type("g5%\n")
    for view in ["race", "traffic", "timeline", "chip", "sm"] {
      player.type(":view \(view)\n")
      let lines = player.lines(120, 40)
      #expect(!lines[0].contains("tiles"), "\(lines[0])")
      let text = lines.dropFirst().joined(separator: "\n")
      #expect(text.contains("flash-attention 16×256"), "\(view)")
      #expect(text.contains("flash-attention-2 128×128"), "\(view)")
    }
    #expect(player.lines().dropFirst().joined().contains("16×256"))
    let one = try launched(["flash-attention"])
    #expect(one.lines()[0].contains("tiles 16×256"))
  }

  @Test("a pass with other tiles has its own in the title")
  func backwardTiles() throws {
    var player = try launched(["flash-attention-2"], pass: .both, d: 128)
    let plan = player.runs[0].plan
    let (forward, backward) = (plan.tiles(backward: false), plan.tiles(backward: true))
    #expect(forward != backward)
    #expect(player.lines()[1].contains("flash-attention-2 \(forward) "))
    player.type("g90%\n")
    #expect(player.lines()[1].contains("flash-attention-2 \(backward) "))
  }

  @Test("v and V pass over views that have nothing to say, and :view says why")
  func emptyViews() throws {
    func names(_ player: Player) -> [String] {
      var player = player
      var seen: [String] = []
      repeat {
        player.type("v")
        seen.append(ViewCatalogue.views[player.view].name)
      } while player.view != 0 && seen.count < 50
      return seen
    }
    let all = Set(ViewCatalogue.views.map(\.name))
    #expect(Set(names(try smallRace())) == all.subtracting(["recompute"]))
    #expect(Set(names(try smallRace(.backward))) == all.subtracting(["ledger"]))
    #expect(Set(names(try smallRace(.both))) == all)
    let timed = try launched(["flash-attention-2"])
    #expect(
      Set(names(timed)) == all.subtracting(["recompute", "ledger", "tile", "heat", "difference"]))
    var player = try smallRace()
    player.type(":view recompute\n")
    #expect(player.lines().joined(separator: " ").contains("about the backward pass"))
  }

  @Test("a long message is said whole, and names the nearest right word")
  func messages() throws {
    var player = try smallRace()
    player.type(":ladger\n")
    let lines = player.lines().suffix(3).joined(separator: " ")
    #expect(lines.contains("No command “ladger”") && lines.contains("quit."))
    player.type(":view ladger\n")
    let text = player.lines().suffix(3).joined(separator: " ")
    #expect(text.contains("did you mean ledger?") && text.contains("launches."))
    player.type(":goto " + String(repeating: "9", count: 500) + "\n")
    #expect(player.lines().last?.hasSuffix("…") == true)
  }

  @Test("what is typed beyond the width shows its end")
  func longPrompt() throws {
    var player = try smallRace()
    player.type("/" + String(repeating: "a", count: 200) + "the end")
    #expect(player.lines().last?.contains("the end") == true)
  }

  @Test("of two tiles of one name in SRAM it is said whose, or which is the old one")
  func sameNamed() throws {
    for kernel in [
      Catalogue["flash-attention"], Catalogue["flash-attention-2"], Catalogue["standard-attention"],
    ] as [Kernel] {
      var player = try Player([smallRun(kernel, heads: 2)])
      for cycle in stride(from: 0, through: player.lastCycle, by: 23) {
        player.type("g\(cycle)\n")
        let lines = player.lines(300, 26)
        let first = try #require(lines.firstIndex { $0.hasPrefix("SRAM") })
        var owner = ""
        var seen: Set<String> = []
        for word in lines[first + 1].replacing(" old", with: "'").split(separator: " ") {
          if word.first == "b" { owner = String(word) }
          guard let glyph = word.first, "■»▲".contains(glyph) else { continue }
          let name = owner + " " + word.dropFirst()
          #expect(seen.insert(name).inserted, "\(lines[first + 1])")
        }
      }
    }
  }

  @Test("a click opens the item that is drawn there, in a list that has been scrolled, too")
  func clicks() throws {
    let items = (0..<30).map { StartScreen.Item(id: "\($0)", title: "item \($0).", detail: "") }
    var library = StartScreen(items)
    _ = library.update(.end, height: 24)
    let lines = library.frame(width: 80, height: 24).canvas.lines
    for (row, line) in lines.enumerated() where line.contains("item ") {
      let choice = library.update(.click(row: row, column: 4), height: 24)
      guard case .open(let id) = choice else {
        Issue.record("row \(row) opens nothing")
        continue
      }
      #expect(line.contains("item \(id)."))
    }
  }
}
