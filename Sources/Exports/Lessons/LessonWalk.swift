// Plays a lesson as lines of text: beats, questions, answers, hints and the score. Answers come
// from any source: a keyboard, a pipe or a file.

import Lessons
import Player

/// A source of answers: a person, a pipe or a file.
package protocol AnswerSource {
  /// True where a question may be asked again after a wrong answer.
  var allowsRetry: Bool { get }
  /// The next answer to `question`, without its line end; nil if there is none. `invite` prints the
  /// invitation to answer; it is called before waiting, and returns false where nobody would see
  /// it.
  mutating func answer(to question: Question, invite: () throws -> Bool) throws -> String?
}

/// Prints a lesson line by line and asks its questions.
package struct LessonWalk {
  private let text: LessonText
  private let output: ([String]) throws -> Bool

  /// - Parameter output: prints lines; returns false where nobody reads them any more.
  package init(_ lesson: Lesson, output: @escaping ([String]) throws -> Bool) {
    text = LessonText(lesson)
    self.output = output
  }

  @discardableResult
  private func show(_ lines: [String]) throws -> Bool { try output(lines) }

  /// Plays the whole lesson.
  /// - Returns: the grade of each question.
  package func run(_ source: inout some AnswerSource) throws -> [Grade] {
    var grades: [Grade] = []
    try show(text.opening)
    for (index, beat) in text.lesson.beats.enumerated() {
      try show(text.beat(index, hiding: AnswerMask(beat.questions, look: .words)))
      for (place, question) in beat.questions.enumerated() {
        let open = AnswerMask(beat.questions[(place + 1)...], look: .words)
        try show(text.question(question, number: grades.count + 1, hiding: open))
        let grade = try ask(question, &source, hiding: open)
        try show(text.reveal(question, grade, hiding: open))
        grades.append(grade)
      }
    }
    try show(text.ending)
    try show(["", text.score(grades)])
    return grades
  }

  /// Asks until the answer is right, the hints are used up, or the source has no more answers.
  private func ask(
    _ question: Question, _ source: inout some AnswerSource, hiding mask: AnswerMask
  ) throws -> Grade {
    var hints = question.hints[...]
    var last: String?
    let prose = ProseText(mask: mask)
    func invite() throws -> Bool {
      let help = hints.isEmpty ? "skip" : "an empty line for a hint"
      return try show(["Your answer, or \(help):"])
    }
    while let typed = try source.answer(to: question, invite: invite) {
      let reply = Reply(typed, question)
      if case .answer = reply { last = typed }
      guard source.allowsRetry, let retryMessage = reply.retryMessage(hasHint: !hints.isEmpty)
      else {
        break
      }
      try show(retryMessage)
      guard reply.takesHint, let hint = hints.popFirst() else { continue }
      let number = "\(question.hints.count - hints.count) of \(question.hints.count)"
      try show(prose.sentences(hint, label: "Hint \(number): "))
    }
    return Grade(question, last)
  }
}

/// What was typed at a question.
private enum Reply: Equatable {
  case hint, skip
  case answer(Question.Mark)

  init(_ typed: String, _ question: Question) {
    switch typed.lowercased().filter({ !$0.isWhitespace }) {
    case "", "hint": self = .hint
    case "skip": self = .skip
    default: self = .answer(question.mark(typed))
    }
  }

  /// A wrong answer and a request for help take the next hint; an answer that cannot be read does
  /// not.
  var takesHint: Bool {
    if case .answer(.unreadable) = self { return false }
    return true
  }

  /// The lines to print before asking again; nil where the question is over.
  func retryMessage(hasHint: Bool) -> [String]? {
    switch self {
    case .answer(.right), .skip: nil
    case .answer(.wrong): hasHint ? ["That is not right."] : nil
    case .answer(.unreadable(let reason)): [reason]
    case .hint: hasHint ? [] : ["There is no further hint; skip shows the answer."]
    }
  }
}
