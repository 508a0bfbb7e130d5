// A recording of a run: every op with its times, every event in order, and checkpoints of the
// state. It never changes. The screen plays it, and a step back asks for the state at an earlier
// cycle.

/// All events of one run, and checkpoints of the state.
package struct Recording: Sendable {
  package let program: Program
  package let device: Device
  package let totals: Totals
  package let blocks: [Block]
  /// Per block: its launch and its SM.
  package let placement: [(launch: Int, sm: Int)]
  /// The spans of all ops and launches, in the order of issue.
  package let spans: [Span]
  /// The events, in their total order.
  package let events: [Event]
  /// Per block: its residency.
  package let residencies: [BlockResidency]
  /// What every SM did in every cycle.
  package let times: SMTimeline
  /// When any SM moved data or computed.
  package let active: ActiveIntervals
  /// Per SM: the spans of its ops that take time, in the order of issue.
  package let spansOfSM: [[SpanID]]
  /// Per block and op: its span.
  private let spanOfOp: [[SpanID]]
  /// Per span: index of the event with which it ends.
  private let lastEvent: [Int32]
  private let checkpoints: Checkpoints

  /// Simulates `program` on `device`, with values if there are `inputs`.
  /// - Parameter inputs: the values of input tensors, by name.
  /// - Throws: `ScheduleError` if a block does not fit on an SM.
  package static func simulate(
    _ program: Program, on device: Device, inputs: [String: Matrix]?
  ) throws(ScheduleError) -> Recording {
    var schedule = Schedule(program, on: device, listener: Recorder())
    try schedule.run()
    return Recording(
      program, on: device, schedule.listener, schedule.totals,
      startingFrom: State(program, inputs: inputs))
  }

  private init(
    _ program: Program, on device: Device, _ recorder: Recorder, _ totals: Totals,
    startingFrom start: State
  ) {
    self.program = program
    self.device = device
    self.totals = totals
    blocks = recorder.blocks
    placement = recorder.placement
    spans = recorder.spans
    events = recorder.events()
    var replay = ResidencyReplay(
      spans, blocks: blocks.count, sms: device.smCount, launches: totals.launches)
    residencies = replay.residencies(placement, isInitialDispatch: recorder.isInitialDispatch)
    var edges = CycleClassifier(
      spans, blocks: blocks, residencies: residencies, device: device, totals: totals)
    times = SMTimeline(&edges, lastCycle: totals.cycles)
    active = ActiveIntervals(events, spans: spans, blocks: blocks)
    spansOfSM = Self.sorted(spans, by: placement, sms: device.smCount)
    (spanOfOp, lastEvent) = Self.index(events, spans: spans, blocks: blocks)
    checkpoints = Checkpoints(start, events, spans: spans, blocks: blocks)
  }

  private static func index(
    _ events: [Event], spans: [Span], blocks: [Block]
  ) -> (spanOfOp: [[SpanID]], lastEvent: [Int32]) {
    var spanOfOp = blocks.map { Array(repeating: SpanID.none, count: $0.ops.count) }
    for (index, span) in spans.enumerated() {
      guard let place = span.place else { continue }
      spanOfOp[place.block.index][place.op.index] = SpanID(index)
    }
    var lastEvent = Array(repeating: Int32(0), count: spans.count)
    for (index, event) in events.enumerated() { lastEvent[event.span.index] = Int32(index) }
    return (spanOfOp, lastEvent)
  }

  private static func sorted(
    _ spans: [Span], by placement: [(launch: Int, sm: Int)], sms: Int
  ) -> [[SpanID]] {
    var spansOfSM = Array(repeating: [SpanID](), count: sms)
    for (index, span) in spans.enumerated() where !span.isInstant {
      guard let block = span.place?.block else { continue }
      spansOfSM[placement[block.index].sm].append(SpanID(index))
    }
    return spansOfSM
  }

  /// The cycle of the last event.
  package var lastCycle: Int { events.last?.cycle ?? 0 }

  /// What was noted of the values while the checkpoints were made.
  package var extracts: Extracts { checkpoints.extracts }

  /// The state when everything has finished.
  package var finalState: State { checkpoints.final }

  /// The state after all events up to and including `cycle`.
  package func state(at cycle: Int) -> State { state(beforeEvent: eventCount(through: cycle)) }

  /// The state after the first `count` events.
  package func state(beforeEvent count: Int) -> State {
    if count == events.count { return finalState }
    let checkpoint = checkpoints.before(event: count)
    var state = checkpoint.state
    replay(checkpoint.events..<count, on: &state)
    return state
  }

  private func replay(_ range: Range<Int>, on state: inout State) {
    for event in events[range] {
      state.apply(event.phase, event.span, spans[event.span].subject, in: blocks)
    }
  }

  /// The values of tiles in SRAM after given numbers of events; nil for a tile that was not there.
  /// The events between two checkpoints are replayed once, however many tiles are asked for.
  package func tiles(_ wanted: [(events: Int, key: TileKey)]) -> [TileValues?] {
    var found: [TileValues?] = Array(repeating: nil, count: wanted.count)
    var (at, state) = checkpoints.before(event: 0)
    for index in wanted.indices.sorted(by: { wanted[$0].events < wanted[$1].events }) {
      let count = wanted[index].events
      let checkpoint = checkpoints.before(event: count)
      if checkpoint.events > at { (at, state) = checkpoint }
      replay(at..<count, on: &state)
      at = count
      found[index] = state.sram[wanted[index].key]
    }
    return found
  }

  /// The footprint of a block; SRAM in bytes.
  package func footprint(of block: BlockID) -> Footprint {
    program.launches[placement[block.index].launch].footprint
      ?? blocks[block].footprint(on: device)
  }

  /// The span of an op.
  package func span(of place: OpPlace) -> SpanID { spanOfOp[place.block.index][place.op.index] }

  /// The index of the event with which a span ends.
  package func lastEvent(of span: SpanID) -> Int { Int(lastEvent[span.index]) }

  /// Number of events up to and including `cycle`.
  package func eventCount(through cycle: Int) -> Int {
    events.partitioningIndex { $0.cycle > cycle }
  }

  /// The cycle of the next event after `cycle`; nil at the end.
  package func cycle(after cycle: Int) -> Int? {
    let next = eventCount(through: cycle)
    return next < events.count ? events[next].cycle : nil
  }

  /// The cycle of the last event before `cycle`; nil at the start.
  package func cycle(before cycle: Int) -> Int? {
    let count = eventCount(through: cycle - 1)
    return count > 0 ? events[count - 1].cycle : nil
  }
}
