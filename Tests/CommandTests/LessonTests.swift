// Lessons on the command line: as plain lines, answered, graded and checked.

import Foundation
import Kernels
import Lessons
import Testing

@testable import Library

@Suite("Lessons on the command line")
struct LessonTests {
  /// A lesson of two questions: 1,024 B and flash.
  private static let text = """
    ---
    title: Two questions
    summary: For tests.
    minutes: 1
    runs:
      naive: { kernel: standard-attention, n: 16, d: 4, tile: 4 }
      flash: { kernel: flash-attention, n: 16, d: 4, tile: 4 }
    ---
    ## One

    ```cue
    end
    ```

    S takes {naive.tensors.S.writeBytes}.

    ```ask
    id: bytes
    question: How many bytes is S?
    answer: naive.tensors.S.writeBytes
    hint: n rows of n.
    explain: All of it.
    ```

    ## Two

    ```ask
    id: fewer
    question: Which moves fewer bytes?
    choices:
      - naive: naive.hbm.bytes < flash.hbm.bytes
      - flash: flash.hbm.bytes < naive.hbm.bytes
    explain: It does.
    ```

    """

  /// Runs `line` in a folder with the lesson, a broken one and answers.
  private func run(
    _ line: String, input: String? = nil, answers: String = "{}"
  ) throws -> Outcome {
    try withFolder { folder in
      let files = [
        "two.md": Self.text, "a.json": answers,
        "bad.md": Self.text.replacing("S.writeBytes}", with: "T.writeBytes}"),
        "worse.md": Self.text.replacing("question:", with: "qestion:"),
      ]
      for (name, text) in files { try writeFile(Array(text.utf8), to: "\(folder)/\(name)") }
      return try tilewalk(line, in: folder, input: input)
    }
  }

  @Test("Without standard input it is a hand-out with all answers, for every lesson")
  func handOut() throws {
    for name in LessonLibrary.names {
      let outcome = try tilewalk("lesson \(name) --text")
      #expect(outcome.code == 0 && outcome.error.isEmpty, "\(outcome.error)")
      #expect(!outcome.output.contains("\u{1B}"))
      #expect(outcome.output.split(separator: "\n").last?.hasPrefix("Score: ") == true)
    }
    let outcome = try run("lesson two.md --text")
    #expect(outcome.code == 0 && outcome.output.contains("The true answer: 1,024 B\n"))
    #expect(outcome.output.hasSuffix("\nScore: 0 of 2 points; 2 unanswered.\n"))
  }

  @Test("Answers come from standard input, a line each, with hints in between")
  func typed() throws {
    let outcome = try run("lesson two.md --text --grade", input: "\n1 KiB\n2")
    #expect(outcome.code == 0 && outcome.error.isEmpty)
    let lines = outcome.output.split(separator: "\n")
    let hint = try #require(lines.firstIndex(of: "Hint 1 of 1: n rows of n."))
    let answer = try #require(lines.firstIndex(of: "Your answer: 1,024 B"))
    #expect(hint < answer && lines.last == "Score: 2 of 2 points; 2 right.")
    #expect(lines[..<hint].contains("S takes (hidden until answered)."))
    #expect(!lines[..<answer].contains { $0.contains("1,024") })
  }

  @Test("A wrong or missing answer is exit code 1 where it is graded, and only there")
  func grading() throws {
    let sheet = #"{"bytes": 5, "fewer": "flash"}"#
    let graded = try run("lesson two.md --answers a.json --grade", answers: sheet)
    #expect(graded.code == 1 && graded.output.contains("Score: 1 of 2 points; 1 right, 1 wrong."))
    #expect(graded.errorLines.count == 1 && graded.error.contains("1 of 2 questions"))
    #expect(try run("lesson two.md --answers a.json", answers: sheet).code == 0)
    #expect(try run("lesson two.md --answers a.json --grade", answers: "[1024]").code == 1)
    #expect(try run("lesson two.md --answers a.json --grade", answers: "[1024, 2]").code == 0)
  }

