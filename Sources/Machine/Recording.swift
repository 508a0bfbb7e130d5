// A run, whole and unchanging: every op with its times, every event in order, and the state at
// regular distances. The screen is a player over it; stepping back is a smaller cycle.

/// All events of one run, and checkpoints of the state.
public struct Recording: Sendable {
  public let program: Program
  public let device: Device
  public let totals: Totals
  public let blocks: [Block]
  /// Per block: its launch and its SM.
  public let placement: [(launch: Int, sm: Int)]
  /// Times of every op, in the order of issue.
  public let spans: [Span]
  /// In their total order.
  public let events: [Event]
  /// Per block: when it was on its SM.
  public let stays: [Stay]
  /// What every SM spent its cycles on.
  public let times: SMTimes
  /// When anything moved or computed.
  public let active: ActiveStretches
  /// Per launch: FLOPs and bytes.
  public let launchWork: [LaunchWork]
  /// Per SM: its spans that take time, in the order of issue.
  public let spansOfSM: [[Int32]]
  /// Per block and op: its span. Per span: its last event.
  private let spanOfOp: [[Int32]]
  private let lastEvent: [Int32]
  private let checkpoints: Checkpoints

  /// Simulates `program` on `device`, with values if there are `inputs`.
  /// - Throws: what the schedule throws.
  public init(
    _ program: Program, on device: Device, inputs: [String: Matrix]?
  ) throws(ScheduleError) {
    var schedule = Schedule(program, on: device, listener: Recorder())
    try schedule.run()
    let recorder = schedule.listener
    self.program = program
    self.device = device
    totals = schedule.totals
    blocks = recorder.blocks
    placement = recorder.placement
    spans = recorder.spans
    events = recorder.events()
    var dealing = Dealing(
      spans, blocks: blocks.count, sms: device.smCount, launches: totals.launches)
    stays = dealing.stays(placement, opening: recorder.opening)
    var edges = SpanEdges(spans, blocks: blocks, stays: stays, device: device, totals: totals)
    times = SMTimes(&edges, lastCycle: totals.cycles)
    active = ActiveStretches(events, spans: spans, blocks: blocks)
    launchWork = totals.launches.map { LaunchWork($0) }
    spansOfSM = Self.sorted(spans, by: placement, sms: device.smCount)
    (spanOfOp, lastEvent) = Self.index(events, spans: spans, blocks: blocks)
    checkpoints = Checkpoints(
      State(program, inputs: inputs), events, spans: spans, blocks: blocks)
  }

  private static func index(
    _ events: [Event], spans: [Span], blocks: [Block]
  ) -> (spanOfOp: [[Int32]], lastEvent: [Int32]) {
    var spanOfOp = blocks.map { Array(repeating: Int32(-1), count: $0.ops.count) }
    for (index, span) in spans.enumerated() where span.block >= 0 {
      spanOfOp[Int(span.block)][Int(span.op)] = Int32(index)
    }
    var lastEvent = Array(repeating: Int32(0), count: spans.count)
    for (index, event) in events.enumerated() { lastEvent[Int(event.span)] = Int32(index) }
    return (spanOfOp, lastEvent)
  }

  private static func sorted(
    _ spans: [Span], by placement: [(launch: Int, sm: Int)], sms: Int
  ) -> [[Int32]] {
    var spansOfSM = Array(repeating: [Int32](), count: sms)
    for (index, span) in spans.enumerated() where span.block >= 0 && !span.isInstant {
      spansOfSM[placement[Int(span.block)].sm].append(Int32(index))
    }
    return spansOfSM
  }

  /// The cycle of the last event.
  public var lastCycle: Int { events.last?.cycle ?? 0 }

  /// The memories when everything has finished.
  public var finalState: State { checkpoints.final }

  /// The memories after all events up to and including `cycle`.
  public func state(at cycle: Int) -> State { state(beforeEvent: eventCount(through: cycle)) }

