// An event is an op that started or finished, at a cycle, on an SM. Its one line of text is the
// log, the table row, the label in a trace and the cue in a lesson.

/// One moment at which something happened.
package struct Event: Sendable, Equatable {
  package enum Phase: UInt8, Sendable { case started, finished, happened }

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
