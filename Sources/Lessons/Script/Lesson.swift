// A lesson as it is played: every cue a cycle, every expression a text, every claim checked. Nothing
// in it needs to be computed any more, so a screen, a page of text and a grader all read it alike.

import Kernels

/// A script that walks a class through some runs.
package struct Lesson: Sendable {
  /// `05-flash-attention`, or the file's name without `.md`.
  package let name: String
  /// The file it was read from; empty for none.
  package let path: String
  /// Whether it is part of the program; a file may have the same name.
  package internal(set) var isBuiltIn = false
  package let title: String
  package let summary: String
  /// How long it takes in class.
  package let minutes: Int
  /// Those that can be played, in the order of the front matter, named as there.
  package let runs: [CompletedRun]
  /// Those of which there are figures alone.
  package let timed: [TimedRun]
  /// At least one.
  package let beats: [Beat]
  /// The file's; none for a lesson of no file.
  package let lines: [String]

  package init(
    name: String, path: String = "", title: String, summary: String, minutes: Int,
    runs: [CompletedRun], timed: [TimedRun] = [],
    beats: [Beat], lines: [String] = []
  ) {
    self.name = name
    self.path = path
    self.title = title
    self.summary = summary
    self.minutes = minutes
    self.runs = runs
    self.timed = timed
    self.beats = beats
    self.lines = lines
  }

  /// All questions, in their order.
  package var questions: [Question] { beats.flatMap(\.questions) }
}
