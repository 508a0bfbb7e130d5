// What a presenter's view must know of a lesson that is being played: one line of JSON per change.

/// Where a lesson is.
package struct LessonStatus: Sendable, Equatable, Codable {
  package var lesson: String
  /// From 0.
  package var beat: Int
  package var page: Int
  /// Ids of the questions that have been answered.
  package var answered: [String]
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
  /// What a presenter's view must know now; the clock is not a player's matter.
  package var status: LessonStatus {
    LessonStatus(
      lesson: lesson.name, beat: place.beat, page: place.page, answered: answered,
      isExploring: exploring != nil)
  }
}
