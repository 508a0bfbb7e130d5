// A beat: one section of a lesson, and a stop of the walk.

/// One `##` section: a stop of the walk.
package struct Beat: Sendable {
  package var title: String
  /// Its heading's line in the file, from 1.
  package var line: Int
  package var prose: [Prose]
  package var stage: Stage
  package var questions: [Question]
  /// For the presenter.
  package var notes: [Prose]

  package init(
    title: String, line: Int = 1, prose: [Prose], stage: Stage, questions: [Question] = [],
    notes: [Prose] = []
  ) {
    self.title = title
    self.line = line
    self.prose = prose
    self.stage = stage
    self.questions = questions
    self.notes = notes
  }
}
