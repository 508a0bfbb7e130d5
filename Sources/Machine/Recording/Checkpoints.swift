// States of a run that are kept, so that any other is a short replay away. They lie after equal amounts
// of replay, not of events, and farther apart where they would take too much memory.

/// Some states of a run, each with the number of events before it.
struct Checkpoints: Sendable {
  /// Worth about two milliseconds, see `cost`.
  private static let replay = 2_000_000
  /// Bytes that all of them may take up, roughly.
  static let budget = 256 << 20

  private var states: [(events: Int, state: State)] = []
  private(set) var final: State

  /// Folds `events` from `start` on.
  init(_ start: State, _ events: [Event], spans: [Span], blocks: [Block]) {
    var (state, spacing) = (start, Self.replay)
    var (cost, bytes, kept) = (0, 0, 0)
    states.append((0, start))
    final = start
    for (index, event) in events.enumerated() {
      if cost >= spacing {
        states.append((index, state))
        kept += bytes
        (cost, bytes) = (0, 0)
        if kept > Self.budget {
          thin()
          (kept, spacing) = (kept / 2, spacing * 2)
        }
      }
      let span = spans[event.span]
      state.apply(event.phase, event.span, span.subject, in: blocks)
      let step = Self.cost(of: event, span, blocks, hasValues: !start.hbm.isEmpty)
      cost += step.nanoseconds
      bytes += step.bytes
    }
    final = state
  }

  /// Every second one goes.
  private mutating func thin() {
    states = stride(from: 0, to: states.count, by: 2).map { states[$0] }
  }

  /// What an event costs to replay, as a rule of thumb that is the same on every machine, and the
  /// bytes of a tile that a checkpoint behind it keeps.
  private static func cost(
    of event: Event, _ span: Span, _ blocks: [Block], hasValues: Bool
  ) -> (nanoseconds: Int, bytes: Int) {
    guard event.phase != .started, let place = span.place else { return (200, 0) }
    let block = blocks[place.block]
    let op = block.ops[place.op]
    guard hasValues, let number = op.tile else { return (400, 64) }
    let tile = block.tiles[number]
    let elements = tile.rows * tile.columns
    return (400 + elements + block.cost(of: op).matmul / 8, 64 + 4 * elements)
  }

  /// The last one that is no later than the first `count` events, and how many events it has had.
  func before(event count: Int) -> (events: Int, state: State) {
    var (low, high) = (0, states.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if states[middle].events <= count { low = middle } else { high = middle }
    }
    return states[low]
  }
}
