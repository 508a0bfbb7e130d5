// An event: an op or a launch has started or finished, at a cycle. Its one line of text is the log
// line, the table row, the label in a trace and the cue in a lesson.

/// The start or the finish of a span.
package struct Event: Sendable, Equatable {
  /// Which end of the span it is; `instant` for a span that takes no time.
  package enum Phase: UInt8, Sendable { case started, finished, instant }

  package var cycle: Int
  /// Index into the recording's spans: the issue number.
  package var span: SpanID
  package var phase: Phase

  /// The total order: cycle, then issue number, then started before finished.
  static func precedes(_ a: Event, _ b: Event) -> Bool {
    if a.cycle != b.cycle { return a.cycle < b.cycle }
    if a.span != b.span { return a.span < b.span }
    return a.phase.rawValue < b.phase.rawValue
  }
}
