// Frames at every size: nothing breaks, nothing is wider than a column, and too small says so.

import Canvas
import Kernels
import Machine
import Player
import Testing
import Views

@Suite("Frames")
struct FrameTests {
  static let sizes = [(80, 24), (81, 25), (100, 30), (120, 40), (200, 60), (300, 100), (80, 60)]

  @Test(
    "every view draws at every size, at the start, in the middle and at the end",
    arguments: Pass.allCases)
  func everySize(pass: Pass) throws {
    var player = try smallRace(pass)
    for view in ViewCatalogue.views {
      player.type(":view \(view.name)\n")
      for place in ["g0\n", "g50%\n", "g80%\n", "$"] {
        player.type(place)
        for (width, height) in Self.sizes {
          let canvas = player.frame(width: width, height: height).canvas
          #expect(canvas.width == width && canvas.height == height)
          #expect(canvas.lines.last?.isEmpty == false)
        }
      }
    }
  }

  @Test("a screen that is too small says what it needs")
  func tooSmall() throws {
    let player = try smallRace()
    let lines = player.lines(60, 15)
    #expect(lines[0] == "tilewalk needs 80 × 24.")
    #expect(lines[1] == "This screen is 60 × 15.")
    _ = player.frame(width: 1, height: 1)
    _ = player.frame(width: 0, height: 0)
  }

  @Test(
    "in ASCII every cell is ASCII, and nothing has become a question mark",
    arguments: Pass.allCases)
  func ascii(pass: Pass) throws {
    var player = try smallRace(pass)
    for view in ViewCatalogue.views {
      player.type(":view \(view.name)\ng60%\n")
      for line in player.frame(width: 120, height: 40).canvas.asciiOnly.lines {
        let unknown = line.replacing("? help", with: "").contains("?")
        #expect(!unknown && line.allSatisfy { $0.isASCII }, "\(line)")
      }
    }
  }

  @Test("the help screen names every key of the table")
  func help() throws {
    var player = try smallRace()
    player.type("?")
    let text = player.lines(120, 40).joined(separator: "\n")
    for binding in Keymap.bindings { #expect(text.contains(binding.meaning)) }
    // On a small screen it has two pages, each with the legend.
    var small: [String] = []
    while player.lines().contains(where: { $0.contains("any key turns it") }) {
      small += player.lines()
      player.type("x")
    }
    small += player.lines()
    for binding in Keymap.bindings {
      #expect(small.contains { $0.contains(binding.meaning) }, "\(binding.meaning)")
    }
    #expect(small.filter { $0.contains("╌ dropped") }.count == 2)
    player.type("x")
    #expect(!player.lines().contains { $0.contains("Any key closes") })
  }

  @Test("no two keys mean different things")
  func keysAreUnique() {
    let keys = Keymap.bindings.flatMap(\.keys)
    #expect(Set(keys).count == keys.count)
  }

  @Test("the last sentence states the bytes that the run moved")
  func ending() throws {
    var player = try smallRace()
    player.type("$")
    let totals = player.runs[1].recording.totals
    let text = player.lines().joined(separator: " ")
    #expect(text.contains("read \(bytesText(totals.hbm.readBytes)) from HBM"))
  }

  @Test("the library opens what is chosen and quits")
  func library() {
    let items = ["a", "b", "c"].map { StartScreen.Item(id: $0, title: $0, detail: "") }
    var library = StartScreen(items)
    #expect(library.update(.down, height: 24) == .none)
    #expect(library.update(.enter, height: 24) == .open("b"))
    #expect(library.update(.end, height: 24) == .none)
    #expect(library.update(.enter, height: 24) == .open("c"))
    #expect(library.update(.character("q"), height: 24) == .quit)
    #expect(library.frame(width: 80, height: 24).canvas.lines.joined().contains("▸ c"))
  }
}
