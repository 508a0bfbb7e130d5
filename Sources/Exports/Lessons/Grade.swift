// The grade of each question, and the grades of a lesson as JSON. Other programs read this JSON, so
// its keys must not change.

import Lessons
import Library

/// The result of one question.
package struct Grade: Sendable, Encodable, Equatable {
  /// The outcome in one word.
  package enum Outcome: String, Sendable, CaseIterable { case right, wrong, unanswered }

  package let outcome: Outcome
  package let id: String
  package let prompt: String
  /// The answer as it was understood, or as typed where it cannot be read; nil for no answer.
  package let answer: String?
  package let expected: String
  package let score: Double
  package let maximum: Double
  /// The outcome in one sentence.
  package let message: String

  /// Marks what was typed as the answer to `question`; nil for no answer.
  package init(_ question: Question, _ typed: String?) {
    id = question.id
    prompt = question.prompt.plain
    expected = question.expected
    maximum = question.points
    switch typed.map(question.mark) {
    case nil:
      (outcome, answer) = (.unanswered, nil)
      message = "not answered: expected \(question.expected)"
    case .right(let shown):
      (outcome, answer) = (.right, shown)
      message = "right"
    case .wrong(let shown):
      (outcome, answer) = (.wrong, shown)
      message = "wrong: expected \(question.expected)"
    case .unreadable(let reason):
      (outcome, answer) = (.wrong, typed.map { visible(String($0.prefix(200))) })
      message = "wrong: cannot be read as an answer; expected \(question.expected). \(reason)"
    }
    score = outcome == .right ? maximum : 0
  }

  /// The outcome as a line of text.
  var feedback: String {
    switch outcome {
    case .right: "Right."
    case .wrong: "Wrong."
    case .unanswered: "Not answered."
    }
  }

  private enum CodingKeys: String, CodingKey {
    case id, prompt, answer, expected, score, maximum, message
  }

  /// `answer` is null, not missing, where there was none.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(prompt, forKey: .prompt)
    try container.encode(answer, forKey: .answer)
    try container.encode(expected, forKey: .expected)
    try container.encode(score, forKey: .score)
    try container.encode(maximum, forKey: .maximum)
    try container.encode(message, forKey: .message)
  }
}

/// All grades of a lesson as JSON, for automatic grading.
package struct GradeReport: Sendable, Encodable {
  package let schema = 1
  package let lesson: String
  package let title: String
  package let score: Double
  package let maximum: Double
  package let questions: [Grade]

  package init(_ lesson: Lesson, _ grades: [Grade]) {
    self.lesson = lesson.name
    title = lesson.title
    score = grades.map(\.score).reduce(0, +)
    maximum = grades.map(\.maximum).reduce(0, +)
    questions = grades
  }

  private enum CodingKeys: String, CodingKey {
    case schema, lesson, title, score, maximum, questions
  }
}
