// A student's and a presenter's story on two pseudo-terminals: open, answer, step back, resize, quit,
// and come back where one left.

import Foundation
import Testing

@testable import Library

@Suite("A lesson on a terminal", .serialized)
struct LessonStoryTests {
  private static let lesson = """
    ---
    title: Two tiles
    summary: A short lesson.
    minutes: 2
    runs:
      flash: { kernel: flash-attention, n: 16, d: 8, tile: 8 }
    ---
    ## Before anything moves

    The kernel has not begun.

    ```notes
    Say hello.
    ```

    ## The end

    ```cue
    until: end
    ```

    All is done.

    ```ask
    question: How many bytes crossed the bus?
    answer: flash.hbm.bytes
    explain: Count them.
    ```

    """

  @Test("Open, answer, step back, resize, quit, and resume; a second terminal follows")
  func story() throws {
    try withFolder { folder in
      let path = "\(folder)/two.md"
      try writeFile(Array(Self.lesson.utf8), to: path)
      for name in ["run", "state"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      }
      let environment = ["XDG_RUNTIME_DIR": "\(folder)/run", "XDG_STATE_HOME": "\(folder)/state"]
      let notes = try PseudoTerminal(["lesson", path, "--notes"], environment: environment)
      #expect(notes.read(until: "Nobody plays").contains("Nobody plays"))
      let terminal = try PseudoTerminal(["lesson", path], environment: environment)
      #expect(terminal.read(until: "? help").contains("Before anything moves"))
      #expect(notes.read(until: "Say hello.").contains("Say hello."))
      terminal.type("l")
      #expect(terminal.read(until: "2/3").isEmpty == false)
      terminal.type("l")
      #expect(notes.read(until: "Answer: ").contains("Answer: "))
      terminal.type("7\r")
      #expect(terminal.read(until: "is not it").contains("is not it"))
      terminal.type("!")
      #expect(terminal.read(until: "your answer").contains("your answer"))
      terminal.readUntilQuiet()
      terminal.resize(columns: 120, rows: 40)
      #expect(terminal.read(until: "? help").contains("your answer"))
      terminal.type("hq")
      let end = terminal.end()
      #expect(end.code == 0 && end.isRestored)
      #expect(notes.read(until: "been closed").contains("closed"))
      let again = try PseudoTerminal(["lesson", path], environment: environment)
      #expect(again.read(until: "starts over").contains("Resumed at beat 2"))
      again.signal(SIGTERM)
      #expect(again.end().code == 143)
      notes.type("q")
      #expect(notes.end().code == 0)
    }
  }

  @Test("Without a terminal it names --text")
  func withoutTerminal() throws {
    let outcome = try tilewalk("lesson 01-attention")
    #expect(outcome.code == 64 && outcome.error.contains("--text"))
  }
}
