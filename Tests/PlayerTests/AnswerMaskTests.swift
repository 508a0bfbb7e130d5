// The answer mask: a figure that tells an open answer is hidden by its name, and nothing else is hidden.

import Canvas
import Lessons
import Machine
import Moments
import Testing
import Views

@testable import Player
@testable import Runs

@Suite("The answer mask")
struct AnswerMaskTests {
  @Test("a figure is hidden by its name and its run, and so is what gives it away")
  func names() {
    var hidden = HiddenFigures(.report("hbm.readBytes"), of: "flash")
    #expect(hidden.text("4,096 B", .report("hbm.readBytes"), of: "flash") == "▚▚▚▚▚ B")
    #expect(hidden.text("4,096 B", .report("hbm.readBytes"), of: "naive") == "4,096 B")
    #expect(hidden.text("4,096 B", .report("hbm.writeBytes"), of: "flash") == "4,096 B")
    #expect(hidden.hides(.report("hbm.bytes"), of: "flash"))
    hidden.hide(.report("seconds"), of: "flash")
    #expect(hidden.hides(.report("cycles"), of: "flash"))
    hidden.look = .words
    #expect(
      hidden.text("» 4,096/9,000 B ✓", .report("hbm.bytes"), of: "flash")
        == "» (hidden until answered)/9,000 B ✓")
  }

  @Test("a value is hidden in its row and column, and where these are not known")
  func values() {
    let hidden = HiddenFigures(.value(of: "S", row: 3, column: 5), of: "flash")
    #expect(hidden.hides(.value(of: "S", row: 3, column: 5), of: "flash"))
    #expect(hidden.hides(.value(of: "S", row: 3), of: "flash"))
    #expect(!hidden.hides(.value(of: "S", row: 3, column: 6), of: "flash"))
    #expect(!hidden.hides(.value(of: "P", row: 3, column: 5), of: "flash"))
  }

  @Test("a figure of the text is hidden by its name, and where it comes to the answer")
  func figures() {
    let question = numberQuestion(16)
    let mask = AnswerMask([question])
    func covered(_ inline: Inline) -> String { mask.hiding([inline, Inline(" and 16")]) }
    #expect(covered(Inline("16", figure: Quantity(16))) == "▚▚ and 16")
    #expect(covered(Inline("16 B", figure: Quantity(16, .bytes))) == "16 B and 16")
    let name = HiddenFigures(.report("hbm.bytes"), of: "naive")
    #expect(covered(Inline("9", figure: Quantity(9), names: name)) == "▚ and 16")
  }

  private func numberQuestion(_ answer: Double) -> Question {
    var question = Question(
      id: "q", prompt: [Inline("How many?")],
      kind: .number(Quantity(answer), tolerance: 0, unit: nil), explanation: [])
    question.figures = HiddenFigures(.report("hbm.bytes"), of: "naive")
    return question
  }

  @Test("no page shows an answer that a later page asks for, nor does walking around")
  func pages() throws {
    let lesson = try demoLesson()
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
      var player = LessonPlayer(lesson, beat: 1)
      #expect(!player.lines(width, height).joined().contains("16,384"))
      player.press(.right)
      #expect(!player.lines(width, height).joined().contains("16,384"))
      player.type("x$:view traffic\n")
      let text = player.lines(width, height).joined()
      #expect(!text.contains("16,384") && text.contains("hidden until"))
      player.type("xx:view timeline\nx!")
      #expect(player.lines(width, height).joined().contains("16,384"))
      player.type("x$:view traffic\n")
      #expect(player.lines(width, height).joined().contains("16,384"))
    }
  }

  @Test("what the viewer types is not hidden from them")
  func typing() throws {
    var player = LessonPlayer(try demoLesson(), beat: 1)
    player.press(.right)
    player.type("16384")
    #expect(player.lines().joined().contains("> 16384"))
  }

  @Test("an answer that the author has written out above its question is reported")
  func told() throws {
    func problems(_ text: String, _ answer: Quantity) throws -> [String] {
      let question = Question(
        id: "q", line: 9, prompt: [], kind: .number(answer, tolerance: 0, unit: nil),
        explanation: [])
      return Beat(
        title: "One", line: 7, prose: [.paragraph([Inline(text)])], stage: Stage(),
        questions: [question]
      ).toldAnswers.map(\.message)
    }
    #expect(try problems("It is 4.1 KB.", Quantity(4096, .bytes)).count == 0)
    #expect(
      try problems("It is 4,096 B.", Quantity(4096, .bytes)) == [
        "the text says 4,096 B, which answers q (line 9); a number in braces is hidden until then"
      ])
    #expect(try problems("6.268 µs", Quantity(6.268e-6, .seconds)).count == 1)
    #expect(try problems("40.3 GB/s", Quantity(40_265_318_400, .bytes)).count == 1)
    #expect(try problems("K[128] and fp128", Quantity(128)).isEmpty)
    #expect(try problems("12 tiles", Quantity(12)).isEmpty)
  }

  /// The numbers on the stage of an open page that can be read as an answer to its questions.
  private func leaks(_ player: LessonPlayer, _ width: Int, _ height: Int) -> [String] {
    let open = player.beat.openQuestions(at: player.place.page)
    let stage = player.stagePlayer()
    let layout = LessonLayout(
      player.beat, stage.scene, in: Rect(row: 1, column: 0, height: height - 2, width: width))
    guard layout.stage.height > 0 else { return [] }
    let lines = player.frame(width: width, height: height).canvas.lines
    return open.compactMap(\.number).flatMap { answer -> [String] in
      guard answer.value >= 100 || answer.value != answer.value.rounded() else { return [] }
      return (layout.stage.row..<layout.stage.row + layout.stage.height).compactMap { row in
        let line = Array(lines[row].prefix(layout.stage.width))
        let told = WrittenNumber.all(in: line).first { $0.means(answer) }
        return told.map { "\(answer.text) as \(String(line[$0.digits])) in: \(String(line))" }
      }
    }
  }

  @Test(
    "no stage of the course tells an answer before its question", arguments: LessonLibrary.names)
  func course(name: String) throws {
    let lesson = try #require(try LessonLibrary.read(name).lesson)
    var player = LessonPlayer(lesson)
    for (number, beat) in lesson.beats.enumerated() where !beat.questions.isEmpty {
      for page in 0..<beat.pageCount {
        player.arrive(at: Place(beat: number, page: page))
        for (width, height) in [(80, 24), (120, 40), (200, 60)] {
          let leaks = leaks(player, width, height)
          #expect(leaks.isEmpty, "beat \(number + 1), page \(page + 1), \(width): \(leaks)")
        }
      }
    }
  }
}
