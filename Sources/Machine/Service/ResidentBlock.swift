// A resident block: a thread block while it is on an SM, with the ops that still wait, and what
// they wait for.

/// The progress of a block on its SM.
struct ResidentBlock: Sendable {
  /// What an op still waits for.
  private struct Waiting: Sendable {
    /// The cycle at which the last of the ops that it waited for finished.
    var readyAt: Int
    /// How many ops it still waits for.
    var waits: Int32
  }

  /// How long an op takes.
  private struct Duration: Sendable {
    /// Ticks on each unit.
    let ticks: Ticks
    /// The most of them.
    let longest: Int

    init(_ ticks: Ticks) { (self.ticks, longest) = (ticks, ticks.max()) }

    func scaled(by factor: Double) -> Duration {
      Duration(Ticks((Slowdown(ticks) * factor).rounded(.down)))
    }
  }

  /// The progress of a stream: its next op, and the cycle from which that may start.
  private struct StreamProgress: Sendable {
    var head: OpID
    var from: Int
    /// Whether its next op has been requested.
    var isRequested = false
    /// The cycle at which a warp group came to its last op.
    var issuedAt: Int
    /// The part of its next op that is still to be done, and the cycle at which that began.
    var part = 1.0
    var begunAt: Int?
    /// In a sampled loop: the cycle at which the sample began.
    var sampleStart = 0
    /// Cycles of an iteration, on average over the sample.
    var cyclesPerIteration = 0.0
    /// Cycles of the whole block beside the others during the sample.
    var blockCycles = 1.0

    /// The cycles that `iterations` take: those of the sample, scaled by what the whole block takes now and during
    /// the sample.
    mutating func fastForward(
      _ iterations: Int, sampled: Int, at cycle: Int, _ blockCycles: Double
    ) -> Int {
      if sampled > 0 {
        cyclesPerIteration = Double(cycle - sampleStart) / Double(sampled)
        self.blockCycles = blockCycles
      }
      let cycles = Double(iterations) * cyclesPerIteration * blockCycles / self.blockCycles
      return Int(cycles.rounded())
    }
  }

  /// The ops of the block, which all blocks of its profile share.
  private let ops: TimedOps
  /// Its index in the order of dispatch.
  private let id: BlockID
  private let sm: Int32
  private let slot: Int32
  /// True under processor sharing: an op of arithmetic starts when the one before it in its stream
  /// has finished. False: when that one has started.
  private let isSequential: Bool
  private(set) var hasBegun = false
  private var waiting: [Waiting]
  private var streams: [StreamProgress]
  /// Ops that have no times yet.
  private var remaining: Int
  /// The latest finish of an op so far, cycles.
  private var lastFinish: Int
  /// Per party and distinct cost: how long it takes beside all others.
  private var durations: [[Duration]] = []
  /// Per party: the tick from which its own share of each unit is free.
  private var freeAt: [Ticks]
  /// Cycles of the whole block beside all others; see `CoResidency`.
  private var blockCycles = 1.0

  /// A block whose ops may start at `cycle`.
  init(
    _ ops: TimedOps, id: BlockID, sm: Int32, slot: Int32, isSequential: Bool, from cycle: Int
  ) {
    self.ops = ops
    self.id = id
    self.sm = sm
    self.slot = slot
    self.isSequential = isSequential
    waiting = ops.nodes.map { Waiting(readyAt: cycle, waits: $0.waits) }
    streams = ops.heads.map { StreamProgress(head: $0, from: cycle, issuedAt: cycle) }
    freeAt = Array(repeating: Ticks(), count: ops.parties)
    remaining = ops.nodes.count
    lastFinish = cycle
  }

  /// Cycles that a block takes under processor sharing.
  /// - Parameters:
  ///   - slowdowns: those of its parties; empty for a block beside no other.
  ///   - inStep: the same for an op that all its warp groups do at the same time, or a transfer that all blocks do.
  static func cycles(
    of ops: TimedOps, beside slowdowns: [Slowdown], inStep: [Slowdown], busySMs: Int
  ) -> Int {
    var queue = EventQueue()
    var block = ResidentBlock(ops, id: BlockID(0), sm: 0, slot: 0, isSequential: true, from: 0)
    block.setDurations(slowdowns, inStep: inStep, busySMs: busySMs)
    block.begin(&queue)
    while let request = queue.earliest, !request.isEnd {
      queue.removeEarliest()
      guard let span = block.serve(request.op, at: request.cycle, &queue) else { continue }
      block.releaseSuccessors(of: span, &queue)
    }
    return block.lastFinish
  }

