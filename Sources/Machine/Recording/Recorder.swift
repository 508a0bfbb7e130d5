// Collects what a schedule decides, and makes events of it, in the order of time.

/// The blocks and spans of a run, in the order of issue.
struct Recorder: ScheduleListener {
  var blocks: [Block] = []
  /// Per block: its launch and its SM.
  var placement: [(launch: Int, sm: Int)] = []
  var spans: [Span] = []
  /// Per block: whether it was dispatched when its launch began.
  var isInitialDispatch: [Bool] = []

  mutating func dispatched(_ block: Block, launch: Int, sm: Int) {
    blocks.append(block.withoutDependencies)
    placement.append((launch, sm))
    if case .launchStart? = spans.last?.subject {
      isInitialDispatch.append(true)
    } else {
      isInitialDispatch.append(false)
    }
  }

  mutating func timed(_ span: Span) { spans.append(span) }

  /// The events of all spans in their total order.
  func events() -> [Event] {
    var events: [Event] = []
    events.reserveCapacity(2 * spans.count)
    for (index, span) in spans.enumerated() {
      if span.isInstant {
        events.append(Event(cycle: span.start, span: SpanID(index), phase: .instant))
      } else {
        events.append(Event(cycle: span.start, span: SpanID(index), phase: .started))
        events.append(Event(cycle: span.finish, span: SpanID(index), phase: .finished))
      }
    }
    events.sort(by: Event.precedes)
    return events
  }
}
