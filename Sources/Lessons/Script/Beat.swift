// A beat: one section of a lesson, at one cycle of its runs.

/// One `##` section of a lesson, shown as one screen.
package struct Beat: Sendable {
  package var title: String
  /// Line of its heading in the file, from 1.
  package var line: Int
  /// What to look at while the animation before the beat plays; its text follows when that has stopped.
  package var watch: [Inline] = []
  package var prose: [Prose]
  /// Cycle and screen of the beat.
  package var stage: Stage
  package var questions: [Question]
  /// Notes for the presenter, which the class does not see.
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
