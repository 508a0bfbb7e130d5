// From a lesson's file to its beats, and from a wrong file to a line and a column.

import Foundation
import Machine
import Testing

@testable import Lessons
@testable import Library

/// A lesson with one run each of standard and Flash attention; `beats` begins at line 9.
func script(_ beats: String, runs: String = "") -> String {
  """
  ---
  title: A test
  summary: Of the reader.
  minutes: 3
  runs:
    naive: { kernel: standard-attention, n: 12, d: 4, tile: 4 }
    flash: { kernel: flash-attention, n: 12, d: 4, tile: 4 }\(runs.isEmpty ? "" : "\n" + runs)
  ---
  \(beats)
  """
}

func read(_ beats: String, runs: String = "") -> Lesson.Reading {
  Lesson.read(script(beats, runs: runs), path: "test.md")
}

@Suite("Reading a lesson")
struct LessonReaderTests {
  @Test("The guide's first lesson is true")
  func guide() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let guide = try String(contentsOf: root.appending(path: "Lessons/README.md"), encoding: .utf8)
    let text = try #require(guide.components(separatedBy: "````").dropFirst().first)
    let lesson = String(text.drop { $0 != "\n" }.dropFirst())
    let reading = Lesson.read(lesson, path: "first.md")
    #expect(reading.diagnostics.map(\.report) == [])
    #expect(
      reading.lesson?.beats.map(\.title) == ["The scores land in HBM", "Flash never wrote it"])
    #expect(reading.claims == 2)
  }

  @Test("A cue stops where its event happens: first, next, by number, last")
  func cues() throws {
    let reading = read(
      """
      ## First
      ```cue
      until: flash finished load K[0]
      ```
      ## Next
      ```cue
      until: next flash finished load K[*]
      ```
      ## Third
      ```cue
      until: 3rd flash finished load K[*]
      ```
      ## Last
      ```cue
      until: last naive finished store S[*,2]
      ```
      ## End
      ```cue
      end
      ```
      """)
    let lesson = try #require(reading.lesson, "\(reading.diagnostics.map(\.report))")
    let lines = EventLines(lesson.runs[1].recording)
    let loads = lines.cycles(matching: "finished load K[*]")
    let stores = EventLines(lesson.runs[0].recording).cycles(matching: "finished store S[2,2]")
    let end = lesson.runs.map(\.recording.lastCycle).max()!
    #expect(loads.count == 3)
    #expect(lesson.beats.map(\.stage.cycle) == loads + [stores[0], end])
  }

  @Test("View, focus and layout last until they are changed; marks last for one beat")
  func stages() throws {
    let reading = read(
      """
      ## One
      ```cue
      until: naive finished store S[0,0]
      focus: naive hbm
      view: traffic
      highlight: naive S[0,0] flash K[1]
      row: 5
      ```
      ## Two
      """)
    let beats = try #require(reading.lesson, "\(reading.diagnostics.map(\.report))").beats
    #expect(beats[0].stage.panel == .hbm && beats[0].stage.row == 5)
    #expect(
      beats[0].stage.highlights == [
        .init(run: 0, tile: TileName("S", row: 0, column: 0)),
        .init(run: 1, tile: TileName("K", row: 1)),
      ])
    var expected = beats[0].stage
    (expected.highlights, expected.row, expected.panel) = ([], nil, nil)
    #expect(beats[1].stage == expected)
  }

  @Test("Prose becomes paragraphs, lists, quotes, tables and code, with figures worked out")
  func prose() throws {
    let reading = read(
      """
      ## Text
      One *soft* and **loud**
      line, 2 * 3, `a*b`, {naive.problem.n * 2}.

      - first
      - second
        goes on

      1. one
      2. two

      > said

      ### Small

      | a | b |
      |---|--:|
      | {1 + 1} | \\| |

      ```text
      {not read}
      ```
      """)
    let lesson = try #require(reading.lesson, "\(reading.diagnostics.map(\.report))")
    #expect(
      lesson.beats[0].prose == [
        .paragraph([
          Inline("One "), Inline("soft", .emphasis), Inline(" and "), Inline("loud", .strong),
          Inline(" line, 2 * 3, "), Inline("a*b", .code), Inline(", "),
          Inline("24", figure: Quantity(24)), Inline("."),
        ]),
        .list(
          items: [
            [.paragraph([Inline("first")])], [.paragraph([Inline("second goes on")])],
          ], number: nil, isLoose: false),
        .list(
          items: [[.paragraph([Inline("one")])], [.paragraph([Inline("two")])]], number: 1,
          isLoose: false),
        .quote([.paragraph([Inline("said")])]), .heading([Inline("Small")]),
        .table(
          header: [[Inline("a")], [Inline("b")]],
          rows: [[[Inline("2", figure: Quantity(2))], [Inline("|")]]], line: 24),
        .code(["{not read}"], line: 29),
      ])
  }

  @Test(
    "What is wrong is named with line, column and the nearest right thing",
    arguments: [
      ("## A\n```cue\nuntill: end\n```", 11, 1, "unknown key 'untill'"),
      ("## A\n```cue\nuntil: naive finished store S[9,9]\n```", 11, 8, "never happens in naive"),
      ("## A\n```cue\nuntil: nave finished store S[0,0]\n```", 11, 8, "'nave'"),
      ("## A\n```cue\nuntil: end", 10, 1, "not closed"),
      ("## A\n```cue\nuntil: end\n\n```ask\nquestion: a\n```", 10, 1, "not closed"),
      ("## A\n```cues\nuntil: end\n```", 10, 1, "'cues'"),
      ("## A\n```cue\nview: rase\n```", 11, 1, "did you mean 'race'"),
      ("## A\n```cue\nhighlight: S[9,9]\n```", 11, 1, "no tile of"),
      ("## A\n```cue\nfocus: naive hmb\n```", 11, 1, "did you mean 'hbm'"),
      ("## A\nText {naive.cycls}.", 10, 13, "'cycls'"),
      ("## A\nText {naive.cycles", 10, 6, "{ without }"),
      ("## A\nText {naive.cycles + 1}.", 10, 20, "cycles + a plain number"),
      ("## A\nText {naive.S[0,0]}.", 10, 13, "holds nothing at cycle 0"),
      ("## A\n```expect\nflash.cycles > naive.cycles\n```", 11, 1, "the claim is false"),
      ("## A\n```expect\nflash.cycles\n```", 11, 1, "expected a claim"),
      ("# A\n", 9, 1, "before the first beat"),
      ("## A\n#### B", 10, 1, "level 4"),
      ("", 9, 1, "no beat"),
      ("## A\n```cue\nend\n```\n```cue\nend\n```", 13, 1, "second cue"),
      ("## A\nred \u{1B}[31m", 10, 5, "control character"),
      ("## A\n```ask\nquestion: q\nanswer: 4\n```", 12, 9, "that no run gives"),
      (
        "## A\n```ask\nquestion: q\nanswer: naive.hbm.bytes + 1 B\nformula: naive.hbm.bytes\n```",
        13, 10, "the formula gives"
      ),
      ("## A\n```ask\nquestion: q\nanswer: naive.hbm.bytes + 1\n```", 12, 25, "bytes + a plain"),
      (
        "## A\n```ask\nquestion: q\nchoices:\n  - a: naive.cycles > 0\n  - b: flash.cycles > 0\n```",
        13, 3, "2 claims"
      ),
      (
        "## A\n```ask\nquestion: q\nchoices:\n  - a: 1 < 2\n  - b: naive.cycles == 0\n```", 13, 8,
        "no run decides"
      ),
      ("## A\n```ask\nquestion: q\ntile: flash O[1]\n```", 11, 1, "claim"),
      ("## A\n```ask\nquestion: q\nchoices: [a, b]\nanswer: c\n```", 13, 1, "one of the choices"),
      ("## A\n```ask\nquestion: q\ntile: flash O[7]\n```", 12, 1, "one of its tiles"),
      (
        "## A\n```cue\nend\n```\n```ask\nquestion: q\ntile: flash O[1]\nclaim: max(tile) < 1000\n```",
        16, 8, "true for O[0] as well"
      ),
      (
        "## A\n```ask\nquestion: q\norder:\n  - b: naive started launch softmax\n  - a: naive started launch scores\n```",
        14, 8, "not after the one above"
      ),
    ])
  func diagnostics(beats: String, line: Int, column: Int, message: String) throws {
    let reading = read(beats)
    let diagnostic = try #require(reading.diagnostics.first)
    #expect(reading.lesson == nil)
    #expect(diagnostic.message.contains(message), "\(diagnostic.report)")
    // Complaints of the YAML reader are placed at the line's first character.
    #expect(
      diagnostic.line == line && (diagnostic.column == column || diagnostic.column <= 3),
      "\(diagnostic.report)")
  }

  @Test("All faults of a file are named at once, in order")
  func all() {
    let reading = read("## A\n{x}\n\n{y}\n## B\n```cue\nuntil: nothing\n```\n## C\n{z}")
    #expect(reading.diagnostics.map(\.line) == [10, 12, 15, 18])
  }

  @Test(
    "A run that cannot be is refused at its line",
    arguments: [
      ("  x: { kernel: flash-atention }", "did you mean 'flash-attention'"),
      ("  x: { kernel: flash-attention, n: 100000 }", "too large for a lesson"),
      ("  x: { kernel: flash-attention, tile: 400 }", "do not fit"),
      ("  x: { kernel: tiled-matmul, d: 3 }", "is for attention; tiled-matmul does not take it"),
      ("  x: { kernel: flash-attention, sample: notebok }", "did you mean 'notebook'"),
      ("  x: { kernel: flash-attention, mask: casual }", "did you mean 'causal'"),
      ("  x: { kernel: flash-attention, device: clasroom }", "did you mean 'classroom'"),
      ("  x: { kernl: flash-attention }", "unknown key 'kernl'"),
      ("  x-y: { kernel: flash-attention }", "no name for a run"),
      ("  naive: { kernel: flash-attention }", "twice"),
      ("  x: &a [*a]", "anchor"),
      ("  x: " + String(repeating: "[", count: 3000), "YAML"),
    ])
  func runs(line: String, message: String) throws {
    let reading = read("## A", runs: line)
    let diagnostic = try #require(reading.diagnostics.first)
    #expect(diagnostic.message.contains(message), "\(diagnostic.report)")
    #expect(diagnostic.line == 8 || message == "twice" || message == "YAML", "\(diagnostic.report)")
  }

  @Test("Megabytes, noise and nothing are refused quickly")
  func hostile() {
    let texts = [
      "", "\n\n\n", "---", "---\n---\n", String(repeating: "a", count: 2_000_000),
      "---\n" + String(repeating: "- ", count: 100_000), String(repeating: "```\n", count: 50_000),
      script("## A\n" + String(repeating: "{", count: 9000)),
      script("## A\n{" + String(repeating: "(", count: 5000) + "}"),
      script("## A\n{" + String(repeating: "-", count: 5000) + "1}"),
      script("## A\n" + String(repeating: "*", count: 3000)),
      script("## A\n{naive.Q(99999999999999999999)}"), script("## A\n{2^99999 - naive.S[-1]}"),
    ]
    let clock = ContinuousClock()
    let time = clock.measure {
      for text in texts { _ = Lesson.read(text, path: "test.md") }
    }
    #expect(time < .seconds(20))
  }
}
