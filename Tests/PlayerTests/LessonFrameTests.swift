// A lesson's frames: what is too much is said, highlights and spotlights are seen without colour, and
// text keeps its shape.

import Canvas
import Lessons
import Testing

@testable import Library
@testable import Player
@testable import Runs

@Suite("A lesson's frames")
struct LessonFrameTests {
  @Test("the demo fits, in either theme, and draws at every size")
  func fits() throws {
    let lesson = try demoLesson()
    #expect(LessonPlayer.layoutProblems(lesson).isEmpty)
    for showsOneView in [false, true] {
      for beat in lesson.beats.indices {
        var player = LessonPlayer(lesson, beat: beat)
        player.showsOneView = showsOneView
        for _ in 0..<lesson.beats[beat].pageCount {
          #expect(player.keys.count <= 80, "\(player.keys)")
          for (width, height) in FrameTests.sizes {
            let canvas = player.frame(width: width, height: height).canvas
            let isCut = canvas.lines.contains { $0.hasSuffix(" …") }
            let isASCII = canvas.asciiOnly.lines.joined().allSatisfy { $0.isASCII }
            #expect(!isCut && isASCII)
          }
          player.press(.right)
          player.type("!")
        }
      }
    }
    let small = LessonPlayer(lesson).lines(60, 15)
    #expect(small[0] == "tilewalk needs 80 × 24.")
  }

