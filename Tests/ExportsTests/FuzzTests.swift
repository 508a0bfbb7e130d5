// Lessons and answers with something broken at random, the same at every run: whatever stands in
// them, reading comes back with a lesson or with lines, and grading with a grade.

import Exports
import Foundation
import Lessons
import Player
import Testing

@testable import Library

/// Numbers that look random and are the same at every run.
private struct Dice {
  var state: UInt64

  mutating func roll(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(max(1, count)))
  }

  mutating func pick<Item>(_ items: [Item]) -> Item { items[roll(items.count)] }
}

@Suite("Lessons broken at random")
struct FuzzTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The lesson that has every part, and two shipped ones that open quickly.
  private static let texts: [String] = [
    "Tests/LessonsTests/Fixtures/every-part.md", "Lessons/03-tiled-matmul.md",
    "Lessons/04-softmax-by-blocks.md",
  ].compactMap { try? String(contentsOf: root.appending(path: $0), encoding: .utf8) }

  /// What strangers put into files.
  private static let junk = [
    "", "{", "}", "{}", "[]", "()", "`", "```", "~~~", "```cue", "*", "**", "_", "|", "\\", ">",
    "- ", "1. ",
    "## ", "---", ":", ": ", "#", "&", "<", "<a>", "[a](b)", "![", "\u{A0}", "\u{301}", "\u{3000}",
    "🙂", "é",
    "0", "-1", "9223372036854775808", "-9223372036854775808", "1e308", "1e999", "1/0", "^9", "^-9",
    "[0,0]",
    "[]", "(0)", "flash", "naive.S", "tile", "now.", "first", "9999999th", "until: ", "cycle: 1e18",
    "answer: ", "choices: []", "order: []", "n: 1048576", "heads: 1048576", "timing-only: true",
    "values: false", "pass: backward", "{naive.S}", "{product(naive.S, naive.S)}", "{((1 B)^9)^9}",
    "{reads(flash.K[])}", "{cycle(\"naive *\")}", "{sum(naive.S) to 9}", "{1 in x}",
  ]

  private static func broken(_ text: String, _ dice: inout Dice) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for _ in 0...dice.roll(3) where !lines.isEmpty {
      let (index, other) = (dice.roll(lines.count), dice.roll(lines.count))
      switch dice.roll(7) {
      case 0: lines.remove(at: index)
      case 1: lines.swapAt(index, other)
      case 2: lines.insert(lines[other], at: index)
      case 3: lines[index] = String(lines[index].prefix(dice.roll(lines[index].count + 1)))
      case 4: lines[index] = dice.pick(junk)
      default:
        let place = lines[index].index(
          lines[index].startIndex, offsetBy: dice.roll(lines[index].count + 1))
        lines[index].insert(contentsOf: dice.pick(junk), at: place)
      }
    }
    return lines.joined(separator: "\n")
  }

  private static let answers =
    junk + [
      "64*64*4", "16,5", "a", "i", "2 1 3", "O[1]", "flash O[99999999999999999999]",
      "-9223372036854775808",
      "(1 B)^9^9", "0x", "½", "10⁻⁹⁹", String(repeating: "(", count: 200),
      String(repeating: "9", count: 199),
      String(repeating: "x", count: 100_000), "\u{202E}", "hint", "skip",
    ]

  @Test(
    "Whatever stands in a lesson, its reading has lines or a lesson that can be shown and graded",
    .timeLimit(.minutes(10)), arguments: 0..<12)
  func lessons(seed: Int) throws {
    var dice = Dice(state: UInt64(seed) &* 0x9E37_79B9 &+ 1)
    for round in 0..<25 {
      // The small one is broken most often.
      let text = Self.broken(Self.texts[round % 12 == 0 ? 1 + seed % 2 : 0], &dice)
      let count = text.split(separator: "\n", omittingEmptySubsequences: false).count
      let reading = Lesson.read(text, path: "x.md")
      #expect((reading.lesson == nil) != reading.diagnostics.isEmpty)
      for diagnostic in reading.diagnostics {
        #expect((1...max(1, count)).contains(diagnostic.line), "\(diagnostic.report)")
      }
      guard let lesson = reading.lesson else { continue }
      for layoutProblem in LessonPlayer.layoutProblems(lesson) {
        #expect((1...count).contains(layoutProblem.line))
      }
      let typed = (0..<40).map { _ in dice.pick(Self.answers) }
      let grades = try walk(lesson, typing: typed, allowsRetry: false).grades
      #expect(grades.count == lesson.questions.count)
    }
  }

  @Test("Whatever was answered, every question has its grade")
  func answers() throws {
    let reading = Lesson.read(Self.texts[0], path: "x.md")
    let lesson = try #require(reading.lesson, "\(reading.diagnostics.map(\.report))")
    for question in lesson.questions {
      for answer in Self.answers {
        let grade = Grade(question, answer)
        #expect(grade.maximum == question.points && [0, question.points].contains(grade.score))
        let value = "\(answer)".replacing("\"", with: "").replacing("\\", with: "")
        let pair = try JSONEncoder().encode([question.id: value])
        try withAnswers(String(decoding: pair, as: UTF8.self)) { path in
          let sheet = try AnswerSheet(contentsOf: path, for: lesson.questions)
          #expect(sheet.answer(to: question.id) == value)
        }
      }
    }
  }

  private func withAnswers(_ text: String, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".json")
      .path
    try Data(text.utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }
}
