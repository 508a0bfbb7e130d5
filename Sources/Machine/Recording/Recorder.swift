// Writes down what a schedule decides, and puts it in the order of time.

/// Blocks and spans in the order of issue.
struct Recorder: ScheduleListener {
  var blocks: [Block] = []
  var placement: [(launch: Int, sm: Int)] = []
  var spans: [Span] = []
  /// Per block: it was dispatched when its launch began.
  var opening: [Bool] = []

  mutating func dispatched(_ block: Block, launch: Int, sm: Int) {
    blocks.append(block.timed)
    placement.append((launch, sm))
    if case .launchStart? = spans.last?.subject {
      opening.append(true)
    } else {
      opening.append(false)
    }
  }

  mutating func timed(_ span: Span) { spans.append(span) }

  func events() -> [Event] {
    var events: [Event] = []
    events.reserveCapacity(2 * spans.count)
    for (index, span) in spans.enumerated() {
      if span.isInstant {
        events.append(Event(cycle: span.start, span: SpanID(index), phase: .happened))
      } else {
        events.append(Event(cycle: span.start, span: SpanID(index), phase: .started))
        events.append(Event(cycle: span.finish, span: SpanID(index), phase: .finished))
      }
    }
    events.sort(by: Event.precedes)
    return events
  }
}