  @Test("too much text, wide tables and wide characters are reported with their line")
  func layoutProblems() throws {
    let long = Array(repeating: "many words that fill a line and one more", count: 40)
    let lesson = try lesson(
      [
        .paragraph([Inline(long.joined(separator: " "))]),
        .table(header: [[Inline(long[0])], [Inline(long[0])], [Inline(long[0])]], rows: []),
        .paragraph([Inline("注意")]),
      ], hint: long.joined(separator: " "))
    let layoutProblems = LessonPlayer.layoutProblems(lesson)
    #expect(
      layoutProblems.filter { $0.message.contains("rows, and 80 × 24 has") }.map(\.line) == [7, 9])
    #expect(layoutProblems.contains { $0.message.contains("wider than 78 columns") })
    #expect(layoutProblems.contains { $0.message == "“注” (U+6CE8) is not one column wide" })
  }

  private func lesson(_ prose: [Prose], hint: String) throws -> Lesson {
    let demo = try demoLesson()
    let question = Question(
      id: "q", line: 9, prompt: [Inline("How many?")],
      kind: .number(Quantity(3), tolerance: 0, unit: nil), hints: [[Inline(hint)]],
      explanation: [Inline("Three.")])
    let beat = Beat(
      title: "Much", line: 7, prose: prose, stage: Stage(layout: [0, 1]), questions: [question])
    return Lesson(
      name: "much", title: "Much", summary: "", minutes: 1, runs: demo.runs, beats: [beat])
  }

  @Test("marked tiles and panels carry a sign")
  func signs() throws {
    let lines = LessonPlayer(try demoLesson(), beat: 1).lines()
    #expect(lines[2].hasPrefix("HBM"))
    #expect(lines[3].contains("◆"))
  }

  @Test("the race keeps HBM, bus, SRAM, bytes and clock when there is little room")
  func smallRace() throws {
    let prose = (0..<10).map { Inline("line \($0) " + String(repeating: "x", count: 60)) }
    let list = Prose.list(
      items: prose.map { [.paragraph([$0])] }, number: nil, isLoose: false)
    let lines = LessonPlayer(try lesson([list], hint: "Hm.")).lines()
    let text = lines.joined(separator: "\n")
    for word in ["HBM", "bus", "SRAM", "read", "cycle 0 of", "line 9"] {
      #expect(text.contains(word), "\(word)")
    }
    #expect(lines[6].contains("·"), "four rows of tiles")
  }

  @Test("what does not fit is said at its own line, not at the heading's")
  func misfitLines() throws {
    let wide = String(repeating: "wide ", count: 17)
    let reading = Lesson.read(
      """
      ---
      title: T
      summary: Größe 注.
      minutes: 1
      runs:
        flash: { kernel: flash-attention, n: 16, d: 4, tile: 8 }
      ---
      ## One

      Text, o\u{308} and m\u{303}.

      - a

        ```
        short
        \(wide)
        ```

      | a | b |
      |---|---|
      | 1 | 2 |
      | 1 | \(wide) |

      Here is 漢.

      ```ask
      question: Why 意?
      choices: [a, b]
      answer: a
      ```
      """, path: "x.md")
    let lesson = try #require(reading.lesson, "\(reading.diagnostics.map(\.report))")
    let layoutProblems = LessonPlayer.layoutProblems(lesson)
    func line(_ text: String) -> Int? { layoutProblems.first { $0.message.contains(text) }?.line }
    #expect(
      line("U+6CE8") == 3 && line("U+6F22") == 24 && line("U+610F") == 27, "\(layoutProblems)")
    #expect(
      layoutProblems.filter { $0.message.contains("wider than") }.map(\.line) == [16, 22],
      "\(layoutProblems)")
    #expect(line("U+006F") == nil && line("U+006D") == nil)
  }

  @Test("lists within lists are set in, and blocks of an item stand below its sign")
  func lists() {
    var text = TextLines(width: 20)
    func item(_ text: String) -> Prose { .paragraph([Inline(text)]) }
    let lines = text.lines([
      .list(
        items: [
          [
            item("one"), .list(items: [[item("a b c d e f g h i j")]], number: nil, isLoose: false),
          ],
          [item("two")],
        ], number: 9, isLoose: false),
      .list(items: [[item("x"), .code(["y"])], [item("z")]], number: nil, isLoose: true),
      .paragraph([Inline("p"), .lineBreak, Inline("q")]),
    ]).map { String($0.map(\.character)) }
    #expect(
      lines == [
        " 9. one", "    • a b c d e f g", "      h i j", "10. two", "", "• x", "", "    y", "",
        "• z", "",
        "p", "q",
      ])
  }

  @Test("text is broken at blanks, keeps numbers and units together, and aligns tables")
  func prose() {
    var text = TextLines(width: 20)
    let lines = text.lines([
      .paragraph([
        Inline("moved all of "), Inline("155,648 B", figure: Quantity(155_648, .bytes)),
        Inline(" so far"),
      ]
      ),
      .list(
        items: [
          [.paragraph([Inline("one two three four five")])], [.paragraph([Inline("six")])],
        ], number: 1, isLoose: false),
      .quote([.paragraph([Inline("said twice, and then once more")])]),
      .table(
        header: [[Inline("kernel")], [Inline("B")]],
        rows: [[[Inline("naive")], [Inline("12")]], [[Inline("f")], [Inline("1,234")]]]),
    ]).map { String($0.map(\.character)) }
    #expect(
      lines == [
        "moved all of", "155,648 B so far", "", "1. one two three", "   four five", "2. six", "",
        "┃ said twice, and", "┃ then once more", "", "kernel       B", "naive       12",
        "f        1,234",
      ])
    #expect(text.cut.isEmpty)
  }

  @Test("the presenter sees notes, the true answer, the clock and what comes next")
  func presenter() throws {
    let lesson = try demoLesson()
    var presenter = PresenterFrame(lesson)
    #expect(presenter.frame(width: 80, height: 24).canvas.lines.joined().contains("Nobody plays"))
    presenter.status = LessonStatus(lesson: "demo", beat: 1, page: 1, elapsed: 754)
    let text = presenter.frame(width: 80, height: 24).canvas.lines.joined(separator: "\n")
    for word in [
      "Ask for a show of hands.", "Answer: 16,384 B", "Hint 2", "12:34 of 3 min", "beat 2 of 4",
      "Next: What comes back",
    ] { #expect(text.contains(word), "\(word)") }
    presenter.status = LessonStatus(lesson: "demo", beat: 99, page: -3)
    #expect(presenter.frame(width: 20, height: 5).canvas.lines.count == 5)
    presenter.status = nil
    presenter.hasEnded = true
    #expect(presenter.frame(width: 80, height: 24).canvas.lines.joined().contains("been closed"))
  }

  @Test(
    "while its runs are simulated a lesson says what it is about", arguments: LessonLibrary.names)
  func opening(name: String) throws {
    let heading = try LessonLibrary.heading(name)
    for (width, height) in [(80, 24), (200, 60), (20, 3), (1, 1)] {
      let lines = OpeningPage(heading).frame(width: width, height: height).canvas.lines
      guard width >= 80 else { continue }
      #expect(lines[0].contains(heading.title))
      let text = lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
      #expect(text.contains(heading.summary) && text.contains("\(heading.minutes) minutes"))
    }
  }
}