  /// Sets how the blocks that are co-resident from now on slow this one down.
  mutating func set(_ coResidency: CoResidency, busySMs: Int) {
    blockCycles = coResidency.cycles
    setDurations(coResidency.slowdowns, inStep: coResidency.inStep, busySMs: busySMs)
  }

  private mutating func setDurations(
    _ slowdowns: [Slowdown], inStep: [Slowdown], busySMs: Int
  ) {
    durations = freeAt.indices.map { party in
      ops.demands.map {
        let slowdown = $0.isInStep ? inStep[party] : slowdowns[party]
        let ticks = Units.slowed($0.ticks, by: slowdown, busySMs: busySMs)
        return Duration(ticks)
      }
    }
  }

  /// Requests every op that waits for no other.
  mutating func begin(_ queue: inout EventQueue) {
    hasBegun = true
    if remaining == 0 { request(Request.end, at: lastFinish, &queue) }
    for stream in streams.indices { advance(stream, &queue) }
    for op in waiting.indices where ops.nodes[op].stream == .none && waiting[op].waits == 0 {
      request(OpID(op), at: waiting[op].readyAt, &queue)
    }
  }

  func demand(of op: OpID) -> UnitDemand { ops.demand(of: op) }

  /// Serves an op under processor sharing: it gets the block's share of the units. Of a long op only the first part is
  /// served, because the share may change.
  /// - Returns: its span; nil while there is more of it.
  mutating func serve(_ op: OpID, at cycle: Int, _ queue: inout EventQueue) -> Span? {
    let node = ops.nodes[op.index]
    let demand = ops.demands[Int(node.cost)]
    var span = span(of: op, (cycle, cycle), demand)
    switch demand.kind {
    case .nothing: break
    case .sampleStart: streams[Int(node.stream.index)].sampleStart = cycle
    case .fastForward(let iterations, let sampled):
      span.finish += streams[Int(node.stream.index)].fastForward(
        iterations, sampled: sampled, at: cycle, blockCycles)
    case .compute, .transfer:
      let party = node.stream.party
      var duration = durations[party][Int(node.cost)]
      var begunAt: Int?
      if node.stream.isArithmetic, !node.stream.isAsynchronous {
        guard let rest = takePart(of: op, lasting: duration, at: cycle, &queue) else { return nil }
        (duration, begunAt) = rest
      }
      let begin = Units.reserve(duration.ticks, &freeAt[party], ready: cycle)
      // What was under way before is there at once; the units are busy with it all the same.
      if demand.isUnderWay { break }
      span.start = begunAt ?? begin / Tick.perCycle
      span.finish = Tick.cycles(begin + duration.longest) + demand.latency
    }
    return span
  }

  /// Serves the next part of an op that its group waits for, if more than two such parts are left of it.
  /// - Parameter duration: that of the whole op beside those that are co-resident now.
  /// - Returns: what is left of the op, and when its first part began; nil after a part.
  private mutating func takePart(
    of op: OpID, lasting duration: Duration, at cycle: Int, _ queue: inout EventQueue
  ) -> (rest: Duration, begunAt: Int?)? {
    let node = ops.nodes[op.index]
    let stream = Int(node.stream.index)
    let left = streams[stream].part
    let share = max(Self.leastPart, Double(Self.partTicks) / Double(max(1, duration.longest)))
    guard left > 2 * share else {
      let begunAt = streams[stream].begunAt
      (streams[stream].part, streams[stream].begunAt) = (1, nil)
      return (begunAt == nil ? duration : duration.scaled(by: left), begunAt)
    }
    let part = duration.scaled(by: share)
    let begin = Units.reserve(part.ticks, &freeAt[node.stream.party], ready: cycle)
    streams[stream].begunAt = streams[stream].begunAt ?? begin / Tick.perCycle
    streams[stream].part = left - share
    request(op, at: Tick.cycles(begin + part.longest), &queue)
    return nil
  }

