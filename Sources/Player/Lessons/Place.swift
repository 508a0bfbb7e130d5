// Where a viewer is in a lesson. A beat has a page for its text, and for each question one with the
// open question and one with the answer. So what must be hidden follows from the place alone.

import Lessons

/// A page of a beat, both from 0.
package struct Place: Sendable, Equatable {
  package var beat: Int
  package var page: Int

  package init(beat: Int, page: Int = 0) {
    self.beat = beat
    self.page = page
  }
}

/// What a page shows below the stage.
enum Page: Sendable {
  case text
  case open(Question)
  case revealed(Question)
}

extension Beat {
  /// Number of pages: the text, and two for each question.
  var pageCount: Int { 1 + 2 * questions.count }

  /// Page `number` of the beat: 0 is the text, odd pages ask a question, even ones show its answer.
  func page(_ number: Int) -> Page {
    guard number > 0, !questions.isEmpty else { return .text }
    let question = questions[min(questions.count - 1, (number - 1) / 2)]
    return number.isMultiple(of: 2) ? .revealed(question) : .open(question)
  }

  /// The questions that are still open on a page; what gives their answers away is hidden.
  func openQuestions(at page: Int) -> [Question] {
    questions.enumerated().filter { page < 2 * $0.offset + 2 }.map(\.element)
  }
}
