// Checkpoints: states of a run that are kept, so that any other state is a short replay away. They
// are spaced by the estimated time of a replay, and more widely where they would take too much
// memory.

/// The checkpoints of a run, each with the number of events before it.
struct Checkpoints: Sendable {
  /// Replay between two checkpoints, in the nanoseconds that `cost` estimates: about two
  /// milliseconds.
  private static let replay = 2_000_000
  /// Memory that all checkpoints may take, bytes, roughly.
  static let budget = 256 << 20

  private var states: [(events: Int, state: State)] = []
  private(set) var final: State
  private(set) var extracts = Extracts()

  /// Applies `events` to the state `start` and keeps checkpoints.
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
      if event.phase != .started, !start.hbm.isEmpty, let place = span.place {
        extracts.note(event, place, state, blocks)
      }
      let step = Self.cost(of: event, span, blocks, hasValues: !start.hbm.isEmpty)
      cost += step.nanoseconds
      bytes += step.bytes
    }
    final = state
  }

  /// Drops every second checkpoint.
  private mutating func thin() {
    states = stride(from: 0, to: states.count, by: 2).map { states[$0] }
  }

  /// The estimated time to replay an event, and the bytes of its tile that the next checkpoint
  /// keeps. The estimate is a rule of thumb, so that checkpoints are the same on every machine.
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

  /// The last checkpoint at or before event `count`, with the number of events before it.
  func before(event count: Int) -> (events: Int, state: State) {
    states[states.partitioningIndex { $0.events > count } - 1]
  }
}
