// A user's story on a real pseudo-terminal: open, step, look, resize, leave; and every way out gives
// the terminal back.

import Foundation
import Testing

@Suite("A story on a terminal", .serialized)
struct StoryTests {
  private static let leaveAlternateScreen = "\u{1B}[?1049l"

  @Test("Open the race, go somewhere, resize, step back, quit")
  func story() throws {
    let terminal = try PseudoTerminal(["play"])
    let first = terminal.read(until: "? help")
    #expect(first.contains("standard-attention") && first.contains("flash-attention"))
    #expect(first.contains("notebook-previous-word") && first.contains("classroom"))
    terminal.type("g1200\r")
    _ = terminal.read(until: "1,200")
    terminal.resize(columns: 120, rows: 40)
    let wide = terminal.read(until: "? help")
    #expect(wide.contains("cycle 1,200 of") && wide.contains("ledger of row"))
    terminal.type("g0\rnnnppp")
    terminal.readUntilQuiet()
    terminal.resize(columns: 60, rows: 15)
    #expect(terminal.read(until: "needs 80").contains("needs 80"))
    terminal.resize(columns: 80, rows: 24)
    #expect(terminal.read(until: "? help").contains("cycle 0 of"))
    terminal.type("q")
    let end = terminal.end()
    #expect(end.code == 0 && end.isRestored)
    #expect(end.output.contains(Self.leaveAlternateScreen))
  }

  @Test("The library opens what is chosen, and Escape comes back to it")
  func library() throws {
    let terminal = try PseudoTerminal([])
    #expect(terminal.read(until: "Enter open").contains("What attention computes"))
    terminal.type("j\r")
    #expect(terminal.read(until: "? help").contains("beat 1 of"))
    terminal.type("\u{1B}")
    #expect(terminal.read(until: "Enter open").contains("Enter open"))
    terminal.type("q")
    #expect(terminal.end().code == 0)
  }

  @Test(
    "A signal ends it with its code and a sane terminal",
    arguments: [(SIGINT, 130), (SIGQUIT, 131), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
  func signals(number: Int32, code: Int32) throws {
    let terminal = try PseudoTerminal(["play"])
    _ = terminal.read(until: "? help")
    terminal.signal(number)
    let end = terminal.end()
    #expect(end.code == code && end.isRestored)
    #expect(end.output.contains(Self.leaveAlternateScreen))
  }

  @Test(
    "A line that cannot be parsed gets one line in return",
    arguments: [
      "run", "run flash-attention --bogus", "run flash-attention --n x", "export gif", "pley",
    ])
  func oneLine(line: String) throws {
    let outcome = try tilewalk(line)
    #expect(outcome.code == 64 && outcome.output.isEmpty && outcome.errorLines.count == 1)
  }

  @Test("Without a terminal it refuses in one line that names run")
  func withoutTerminal() throws {
    let outcome = try tilewalk("play")
    #expect(outcome.code == 64 && outcome.output.isEmpty)
    #expect(outcome.errorLines.count == 1 && outcome.error.contains("run KERNEL"))
  }
}
