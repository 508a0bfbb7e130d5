// Asking and answering: hints one at a time, the answer beside the true one, the score, and grades.

import Exports
import Foundation
import Lessons
import Testing

@testable import Library
@testable import Runs

@Suite("A walk through a lesson")
struct LessonWalkTests {
  private func ask(
    _ questions: [Question], typing lines: [String] = [], allowsRetry: Bool = true
  ) throws -> (lines: [String], grades: [Grade]) {
    let beat = Beat(title: "One", prose: [], stage: Stage(), questions: questions)
    return try walk(lesson(lessonRun("flash"), [beat]), typing: lines, allowsRetry: allowsRetry)
  }

  @Test("A question has its number, its unit and its choices")
  func questions() throws {
    let lines = try ask([numberQuestion(), choiceQuestion(), orderQuestion()]).lines
    for line in [
      "Question 1 of 3: How many bytes?", "All of them.", "Answer with a number in B.",
      "Question 2 of 3: Which?", "a) naive", "b) flash", "Answer with the letter of one of them.",
      "Question 3 of 3: In which order?", "3. multiply",
    ] {
      #expect(lines.contains(line), "\(line)")
    }
  }

  @Test("A right answer is shown beside the true one, with the formula and the explanation")
  func right() throws {
    let (lines, grades) = try ask([numberQuestion()], typing: ["4096"])
    let feedback = try #require(lines.firstIndex(of: "Right."))
    #expect(lines[feedback + 1].hasPrefix("Your answer: "))
    #expect(lines[feedback + 2].hasPrefix("The true answer: "))
    #expect(lines[feedback + 3] == "How to know: n * n * 4 B = 4,096 B")
    #expect(lines[feedback + 4] == "Each is 4 B." && lines[feedback + 5] == "There are 1,024.")
    #expect(lines.last == "Score: 1 of 1 point; 1 right.")
    #expect(grades.map(\.outcome) == [.right])
  }

  @Test("A wrong answer gets the next hint until there is none, then the answer")
  func hints() throws {
    let question = numberQuestion(hints: ["One.", "Two."])
    let (lines, grades) = try ask([question], typing: ["1", "2", "3", "4096"])
    let wanted = ["Hint 1 of 2: One.", "Hint 2 of 2: Two.", "Wrong."]
    #expect(lines.filter { wanted.contains($0) } == wanted)
    #expect(lines.count { $0 == "That is not right." } == 2)
    #expect(grades.map(\.outcome) == [.wrong])
  }

  @Test("An empty line or the word asks for a hint, skip for the answer")
  func askingForHints() throws {
    let question = numberQuestion(hints: ["One.", "Two."])
    let first = try ask([question], typing: ["", "hint", "", "4096"])
    #expect(first.lines.contains("Hint 1 of 2: One.") && first.lines.contains("Hint 2 of 2: Two."))
    #expect(first.lines.contains("There is no further hint; skip shows the answer."))
    #expect(first.grades.map(\.outcome) == [.right])
    let second = try ask([question], typing: ["skip", "4096"])
    #expect(second.grades.map(\.outcome) == [.unanswered])
    #expect(second.lines.contains("Not answered."))
  }

  @Test("What cannot be read is asked again and costs no hint")
  func unreadable() throws {
    let (lines, grades) = try ask([numberQuestion(hints: ["One."])], typing: ["many", "4096"])
    #expect(lines.contains { $0.hasPrefix("Type a number, such as ") })
    #expect(!lines.contains { $0.hasPrefix("Hint") })
    #expect(grades.map(\.outcome) == [.right])
  }

  @Test("Where nothing is typed, everything is revealed")
  func handOut() throws {
    let (lines, grades) = try ask([numberQuestion(points: 2.5), choiceQuestion()])
    #expect(lines.count { $0 == "Not answered." } == 2)
    #expect(lines.count { $0.hasPrefix("The true answer: ") } == 2)
    #expect(lines.contains("Question 1 of 2 (2.5 points): How many bytes?"))
    #expect(lines.last == "Score: 0 of 3.5 points; 2 unanswered.")
    #expect(grades.allSatisfy { $0.answer == nil })
  }

  @Test("Hints and explanations keep the secrets of questions that are still open")
  func laterSecrets() throws {
    var first = choiceQuestion()
    first.explanation = [
      Inline("It is "), Inline("4 KB", figure: Quantity(4096, .bytes)), Inline("."),
    ]
    first.hints = [[Inline("Not "), Inline("4 KB", figure: Quantity(4096, .bytes))]]
    let lines = try ask([first, numberQuestion()], typing: ["", "2", "4096"]).lines
    #expect(lines.contains("It is (hidden until answered)."))
    #expect(lines.contains("Hint 1 of 1: Not (hidden until answered)"))
  }

  @Test("A file's answers are given once")
  func impatient() throws {
    let (lines, grades) = try ask(
      [numberQuestion(hints: ["One."]), choiceQuestion()], typing: ["1", "2"], allowsRetry: false)
    #expect(grades.map(\.outcome) == [.wrong, .right])
    #expect(!lines.contains { $0.hasPrefix("Hint") })
    #expect(lines.last == "Score: 1 of 2 points; 1 right, 1 wrong.")
  }

  @Test("Grades are JSON with sorted keys and a null for no answer")
  func gradeReport() throws {
    let questions = [numberQuestion(points: 2), choiceQuestion(), orderQuestion()]
    let beat = Beat(title: "One", prose: [], stage: Stage(), questions: questions)
    let lesson = try lesson(lessonRun("flash"), [beat])
    let grades = zip(questions, ["4096", nil, "1 2 3"]).map { Grade($0, $1) }
    let text = try json(GradeReport(lesson, grades))
    let root = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(
      Set(root.keys) == ["schema", "lesson", "title", "score", "maximum", "questions"])
    #expect(root["schema"] as? Int == 1 && root["lesson"] as? String == "by-hand")
    #expect(root["score"] as? Double == 2 && root["maximum"] as? Double == 4)
    let items = try #require(root["questions"] as? [[String: Any]])
    for item in items {
      #expect(
        Set(item.keys) == ["id", "prompt", "answer", "expected", "score", "maximum", "message"])
    }
    #expect(items.map { $0["score"] as? Double } == [2, 0, 0])
    #expect(items[0]["message"] as? String == "right" && items[1]["answer"] is NSNull)
    #expect((items[2]["message"] as? String)?.hasPrefix("wrong: expected ") == true)
    let first = text[text.range(of: "{", options: .backwards)!.upperBound...]
    let keys = first.split(separator: "\n").map {
      $0.split(separator: "\"").dropFirst().first ?? ""
    }
    .filter { !$0.isEmpty }
    #expect(keys.prefix(7).sorted() == Array(keys.prefix(7)), "\(keys)")
  }
}
