// A lesson as plain lines: sentences, events, questions, and nothing that gives an answer away.

import Exports
import Lessons
import Machine
import Moments
import Testing

@testable import Library
@testable import Runs

@Suite("A lesson as text")
struct LessonTextTests {
  private func lines(_ prose: [Prose], _ questions: [Question] = [], cycle: Int = 0) throws
    -> [String]
  {
    let beat = Beat(
      title: "One", prose: prose, stage: Stage(cycle: cycle), questions: questions)
    return try walk(lesson(lessonRun("flash"), [beat])).lines
  }

  @Test("Every line is one sentence, however long")
  func sentences() throws {
    let text = "This is Fig. 3 of it (see p. 4). Is it? \"Yes.\" 4,096 B are, i.e. all. α is 1.5."
    let lines = try lines([.paragraph([Inline(text)])])
    for sentence in [
      "This is Fig. 3 of it (see p. 4).", "Is it?", "\"Yes.\"", "4,096 B are, i.e. all.",
      "α is 1.5.",
    ] {
      #expect(lines.contains(sentence), "\(sentence)")
    }
  }

  @Test("Lists keep their numbers, and a table's row is a sentence with its columns' names")
  func blocks() throws {
    let lines = try lines([
      .heading([Inline("Part")]), .quote([.paragraph([Inline("Data first.")])]),
      .code(["for j in 0..<n:", "  x"]),
      .list(
        items: [[.paragraph([Inline("one")])], [.paragraph([Inline("two")])]], number: 1,
        isLoose: false),
      .list(items: [[.paragraph([Inline("a")])]], number: nil, isLoose: false),
      .table(
        header: [[Inline("kernel")], [Inline("bytes", .strong)]],
        rows: [[[Inline("flash", .code)], [Inline("4,096 B", figure: Quantity(4096, .bytes))]]]),
    ])
    for line in [
      "Part", "Quotation: Data first.", "for j in 0..<n:", "  x", "1. one", "2. two", "- a",
      "kernel: flash; bytes: 4,096 B.",
    ] {
      #expect(lines.contains(line), "\(line) in \(lines)")
    }
  }

  @Test("The opening says what it is, and every beat which it is")
  func titles() throws {
    let run = try lessonRun("flash")
    let beats = ["One", "Two"].map { Beat(title: $0, prose: [], stage: Stage()) }
    let lines = try walk(lesson(run, beats)).lines
    #expect(lines[0] == "By hand" && lines[1] == "A lesson for tests.")
    #expect(lines[2] == "1 minute, 2 beats, 0 questions.")
    #expect(lines[3] == "Run flash: flash-attention on classroom, seed 1.")
    #expect(lines.contains("Beat 1 of 2: One") && lines.contains("Beat 2 of 2: Two"))
    #expect(lines.last == "Score: this lesson asks nothing.")
  }

  @Test("What has happened since the beat before is told, and what is left out is counted")
  func passage() throws {
    let run = try lessonRun("flash")
    let beats = [0, run.recording.lastCycle].map {
      Beat(title: "At \($0)", prose: [], stage: Stage(cycle: $0))
    }
    let lines = try walk(lesson(run, beats)).lines
    let told = lines.filter { $0.hasPrefix("Cycle ") }
    #expect(told.count == 9 && told[0].hasPrefix("Cycle 0, flash: The host launches attention"))
    #expect(told[1].contains("has arrived in SRAM"))
    let left = try #require(lines.first { $0.hasPrefix("… ") })
    let numbers = left.split { !$0.isNumber }.compactMap { Int($0) }
    #expect(numbers[0] == numbers.dropFirst().reduce(0, +) && numbers[0] > 10, "\(left)")
    let all = run.recording.events.count { event in
      let words = run.recording.text(of: event).split(separator: " ")
      return words[1] == "launch"
        || words[0] == "finished" && ["load", "store", "rescale"].contains(words[1])
    }
    #expect(numbers[0] + told.count == all)
    #expect(lines.contains("The clock stands at cycle \(grouped(run.recording.lastCycle))."))
  }

