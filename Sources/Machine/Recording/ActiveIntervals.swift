// When loads, stores or arithmetic ran on any SM: the union of their spans, as intervals that do
// not touch.

/// Disjoint intervals of cycles, in order.
package struct Intervals: Sendable, Equatable {
  package private(set) var ranges: [Range<Int>] = []
  /// Spans that are running at the current event.
  private var depth = 0
  /// The cycle at which the current interval began, while `depth` > 0.
  private var start = 0

  /// The intervals that overlap `cycles`.
  package func ranges(in cycles: Range<Int>) -> ArraySlice<Range<Int>> {
    let first = ranges.partitioningIndex { $0.upperBound > cycles.lowerBound }
    let end = ranges.partitioningIndex { $0.lowerBound >= cycles.upperBound }
    return ranges[first..<max(first, end)]
  }

  /// How many of `cycles` are covered.
  package func count(in cycles: Range<Int>) -> Int {
    ranges(in: cycles).reduce(0) { $0 + $1.clamped(to: cycles).count }
  }

  fileprivate mutating func note(_ event: Event) {
    if event.phase == .started {
      if depth == 0 { start = event.cycle }
      depth += 1
    } else {
      depth -= 1
      if depth == 0 { close(at: event.cycle) }
    }
  }

  private mutating func close(at end: Int) {
    guard let last = ranges.last, last.upperBound == start else {
      ranges.append(start..<end)
      return
    }
    ranges[ranges.count - 1] = last.lowerBound..<end
  }
}

/// The cycles in which any SM loaded, stored, did either, or computed.
package struct ActiveIntervals: Sendable, Equatable {
  package private(set) var loads = Intervals()
  package private(set) var stores = Intervals()
  package private(set) var transfers = Intervals()
  package private(set) var computing = Intervals()

  init(_ events: [Event], spans: [Span], blocks: [Block]) {
    for event in events where event.phase != .instant {
      guard let place = spans[event.span].place else { continue }
      let op = blocks[place.block].ops[place.op]
      guard op.region != nil else {
        computing.note(event)
        continue
      }
      transfers.note(event)
      if op.operation.isStore { stores.note(event) } else { loads.note(event) }
    }
  }
}
