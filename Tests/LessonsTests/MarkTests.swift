// What counts as the right answer.

import Machine
import Testing

@testable import Lessons
@testable import Library
@testable import Runs

@Suite("Marking an answer")
struct MarkTests {
  private func question(_ kind: Question.Kind) -> Question {
    Question(id: "q", prompt: [Inline("?")], kind: kind, explanation: [])
  }

  private func isRight(_ question: Question, _ typed: String) -> Bool? {
    switch question.mark(typed) {
    case .right: true
    case .wrong: false
    case .unreadable: nil
    }
  }

  @Test(
    "Bytes may be typed with commas, units, or as a product",
    arguments: [
      ("155648", true), ("155,648", true), (" 155648 B ", true), ("155.648 KB", true),
      ("155.6 KB", true), ("152 KiB", true), ("2*64*304*4", true), ("155649", false),
      ("155647", false), ("156 KB", false), ("1e999", nil), ("many", nil), ("", nil), ("5 ms", nil),
      ("155648 bytes", true),
    ])
  func bytes(typed: String, expected: Bool?) {
    let question = question(.number(Quantity(155_648, .bytes), tolerance: 0, unit: nil))
    #expect(isRight(question, typed) == expected)
  }

  @Test(
    "Ratios and shares",
    arguments: [
      ("4", true), ("4x", true), ("4 times", true), ("×4", nil), ("400%", true), ("5", false),
    ])
  func ratio(typed: String, expected: Bool?) {
    let question = question(.number(Quantity(4), tolerance: 0, unit: nil))
    #expect(isRight(question, typed) == expected)
  }

  @Test("A bare number is in the question's unit, and the tolerance is a tolerance")
  func units() {
    let kilobytes = DisplayUnit.named("KB")
    let question = question(.number(Quantity(155_648, .bytes), tolerance: 2000, unit: kilobytes))
    #expect(isRight(question, "155") == true)
    #expect(isRight(question, "153") == false)
    #expect(isRight(question, "155648 B") == true)
    #expect(question.expected == "155.6 KB")
    #expect(question.mark("200") == .wrong(shown: "200 KB"))
  }

  @Test("A choice by number, letter or text; an order by its numbers; a tile by its name")
  func others() {
    let choice = question(.choice(["Standard", "Flash"], right: 1))
    #expect(["2", "b", "B", "flash"].map { isRight(choice, $0) } == [true, true, true, true])
    #expect(["1", "3", "0", "x"].map { isRight(choice, $0) } == [false, nil, nil, nil])
    let order = question(.order(shown: ["two", "one", "three"], truth: [1, 0, 2]))
    #expect(
      ["one → Two → three", "2 1 3", "213", "2,1,3", "1 2 3", "2 1", "1 1 2"].map {
        isRight(order, $0)
      }
        == [true, true, true, true, false, nil, nil])
    #expect(order.expected == "one → two → three")
    let tile = question(.tile(run: 0, named: "flash", TileName("O", row: 1)))
    #expect(
      ["O[1]", "o[1]", "flash O[1]", "O[1,0]", "naive O[1]", "O[2]", "O"].map { isRight(tile, $0) }
        == [true, true, true, true, false, false, nil])
  }

  @Test("The order is shown shuffled, never as it is")
  func shuffled() throws {
    let reading = read(
      """
      ## A
      ```ask
      question: In which order?
      order:
        - scores: naive started launch scores
        - softmax: naive started launch softmax
        - values: naive started launch values
      ```
      """)
    let lesson = try #require(reading.lesson, "\(reading.diagnostics.map(\.report))")
    guard case .order(let shown, let truth) = lesson.questions[0].kind else {
      Issue.record("no order")
      return
    }
    #expect(truth.map { shown[$0] } == ["scores", "softmax", "values"])
    #expect(shown != ["scores", "softmax", "values"])
  }
}
