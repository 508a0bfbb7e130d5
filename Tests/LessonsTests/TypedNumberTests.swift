// Numbers as people type them, and what cannot be told apart.

import Machine
import Testing

@testable import Lessons
@testable import Library

@Suite("Numbers as they are typed")
struct TypedNumberTests {
  private func mark(_ typed: String, _ value: Quantity, unit: String? = nil) -> Question.Mark {
    let unit = unit.flatMap(DisplayUnit.named)
    let tolerance = value.value == value.value.rounded() ? 0 : abs(value.value) * 0.01
    return Question(
      id: "q", prompt: [], kind: .number(value, tolerance: tolerance, unit: unit), explanation: []
    ).mark(typed)
  }

  private func isRight(_ mark: Question.Mark) -> Bool {
    if case .right = mark { true } else { false }
  }

  @Test(
    "16,384 bytes",
    arguments: [
      "16384", "16,384", "16 384", "16\u{202F}384", "16\u{A0}384", "16\u{2009}384", "16'384",
      "16’384",
      "16_384", "+16384", "=16384", "≈ 16384", "16384.", "1６384", "１６，３８４", "٦٤ × ٢٥٦", "64×64×4",
      "64 × 64 × 4", "64·64·4", "64⋅64⋅4", "64*64*4", "64x64x4", "64 X 64 x 4", "2·32·64·4", "2^14",
      "2¹⁴", "2**14", "2^14 B", "4·64²", "64²·4 bytes", "1.6384·10⁴", "1.6384 × 10^4",
      "163840·10⁻¹",
      "163840*10^-1", "1.6384e4", "32768/2", "32768 ÷ 2", "65536·¼", "0x4000", "16 KiB", "16KiB",
      "16 kib", "16.384 KB", "16.384 kB", "16384 Bytes", "16,384B", "(64·64)·4 B", "16 kibibytes",
    ])
  func right(typed: String) {
    let mark = mark(typed, Quantity(16_384, .bytes))
    #expect(isRight(mark), "\(mark)")
  }

  @Test(
    "Wrong stays wrong",
    arguments: [
      "16385", "−16384", "–16384", "16 KB", "½", "16.384", "64×64", "2^15", "16,385", "0x64",
    ])
  func wrong(typed: String) {
    guard case .wrong = mark(typed, Quantity(16_384, .bytes)) else {
      Issue.record("\(mark(typed, Quantity(16_384, .bytes)))")
      return
    }
  }

  @Test(
    "A number that can be read in two ways is said to be one",
    arguments: [
      "16,5", "16.384,5", "16,38", "1234,567", "0,384", "1.234.567", "1,63,840", "16 384,5",
    ])
  func ambiguous(typed: String) {
    guard case .unreadable(let reason) = mark(typed, Quantity(16_384, .bytes)) else {
      Issue.record("it was read")
      return
    }
    #expect(reason.contains("in two ways"), "\(reason)")
  }

  @Test(
    "Nothing that is typed stops the grader",
    arguments: [
      "-9223372036854775808", "9223372036854775807", "1e999", "1/0", "∞", "NaN", "(((", "9^9^9^9",
      "", " ",
      "64*64*", "64 64 4", "2⁻", "^", "-", ".", ",", "'", "0x", "x", "\u{301}", "🙂", "½½", "1½",
      "10⁹⁹⁹",
      "((((((((((((((((((((1 B)^9)^9)^9)^9)^9)^9)^9)^9)^9)^9)^9)^9)^9)^9)^9)^9)^9)^9)^9)^9",
      "1e-400", "0.00000000000000000000000000000000000001", "%", "5 %", "16 ms", "\u{202E}4",
    ])
  func senseless(typed: String) {
    let kinds: [Question.Kind] = [
      .number(Quantity(4, .bytes), tolerance: 0, unit: nil), .choice(["a", "b"], right: 0),
      .order(shown: ["a", "b"], truth: [1, 0]), .tile(run: 0, named: "f", TileName("O", row: 1)),
    ]
    for kind in kinds {
      let mark = Question(id: "q", prompt: [], kind: kind, explanation: []).mark(typed)
      #expect(!isRight(mark), "\(mark)")
    }
  }

  @Test(
    "Times in any unit, with either micro sign",
    arguments: [
      "6.268 µs", "6.268 μs", "6.268 us", "6.27us", "6.268·10⁻⁶ s", "6268 ns", "6.268e-6",
      "0.006268 ms",
    ])
  func times(typed: String) {
    let mark = mark(typed, Quantity(6.268e-6, .seconds))
    #expect(isRight(mark), "\(mark)")
  }

  @Test("A bare number is in the question's unit, also as a product")
  func units() {
    #expect(isRight(mark("2×8", Quantity(16_000, .bytes), unit: "KB")))
    #expect(isRight(mark("16 000 B", Quantity(16_000, .bytes), unit: "KB")))
    #expect(!isRight(mark("16 000", Quantity(16_000, .bytes), unit: "KB")))
  }

  @Test("A choice goes by its letter or its text; a number only where no text has it")
  func choices() {
    func chosen(_ typed: String, _ texts: [String]) -> Int? { Question.choice(typed, among: texts) }
    let words = ["once", "twice", "never"]
    #expect(["a", "B", "c)", "(b)", "Twice", "2"].map { chosen($0, words) } == [0, 1, 2, 1, 1, 1])
    #expect(["d", "0", "4", "-1", ""].map { chosen($0, words) } == [nil, nil, nil, nil, nil])
    let numbers = ["2", "3", "1"]
    #expect(["a", "2", "3", "1"].map { chosen($0, numbers) } == [0, 0, 1, 2])
    let tiles = ["3 tiles", "16 tiles", "1 tile"]
    #expect(
      ["1", "3", "2", "16", "1 tile", "b"].map { chosen($0, tiles) } == [nil, nil, 1, nil, 2, 1])
  }

  @Test("A choice that is a letter stands in the place of that letter")
  func letters() throws {
    func diagnostic(_ choices: String) -> FileDiagnostic? {
      read("## A\n```ask\nquestion: q\nchoices: [\(choices)]\nanswer: A\n```").diagnostics.first
    }
    #expect(diagnostic("A, B, C") == nil)
    let wrong = try #require(diagnostic("C, B, A"))
    #expect(wrong.line == 12 && wrong.message.contains("in the place of a"), "\(wrong.report)")
  }
}
