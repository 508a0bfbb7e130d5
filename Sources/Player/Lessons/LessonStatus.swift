// What a presenter's view must know of a lesson that is being played: one line of JSON per change.

/// Where a lesson is.
public struct LessonStatus: Sendable, Equatable, Codable {
  public var lesson: String
  /// From 0.
  public var beat: Int
  public var page: Int
  /// Ids of the questions that have been answered.
  public var answered: [String]
  public var isExploring: Bool
  /// Seconds since the lesson was opened.
  public var elapsed: Double

  public init(
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
  public var status: LessonStatus {
    LessonStatus(
      lesson: lesson.name, beat: place.beat, page: place.page, answered: answered,
      isExploring: exploring != nil)
  }
}
