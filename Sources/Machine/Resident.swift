// A block while it is on an SM: which of its ops still wait, and for what.

struct Resident: Sendable {
  private struct Waiting: Sendable {
    /// When the last of those that held it back finished.
    var readyAt: Int
    /// How many still hold it back.
    var waits: Int32
  }

  /// Where a stream has got to: the next op, and the cycle from which it may start. Of a loop that is
  /// cut short: when its measuring began, the cycles that an iteration took, and under what strain.
  private struct Position: Sendable {
    var head: Int32
    var from: Int
    var lap = 0
    var pace = 0.0
    var strain = 1.0

    mutating func skip(_ iterations: Int, measured: Int, at cycle: Int, _ strain: Double) -> Int {
      if measured > 0 {
        pace = Double(cycle - lap) / Double(measured)
        self.strain = strain
      }
      return Int((Double(iterations) * pace * strain / self.strain).rounded())
    }
  }

  let shape: Shape?
  private let steps: Steps
  /// Its number in the order of dealing.
  private let number: Int32
  private let sm: Int32
  private let slot: Int32
  /// Whether the next op of a stream waits for the end of the one before, or for its start only.
  private let isSequential: Bool
  private(set) var hasBegun = false
  private var waiting: [Waiting]
  private var streams: [Position]
  private var remaining: Int
  private var lastFinish: Int
  /// Ticks that each of its different ops takes, with the neighbours it has.
  private var durations: [(ticks: Ticks, longest: Int)] = []
  /// When its own share of each unit is free.
  private var book = Ticks()
  private var stretch = Stretch(repeating: 1)
  /// What the neighbours make of the ticks that its longest stream needs.
  private var strain = 1.0

  /// A block that may start at `cycle`.
  init(
    _ shape: Shape, number: Int32, sm: Int32, slot: Int32, isSequential: Bool, from cycle: Int
  ) {
    self.init(shape.steps, shape, number, sm, slot, isSequential, from: cycle)
  }

  private init(
    _ steps: Steps, _ shape: Shape?, _ number: Int32, _ sm: Int32, _ slot: Int32,
    _ isSequential: Bool, from cycle: Int
  ) {
    self.shape = shape
    self.steps = steps
    self.number = number
    self.sm = sm
    self.slot = slot
    self.isSequential = isSequential
    waiting = steps.nodes.map { Waiting(readyAt: cycle, waits: $0.waits) }
    streams = steps.heads.map { Position(head: $0, from: cycle) }
    remaining = steps.nodes.count
    lastFinish = cycle
  }

  /// Cycles that a block takes on an SM of its own, where service is fair.
  static func cyclesAlone(_ steps: Steps, busySMs: Int) -> Int {
    var agenda = Agenda()
    var resident = Resident(steps, nil, 0, 0, 0, true, from: 0)
    resident.setDurations(busySMs: busySMs)
    resident.begin(&agenda)
    while let request = agenda.earliest, request.op != Request.end {
      agenda.removeEarliest()
      resident.follow(resident.serve(request.op, at: request.cycle), &agenda)
    }
    return resident.lastFinish
  }

  mutating func setNeighbours(_ neighbours: Neighbours, busySMs: Int) {
    stretch = neighbours.stretch
    strain = neighbours.strain
    setDurations(busySMs: busySMs)
  }

  private mutating func setDurations(busySMs: Int) {
    durations = steps.needs.map {
      let ticks = Units.stretched($0.ticks, by: stretch, busySMs: busySMs)
      return (ticks, ticks.max())
    }
  }

  /// Requests every op that waits for nothing.
  mutating func begin(_ agenda: inout Agenda) {
    hasBegun = true
    if remaining == 0 { request(Request.end, at: lastFinish, &agenda) }
    for stream in streams.indices { advance(stream, &agenda) }
    for op in waiting.indices where steps.nodes[op].stream == .none && waiting[op].waits == 0 {
      request(Int32(op), at: waiting[op].readyAt, &agenda)
    }
  }

  func needs(of op: Int32) -> Needs { steps.needs[Int(steps.nodes[Int(op)].work)] }

  /// Gives an op its share of the units.
  mutating func serve(_ op: Int32, at cycle: Int) -> Span {
    let node = steps.nodes[Int(op)]
    let needs = steps.needs[Int(node.work)]
    var span = Span(block: number, op: op, start: cycle, finish: cycle, inL2: needs.inL2)
    switch needs.kind {
    case .nothing: break
    case .lap: streams[Int(node.stream.index)].lap = cycle
    case .skip(let iterations, let measured):
      span.finish += streams[Int(node.stream.index)].skip(
        iterations, measured: measured, at: cycle, strain)
    case .work, .transfer:
      let duration = durations[Int(node.work)]
      let begin = Units.reserve(duration.ticks, &book, ready: cycle)
      span.start = begin / Units.ticksPerCycle
      span.finish = Units.cycles(begin + duration.longest) + needs.latency
    }
    return span
  }

  func span(of op: Int32, _ times: (start: Int, finish: Int), _ needs: Needs) -> Span {
    Span(block: number, op: op, start: times.start, finish: times.finish, inL2: needs.inL2)
  }

  /// Requests the ops whose turn has come now that one has its times.
  mutating func follow(_ span: Span, _ agenda: inout Agenda) {
    remaining -= 1
    lastFinish = max(lastFinish, span.finish)
    let node = steps.nodes[Int(span.op)]
    if node.stream != .none {
      let stream = Int(node.stream.index)
      streams[stream].head = node.nextInStream
      let waits =
        isSequential && (node.stream.isArithmetic || steps.needs[Int(node.work)].isSkip)
      streams[stream].from = waits ? span.finish : span.start
      advance(stream, &agenda)
    }
    var follower = node.firstFollower
    while follower != Dependencies.none {
      let link = steps.followers[Int(follower)]
      release(link.op, at: span.finish, &agenda)
      follower = link.next
    }
    if remaining == 0 { request(Request.end, at: lastFinish, &agenda) }
  }

  /// One of the ops that `op` waited for has finished.
  private mutating func release(_ op: Int32, at finish: Int, _ agenda: inout Agenda) {
    let waits = waiting[Int(op)].waits - 1
    waiting[Int(op)].waits = waits
    waiting[Int(op)].readyAt = max(waiting[Int(op)].readyAt, finish)
    guard waits == 0 else { return }
    let stream = steps.nodes[Int(op)].stream
    if stream == .none {
      request(op, at: waiting[Int(op)].readyAt, &agenda)
    } else if streams[Int(stream.index)].head == op {
      advance(Int(stream.index), &agenda)
    }
  }

  /// Requests the head of a stream if nothing holds it back.
  private mutating func advance(_ stream: Int, _ agenda: inout Agenda) {
    let (head, from) = (streams[stream].head, streams[stream].from)
    guard head != Dependencies.none, waiting[Int(head)].waits == 0 else { return }
    request(head, at: max(waiting[Int(head)].readyAt, from), &agenda)
  }

  private mutating func request(_ op: Int32, at cycle: Int, _ agenda: inout Agenda) {
    // Where service is fair, the chip looks at who has ended when the cycle is over.
    let asked = isSequential && op == Request.end ? Int.max : cycle
    agenda.insert(Request(cycle: cycle, asked: asked, sm: sm, block: number, op: op, slot: slot))
  }
}