  /// The memories after the first `count` events.
  public func state(beforeEvent count: Int) -> State {
    if count == events.count { return finalState }
    let checkpoint = checkpoints.before(event: count)
    var state = checkpoint.state
    for event in events[checkpoint.events..<count] {
      state.apply(event.phase, span: event.span, of: spans[Int(event.span)], in: blocks)
    }
    return state
  }

  /// What tiles on chip held after some numbers of events, or nil where they were not there: each
  /// stretch between two checkpoints is replayed once, whatever is asked of it.
  public func tiles(_ wanted: [(events: Int, key: TileKey)]) -> [TileValues?] {
    var found: [TileValues?] = Array(repeating: nil, count: wanted.count)
    var (at, state) = (0, State?.none)
    for index in wanted.indices.sorted(by: { wanted[$0].events < wanted[$1].events }) {
      let count = wanted[index].events
      let checkpoint = checkpoints.before(event: count)
      if state == nil || checkpoint.events > at { (at, state) = checkpoint }
      for event in events[at..<count] {
        state!.apply(event.phase, span: event.span, of: spans[Int(event.span)], in: blocks)
      }
      at = count
      found[index] = state!.sram[wanted[index].key]
    }
    return found
  }

  /// What a block owns on its SM, bytes.
  public func footprint(ofBlock block: Int) -> Footprint {
    program.launches[placement[block].launch].footprint ?? blocks[block].footprint(on: device)
  }

  /// The span of op number `op` of block number `block`.
  public func span(block: Int, op: Int) -> Int { Int(spanOfOp[block][op]) }

  /// The index of the event with which a span ends.
  public func lastEvent(ofSpan span: Int) -> Int { Int(lastEvent[span]) }

  /// How many events happen up to and including `cycle`.
  public func eventCount(through cycle: Int) -> Int {
    var (low, high) = (0, events.count)
    while low < high {
      let middle = (low + high) / 2
      if events[middle].cycle <= cycle { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The next cycle at which something happens; nil at the end.
  public func cycle(after cycle: Int) -> Int? {
    let next = eventCount(through: cycle)
    return next < events.count ? events[next].cycle : nil
  }

  /// The cycle before this one at which something happened last; nil at the start.
  public func cycle(before cycle: Int) -> Int? {
    let count = eventCount(through: cycle - 1)
    return count > 0 ? events[count - 1].cycle : nil
  }
}

/// Writes down what the schedule says.
private struct Recorder: ScheduleListener {
  var blocks: [Block] = []
  var placement: [(launch: Int, sm: Int)] = []
  var spans: [Span] = []
  /// Per block: it was dealt when its launch began.
  var opening: [Bool] = []

  mutating func dealt(_ block: Block, launch: Int, sm: Int) {
    blocks.append(block.timed)
    placement.append((launch, sm))
    opening.append(spans.last?.block == Span.launchStart)
  }

  mutating func timed(_ span: Span) { spans.append(span) }

  func events() -> [Event] {
    var events: [Event] = []
    events.reserveCapacity(2 * spans.count)
    for (index, span) in spans.enumerated() {
      if span.isInstant {
        events.append(Event(cycle: span.start, span: Int32(index), phase: .happened))
      } else {
        events.append(Event(cycle: span.start, span: Int32(index), phase: .started))
        events.append(Event(cycle: span.finish, span: Int32(index), phase: .finished))
      }
    }
    events.sort(by: Event.precedes)
    return events
  }
}

/// A run without values and without events: `--timing-only`.
public func totals(
  of program: Program, on device: Device, detail: Detail = .exact
) throws(ScheduleError) -> Totals {
  var schedule = Schedule(program, on: device, detail: detail, listener: Silence())
  try schedule.run()
  return schedule.totals
}

private struct Silence: ScheduleListener {
  mutating func dealt(_ block: Block, launch: Int, sm: Int) {}
  mutating func timed(_ span: Span) {}
}