  @Test("Grades as JSON are all of standard output")
  func json() throws {
    for outcome in [
      try run("lesson two.md --format json --grade", input: "1024\n\n"),
      try run("lesson two.md --format json --grade --answers a.json", answers: "[1024, null]"),
    ] {
      #expect(outcome.code == 1 && outcome.errorLines.count == 1)
      let root = try #require(
        JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
      #expect(root["lesson"] as? String == "two" && root["score"] as? Double == 1)
      let questions = try #require(root["questions"] as? [[String: Any]])
      #expect(questions.map { $0["id"] as? String } == ["bytes", "fewer"])
      #expect(questions[0]["answer"] as? String == "1,024 B")
      #expect(questions[1]["answer"] is NSNull && questions[1]["expected"] as? String == "flash")
    }
  }

  static let refusals: [(line: String, answers: String, code: Int32, word: String)] = [
    ("lesson two.md --answers a.json", #"{"bytse": 1}"#, 65, "did you mean 'bytes'?"),
    ("lesson two.md --answers a.json", "{", 65, "not valid JSON"),
    ("lesson two.md --answers no.json", "", 66, "no.json: no such file"),
    ("lesson no.md --text", "", 66, "no.md: no such file"),
    ("lesson bad.md --text", "", 65, "bad.md:15:"),
    ("lesson worse.md --format json", "", 65, "tilewalk check worse.md says more"),
    ("lesson --text", "", 64, "which lesson?"), ("lesson", "", 64, "which lesson?"),
    ("lesson 01-atention --text", "", 64, "unknown lesson '01-atention'"),
    ("lesson two.md", "", 64, "--text"), ("lesson two.md --text --notes", "", 64, "--notes"),
    ("check two.md no.md", "", 66, "no.md: no such file"),
  ]

  @Test("What cannot be done is refused in one line before anything is said", arguments: refusals)
  func refused(line: String, answers: String, code: Int32, word: String) throws {
    let outcome = try run(line, answers: answers)
    #expect(outcome.code == code && outcome.output.isEmpty, "\(outcome.error)")
    #expect(outcome.errorLines.count == 1 && outcome.error.contains(word), "\(outcome.error)")
  }

  @Test("All built-in lessons and kernels are true, and the lessons fit on a small screen")
  func builtIn() throws {
    let outcome = try tilewalk("check")
    #expect(outcome.code == 0 && outcome.error.isEmpty, "\(outcome.error)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == LessonLibrary.names.count + Catalogue.kernels.count)
    let lessons = lines.prefix(LessonLibrary.names.count)
    #expect(lessons.allSatisfy { $0.hasSuffix(": all true") })
    #expect(
      lines.dropFirst(lessons.count).allSatisfy {
        ($0.contains("bytes as its moves say") || $0.contains("all written and read in order"))
          && ($0.contains("; equals ") || $0.hasSuffix("; an approximation")
            // Its values are its keys, which is no attention of three matrices.
            || $0.hasPrefix("mla-decode"))
      })
  }

  @Test("A false lesson is shown with its line, and the true ones are named beside it")
  func check() throws {
    let outcome = try run("check two.md bad.md worse.md")
    #expect(outcome.code == 1)
    #expect(outcome.output == "two.md: 2 beats, 2 questions, 1 claim: all true\n")
    let lines = outcome.errorLines
    #expect(lines[0].hasPrefix("bad.md:15:") && lines[1].contains("{naive.tensors.T.writeBytes}"))
    #expect(lines[2].trimmingCharacters(in: .whitespaces) == "^")
    #expect(lines.contains { $0.hasPrefix("worse.md:19:") })
    #expect(lines.last == "tilewalk: 2 of 3 lessons at fault")
  }

  @Test("Faults as JSON are a list, empty where there are none")
  func checkJSON() throws {
    #expect(try run("check two.md --format json").output == "[\n\n]\n")
    let outcome = try run("check bad.md --format json")
    let list = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
    #expect(outcome.code == 1 && list.count == 1)
    #expect(
      Set(list[0].keys) == ["path", "line", "column", "message", "source", "note"])
    #expect(list[0]["path"] as? String == "bad.md" && list[0]["line"] as? Int == 15)
  }
}
