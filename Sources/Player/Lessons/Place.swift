// Where a viewer is in a lesson. A beat is a few pages: its text, and for each question the open
// question and the answered one; so what may be seen follows from the place alone.

import Lessons

/// A beat and a page of it.
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
  /// The text, and two pages for each question.
  var pageCount: Int { 1 + 2 * questions.count }

  func page(_ number: Int) -> Page {
    guard number > 0, !questions.isEmpty else { return .text }
    let question = questions[min(questions.count - 1, (number - 1) / 2)]
    return number.isMultiple(of: 2) ? .revealed(question) : .open(question)
  }

  /// The questions that a page has not answered yet: what would give them away is hidden.
  func openQuestions(at page: Int) -> [Question] {
    questions.enumerated().filter { page < 2 * $0.offset + 2 }.map(\.element)
  }
}
