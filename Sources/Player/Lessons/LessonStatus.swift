// What the presenter's view needs to know of a lesson that is being played: one line of JSON per
// change.

/// The place in a lesson, for the presenter's view.
package struct LessonStatus: Sendable, Equatable, Codable {
  package var lesson: String
  /// Index of the beat, from 0.
  package var beat: Int
  /// Index of the page in the beat, from 0.
  package var page: Int
  /// Ids of the questions that have been answered.
  package var answered: [String]
  /// True during free play.
  package var isExploring: Bool
  /// Seconds since the lesson was opened.
  package var elapsed: Double

  package init(
    lesson: String, beat: Int, page: Int, answered: [String] = [], isExploring: Bool = false,
    elapsed: Double = 0
  ) {
    self.lesson = lesson
    self.beat = beat
    self.page = page
    self.answered = answered
    self.isExploring = isExploring
    self.elapsed = elapsed
  }
}

extension LessonPlayer {
  /// The current status, without the elapsed time, which the sender adds.
  package var status: LessonStatus {
    LessonStatus(
      lesson: lesson.name, beat: place.beat, page: place.page, answered: answered,
      isExploring: exploring != nil)
  }
}