  /// How long a part is, if the op is no longer than 64 of them: 4096 cycles.
  private static let partTicks = 4096 * Tick.perCycle
  private static let leastPart = 1.0 / 64

  func span(of op: OpID, _ times: (start: Int, finish: Int), _ demand: UnitDemand) -> Span {
    Span(
      .op(OpPlace(block: id, op: op)), start: times.start, finish: times.finish,
      inL2: demand.inL2)
  }

  /// Requests the ops that may start now that an op has its times.
  mutating func releaseSuccessors(of span: Span, _ queue: inout EventQueue) {
    guard let op = span.place?.op else { return }
    remaining -= 1
    lastFinish = max(lastFinish, span.finish)
    let node = ops.nodes[op.index]
    if node.stream != .none {
      let stream = Int(node.stream.index)
      streams[stream].head = node.nextInStream
      streams[stream].isRequested = false
      let demand = ops.demands[Int(node.cost)]
      let waits =
        isSequential && (node.stream.isArithmetic || demand.isAwaited || demand.isFastForward)
      // A product that is not waited for takes the unit as soon as the one before has left it.
      let tail = node.stream.isAsynchronous ? demand.latency : 0
      streams[stream].from = waits ? max(span.start, span.finish - tail) : span.start
      advance(stream, &queue)
      if let other = partner(of: stream) { advance(other, &queue) }
    }
    var follower = node.firstSuccessor
    while follower != Dependencies.none {
      let link = ops.successors[Int(follower)]
      release(link.op, at: span.finish, &queue)
      follower = link.next
    }
    if remaining == 0 { request(Request.end, at: lastFinish, &queue) }
  }

  /// Notes that one of the ops that `op` waited for has finished; requests `op` after the last.
  private mutating func release(_ op: OpID, at finish: Int, _ queue: inout EventQueue) {
    let waits = waiting[op.index].waits - 1
    waiting[op.index].waits = waits
    waiting[op.index].readyAt = max(waiting[op.index].readyAt, finish)
    guard waits == 0 else { return }
    let stream = ops.nodes[op.index].stream
    if stream == .none {
      request(op, at: waiting[op.index].readyAt, &queue)
    } else if streams[Int(stream.index)].head == op {
      advance(Int(stream.index), &queue)
    }
  }

  /// Requests the next op of a stream, if it waits for no other.
  private mutating func advance(_ stream: Int, _ queue: inout EventQueue) {
    let head = streams[stream].head
    guard head != .none, !streams[stream].isRequested, waiting[head.index].waits == 0,
      let turn = turn(of: head, in: stream)
    else { return }
    let cycle = max(waiting[head.index].readyAt, turn)
    streams[stream].isRequested = true
    if !demand(of: head).isMark { streams[stream].issuedAt = cycle }
    request(head, at: max(cycle, streams[stream].from), &queue)
  }

  /// The cycle at which a warp group comes to the next op of one of its streams: it comes to its ops one after the
  /// other, whether it waits for their results or not. Nil while there are others before it.
  private func turn(of op: OpID, in stream: Int) -> Int? {
    guard let other = partner(of: stream) else { return 0 }
    let before = streams[other]
    if demand(of: op).isMark {
      // Both streams come to a mark before either goes on.
      let isThere =
        before.head == .none || before.head.index > op.index || demand(of: before.head).isMark
      return isThere ? 0 : nil
    }
    guard before.head == .none || before.head.index > op.index else { return nil }
    return Stream(index: Int8(stream)).isAsynchronous ? before.from : before.issuedAt
  }

  /// Under processor sharing: the other stream of a warp group that has asynchronous products.
  private func partner(of stream: Int) -> Int? {
    guard isSequential, let other = Stream(index: Int8(stream)).partner else { return nil }
    return Int(other.index) < streams.count ? Int(other.index) : nil
  }

  private mutating func request(_ op: OpID, at cycle: Int, _ queue: inout EventQueue) {
    // Under processor sharing a block leaves after all ops that are due in the same cycle.
    let firstAskedAt = isSequential && op == Request.end ? Int.max : cycle
    queue.insert(
      Request(cycle: cycle, firstAskedAt: firstAskedAt, sm: sm, block: id, op: op, slot: slot))
  }
}
