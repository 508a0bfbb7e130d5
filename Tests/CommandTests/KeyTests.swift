// Keys on a real pseudo-terminal: what a terminal sends that its description does not know does
// nothing, and a lone Escape works at once.

import Foundation
import Testing

@Suite("Keys on a terminal", .serialized)
struct KeyTests {
  /// Each is a whole sequence, or the pieces in which it comes.
  private static let sequences: [[String]] = [
    ["\u{1B}[1;5C"], ["\u{1B}[1;2A"], ["\u{1B}[24;2~"], ["\u{1B}[200~"], ["\u{1B}[201~"],
    ["\u{1B}[I"],
    ["\u{1B}[O"], ["\u{1B}]11;rgb:1/q/q\u{7}"], ["\u{1B}P1$rq\u{1B}\\"], ["\u{1B}q"], ["\u{1B}Oa"],
    ["\u{1B}[M !!"], ["\u{1B}[<2;3;4M"], ["\u{1B}[32;9;9M"], ["\u{1B}[", "1;", "5", "C"],
    ["\u{1B}[<0;", "30;", "1m"], ["\u{1B}]11;", "q", "q\u{7}"], ["\u{1B}[1;5"],
  ]

  @Test(
    "A sequence without a meaning leaves the library open",
    arguments: ["screen", "xterm-256color", "vt100"])
  func meaningless(term: String) throws {
    let terminal = try PseudoTerminal([], environment: ["TERM": term])
    _ = terminal.read(until: "Enter open")
    for pieces in Self.sequences {
      for piece in pieces {
        terminal.type(piece)
        if pieces.count > 1 { Thread.sleep(forTimeInterval: 0.1) }
      }
    }
    // The last has not ended: a key after a while is a key again.
    Thread.sleep(forTimeInterval: 0.5)
    terminal.type("j\r")
    #expect(terminal.read(until: "beat 1 of").contains("beat 1 of"))
    terminal.type("q")
    #expect(terminal.end().code == 0)
  }

  @Test("A lone Escape works within a tenth of a second")
  func escape() throws {
    let terminal = try PseudoTerminal([])
    _ = terminal.read(until: "Enter open")
    terminal.readUntilQuiet()
    let start = Date()
    terminal.type("\u{1B}")
    let end = terminal.end()
    #expect(end.code == 0 && end.isRestored)
    // Leaving takes its time too.
    #expect(Date().timeIntervalSince(start) < 1)
  }

  @Test("An unfinished report of the mouse does not stop the clock")
  func unfinished() throws {
    let terminal = try PseudoTerminal(["play"])
    _ = terminal.read(until: "? help")
    terminal.type(" \u{1B}[<0;3")
    Thread.sleep(forTimeInterval: 0.5)
    #expect(terminal.read(until: "▶").contains("▶"))
    #expect(terminal.read(until: "cycle 1").contains("cycle 1"))
    terminal.type("q")
    #expect(terminal.end().code == 0)
  }
}