  @Test("A number that gives an open question away waits until it is answered")
  func maskedValues() throws {
    let run = try lessonRun("flash")
    // The first load: Q[0], 4 × 4 numbers.
    let prose = [
      Prose.paragraph([Inline("It is "), Inline("64 B", figure: Quantity(64, .bytes)), Inline(".")])
    ]
    let beat = Beat(
      title: "One", prose: prose, stage: Stage(cycle: run.recording.lastCycle),
      questions: [numberQuestion("q1", 64, hiding: .report("tensors.Q.readBytes"))])
    let lines = try walk(lesson(run, [beat])).lines
    let answer = try #require(lines.firstIndex { $0.hasPrefix("The true answer") })
    #expect(lines.contains("It is (hidden until answered)."))
    #expect(
      lines.contains {
        $0.hasSuffix("Q[0] has arrived in SRAM: (hidden until answered) B in 44 cycles.")
      },
      "\(lines)")
    for line in lines[..<answer] where line.contains("Q[") {
      let words = line.split { !$0.isNumber && $0 != "," }
      #expect(!words.contains("64"), "\(line)")
    }
  }

  @Test("How long an op takes is hidden where a question asks for it; a tile's place is not")
  func durations() throws {
    let run = try lessonRun("flash")
    let stage = Stage(
      cycle: 0, highlights: [Highlight(run: 0, tile: TileName("S", row: 200, column: 1))])
    let beat = Beat(
      title: "One", prose: [], stage: stage,
      questions: [numberQuestion("q1", 200, hiding: .duration)])
    let lines = try walk(lesson(run, [beat])).lines
    #expect(lines.contains("Marked in flash: S[200,1]."))
    #expect(lines.contains { $0.contains("can start (hidden until answered) cycles later") })
  }

  @Test("What is asked for is hidden in cycles and in seconds, and so are its two parts")
  func otherForms() throws {
    let reading = Lesson.read(
      """
      ---
      title: T
      summary: S.
      minutes: 1
      runs:
        flash: { kernel: flash-attention, n: 64, d: 8, tile: 16 }
      ---
      ## Time

      It takes {flash.seconds in us to 3}, {flash.cycles}, {flash.seconds in ns to 0},
      {flash.cycles in plain}, {flash.seconds in plain} or {flash.seconds}, of {flash.units.hbm.busyCycles}.

      ```ask
      question: How long?
      answer: flash.seconds
      unit: us
      explain: It takes {flash.cycles}.
      ```

      ## Bytes

      It reads {flash.hbm.readBytes in KB to 1} and writes {flash.hbm.writeBytes}, {flash.hbm.bytes in KiB}.

      ```ask
      question: How many bytes?
      answer: flash.hbm.bytes
      ```

      ## Reads

      Of {flash.hbm.bytes} in all, {flash.hbm.writeBytes} are written, {flash.hbm.readBytes in MB to 6} read.

      ```ask
      question: "{flash.hbm.bytes} in all; how many are read?"
      answer: flash.hbm.readBytes
      ```
      """, path: "x.md")
    let lesson = try #require(reading.lesson, "\(reading.diagnostics.map(\.report))")
    let lines = try walk(lesson).lines
    let hidden = "(hidden until answered)"
    let time = try #require(lines.first { $0.hasPrefix("It takes (") })
    #expect(time.components(separatedBy: hidden).count == 7, "\(time)")
    #expect(lines.contains("It reads \(hidden) and writes \(hidden), \(hidden)."), "\(lines)")
    #expect(
      lines.contains {
        $0.hasPrefix("Of \(hidden) in all, ") && $0.hasSuffix("written, \(hidden) read.")
      })
    let total = try #require(lesson.questions[1].number).text
    #expect(lines.contains("Question 3 of 3: \(total) in all; how many are read?"), "\(lines)")
  }

  @Test("A list keeps its levels and numbers as lines, and a break ends a line")
  func nestedLists() throws {
    func item(_ text: String) -> Prose { .paragraph([Inline(text)]) }
    let lines = try lines([
      .list(
        items: [
          [
            item("one"),
            .list(items: [[item("a")], [item("b")]], number: 3, isLoose: false),
            .code(["x"]),
          ], [item("two")],
        ], number: 1, isLoose: true),
      .quote([.list(items: [[item("c")]], number: nil, isLoose: false), item("d")]),
      .paragraph([Inline("e"), .lineBreak, Inline("f")]),
    ])
    let start = try #require(lines.firstIndex(of: "1. one"))
    #expect(
      lines[start...].filter { !$0.isEmpty }.prefix(9) == [
        "1. one", "   3. a", "   4. b", "x", "2. two", "Quotation: - c", "d", "e", "f",
      ], "\(lines)")
  }

  @Test("No line has a drawing character or an end within")
  func plainLines() throws {
    let run = try lessonRun("flash")
    let beat = Beat(
      title: "One", prose: [.paragraph([Inline("Text.")])],
      stage: Stage(cycle: run.recording.lastCycle, row: 2),
      questions: [numberQuestion(), choiceQuestion(), orderQuestion()])
    let drawing: ClosedRange<Unicode.Scalar> = "\u{2500}"..."\u{25FF}"
    for line in try walk(lesson(run, [beat])).lines {
      #expect(!line.unicodeScalars.contains { drawing.contains($0) || $0 == "\n" }, "\(line)")
    }
  }
}
