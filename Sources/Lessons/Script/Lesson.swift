// A lesson that is ready to play: cues are cycles, expressions are texts, and claims are proved.
// Nothing is left to compute, so the screen, the text output and the grader all read the same
// value.

import Kernels

/// A lesson: runs, and beats that explain them.
package struct Lesson: Sendable {
  /// The file's name without `.md`: `05-flash-attention`.
  package let name: String
  /// Path of the file; empty for a lesson that is in no file.
  package let path: String
  /// True for a built-in lesson; a user's file may have the same name.
  package internal(set) var isBuiltIn = false
  package let title: String
  package let summary: String
  /// Duration in class, in minutes.
  package let minutes: Int
  /// The recorded runs, in the order of the front matter and with the names given there.
  package let runs: [CompletedRun]
  /// The timing-only runs.
  package let timed: [TimedRun]
  /// What a viewer should keep of it, shown at its end.
  package internal(set) var keep: [[Inline]] = []
  /// The beats; at least one.
  package let beats: [Beat]
  /// Lines of the file; empty for a lesson that is in no file.
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

  /// All questions of all beats, in order.
  package var questions: [Question] { beats.flatMap(\.questions) }
}
