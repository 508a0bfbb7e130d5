// Answers as JSON: every form that is understood, and what strangers send.

import Foundation
import Testing

@testable import Lessons
@testable import Library
@testable import Runs

@Suite("Answer sheets")
struct AnswerSheetTests {
  private static let questions = [
    Question(
      id: "bytes", prompt: [], kind: .number(Quantity(4, .bytes), tolerance: 0, unit: nil),
      explanation: []),
    Question(id: "which", prompt: [], kind: .choice(["a", "b"], right: 0), explanation: []),
    Question(
      id: "order", prompt: [],
      kind: .order(shown: ["store", "load", "multiply"], truth: [1, 2, 0]), explanation: []),
  ]

  private func sheet(_ text: String) throws(FileError) -> AnswerSheet {
    try AnswerSheet(text, path: "a.json", for: Self.questions)
  }

  private func answers(_ text: String) throws -> [String?] {
    let sheet = try sheet(text)
    return Self.questions.map { sheet.answer(to: $0.id) }
  }

  @Test(
    "An object, an object of answers and a list say the same",
    arguments: [
      #"{"bytes": 4096, "which": "b", "order": [2, 3, 1]}"#,
      #"{"answers": {"bytes": 4096, "which": "b", "order": [2, 3, 1]}}"#,
      #"{"answers": [4096, "b", [2, 3, 1]]}"#, #"[4096, "b", "2 3 1"]"#,
      #"[4096, "b", ["load", "multiply", "store"]]"#, #"[4096.0, "b", ["2", "3", 1]]"#,
    ])
  func forms(text: String) throws {
    #expect(try answers(text) == ["4096", "b", "2 3 1"])
  }

  @Test("What is missing or null is not answered")
  func missing() throws {
    #expect(try answers(#"{"which": "b"}"#) == [nil, "b", nil])
    #expect(try answers(#"[null, "b"]"#) == [nil, "b", nil])
    #expect(try answers("[]") == [nil, nil, nil] && answers("{}") == [nil, nil, nil])
    #expect(try answers(#"{"answers": {}}"#) == [nil, nil, nil])
  }

  @Test("Numbers are written out as they are meant")
  func numbers() throws {
    #expect(try answers("[0.5]")[0] == "0.5")
    #expect(try answers("[-3]")[0] == "-3")
    #expect(try answers("[1e3]")[0] == "1000")
    #expect(try answers("[9007199254740993]")[0] == "9007199254740993")
    #expect(try answers("[1e-7]")[0].flatMap(Double.init) == 1e-7)
  }

  @Test("An unknown question is refused with the nearest id")
  func unknownQuestion() {
    let text = message { () throws(FileError) in try sheet(#"{"bites": 4}"#) }
    #expect(text.hasPrefix("a.json: unknown question 'bites' (did you mean 'bytes'?)"), "\(text)")
    let odd = message { () throws(FileError) in try sheet("{\"\\u001b[31m\": 4}") }
    #expect(odd.contains("'\\u{1B}[31m'") && !odd.contains("\u{1B}"))
  }

  @Test(
    "What is no answer sheet is refused with a reason",
    arguments: [
      ("", "not valid JSON"), ("{", "not valid JSON"), ("[1,]x", "not valid JSON"),
      ("[\u{1}]", "not valid JSON"), ("4", "found '4'"), ("true", "found true or false"),
      ("\"text\"", "found 'text'"), ("null", "found null"),
      ("[1, 2, 3, 4]", "found 4 answers, expected at most 3"),
      (#"{"answers": 1}"#, "unknown question 'answers'"),
    ])
  func refusals(text: String, reason: String) {
    let text = message { () throws(FileError) in try sheet(text) }
    #expect(text.hasPrefix("a.json: ") && text.contains(reason), "\(text)")
    #expect(!text.contains("\n"))
  }

  @Test("An answer that makes no sense is one to its question, and the others count")
  func senseless() throws {
    for value in ["true", "{}", "[[1]]", "[true]", "1e999", "{\"a\": [1]}"] {
      let answers = try answers("{\"bytes\": \(value), \"which\": \"b\"}")
      #expect(answers[1] == "b")
      guard case .unreadable = Self.questions[0].mark(try #require(answers[0])) else {
        Issue.record("\(value) was read as \(answers[0] ?? "")")
        continue
      }
    }
  }

  @Test(
    "Depth, length and numbers beyond all measure are no way to crash",
    arguments: [
      String(repeating: "[", count: 100_000),
      String(repeating: "[", count: 400) + String(repeating: "]", count: 400),
      String(repeating: #"{"answers":"#, count: 50_000),
      "[" + String(repeating: "9", count: 50_000),
      "[" + String(repeating: "9", count: 50_000) + "]", "[-1e-999, 1e308, -1e999]",
      "[\"" + String(repeating: "x", count: 500_000) + "\"]", "[\"\\ud800\"]", "{\"\":\"\"}",
    ])
  func hostile(text: String) {
    let message = message { () throws(FileError) in try sheet(text) }
    #expect(message.count < 400 && !message.contains("\n"))
  }

  @Test("A file of more than a megabyte is refused, and one that is not there is missing")
  func files() throws {
    try withFolder { folder in
      let path = folder + "/a.json"
      try writeFile([UInt8](repeating: 32, count: 1_000_001), to: path)
      for (path, reason) in [(path, "at most 1,000,000"), (folder + "/b.json", "no such file")] {
        let text = message { () throws(FileError) in
          try AnswerSheet(contentsOf: path, for: Self.questions)
        }
        #expect(text.contains(reason), "\(text)")
      }
    }
  }
}
