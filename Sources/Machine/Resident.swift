// A block while it is on an SM: which of its ops still wait, and for what.

struct Resident: Sendable {
  private struct Waiting: Sendable {
    /// When the last of those that held it back finished.
    var readyAt: Int
    /// Its `waits` go down as they finish.
    var node: Dependencies.Node
  }

  /// Where a stream has got to: the next op, and the start of the one before.
  private struct Position: Sendable {
    var head: Int32
    var start = 0
  }

  let footprint: Footprint
  /// Its number in the order of dealing.
  private let number: Int32
  private let sm: Int32
  private let slot: Int32
  private let ops: [Op]
  private let works: [Work]
  private let followers: [Dependencies.Link]
  private var waiting: [Waiting]
  private var streams: [Position]
  private var remaining: Int
  private var lastFinish: Int

  /// Stands in an empty slot.
  static let none = Resident(
    Block(tensors: [], stages: 0, type: .fp32), number: -1, sm: -1, slot: -1,
    footprint: Footprint(), from: 0)

  /// `block`, which may start at `cycle`.
  init(
    _ block: Block, number: Int32, sm: Int32, slot: Int32, footprint: Footprint, from cycle: Int
  ) {
    self.footprint = footprint
    self.number = number
    self.sm = sm
    self.slot = slot
    ops = block.ops
    works = block.works
    followers = block.dependencies.followers
    waiting = block.dependencies.nodes.map { Waiting(readyAt: cycle, node: $0) }
    streams = block.dependencies.heads.map { Position(head: $0) }
    remaining = block.ops.count
    lastFinish = cycle
  }

  // Everything below is mutating, so that nothing here is ever copied.

  /// Requests every op that waits for nothing.
  mutating func begin(_ agenda: inout Agenda) {
    if remaining == 0 { request(Request.end, at: lastFinish, &agenda) }
    for stream in streams.indices { advance(stream, &agenda) }
    for op in waiting.indices where waiting[op].node.stream == nil && waiting[op].node.waits == 0 {
      request(Int32(op), at: waiting[op].readyAt, &agenda)
    }
  }

  mutating func isTransfer(_ op: Int32) -> Bool {
    works[Int(waiting[Int(op)].node.work)].hbmBytes > 0
  }

  /// Gives an op its units.
  mutating func issue(
    _ op: Int32, at cycle: Int, _ units: inout Units, _ cache: inout L2Cache,
    _ totals: inout Totals
  ) -> Span {
    let work = works[Int(waiting[Int(op)].node.work)]
    var inL2 = false
    if work.hbmBytes > 0 {
      inL2 = cache.touch(ops[Int(op)].operation)
      totals.addTransfer(ops[Int(op)].operation, bytes: work.hbmBytes, inL2: inL2)
    }
    totals.add(work)
    let times = units.reserve(work, inL2: inL2, sm: Int(sm), ready: cycle)
    return Span(block: number, op: op, start: times.start, finish: times.finish, inL2: inL2)
  }

  /// Requests the ops whose turn has come now that one has its times.
  mutating func follow(_ span: Span, _ agenda: inout Agenda) {
    remaining -= 1
    lastFinish = max(lastFinish, span.finish)
    let node = waiting[Int(span.op)].node
    if let stream = node.stream?.rawValue {
      streams[stream] = Position(head: node.nextInStream, start: span.start)
      advance(stream, &agenda)
    }
    var follower = node.firstFollower
    while follower != Dependencies.none {
      release(followers[Int(follower)].op, at: span.finish, &agenda)
      follower = followers[Int(follower)].next
    }
    if remaining == 0 { request(Request.end, at: lastFinish, &agenda) }
  }

  /// One of the ops that `op` waited for has finished.
  private mutating func release(_ op: Int32, at finish: Int, _ agenda: inout Agenda) {
    let waits = waiting[Int(op)].node.waits - 1
    waiting[Int(op)].node.waits = waits
    waiting[Int(op)].readyAt = max(waiting[Int(op)].readyAt, finish)
    guard waits == 0 else { return }
    guard let stream = waiting[Int(op)].node.stream?.rawValue else {
      request(op, at: waiting[Int(op)].readyAt, &agenda)
      return
    }
    if streams[stream].head == op { advance(stream, &agenda) }
  }

  /// Requests the head of a stream if nothing holds it back.
  private mutating func advance(_ stream: Int, _ agenda: inout Agenda) {
    let (head, start) = (streams[stream].head, streams[stream].start)
    guard head != Dependencies.none, waiting[Int(head)].node.waits == 0 else { return }
    request(head, at: max(waiting[Int(head)].readyAt, start), &agenda)
  }

  private mutating func request(_ op: Int32, at cycle: Int, _ agenda: inout Agenda) {
    agenda.insert(Request(cycle: cycle, asked: cycle, sm: sm, block: number, op: op, slot: slot))
  }
}
