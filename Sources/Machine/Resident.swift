// A block while it is on an SM: which of its ops still wait, and for what.

struct Resident: Sendable {
  private let block: Block
  /// Its number in the order of dealing.
  let number: Int32
  let sm: Int
  let footprint: Footprint
  private struct Pending: Sendable {
    /// How many ops it still waits for, and when the last of them finished.
    var waits: Int32
    var readyAt: Int
  }
  private var pending: [Pending]
  /// Per stream: the next op, and the start of the one before.
  private var heads: [Int32]
  private var streamStart: [Int]
  private var remaining: Int
  private var lastFinish: Int

  /// `block`, which may start at `cycle`.
  init(_ block: Block, number: Int32, sm: Int, footprint: Footprint, from cycle: Int) {
    self.block = block
    self.number = number
    self.sm = sm
    self.footprint = footprint
    pending = block.dependencies.nodes.map { Pending(waits: $0.waits, readyAt: cycle) }
    heads = block.dependencies.heads
    streamStart = heads.map { _ in 0 }
    remaining = block.ops.count
    lastFinish = cycle
  }

  /// Stands in an empty slot.
  static let none = Resident(
    Block(tensors: [], stages: 0, type: .fp32), number: -1, sm: -1, footprint: Footprint(),
    from: 0)

  /// Requests every op that waits for nothing.
  mutating func begin(slot: Int32, _ agenda: inout Agenda) {
    if remaining == 0 { request(Request.end, at: lastFinish, slot, &agenda) }
    for stream in Stream.allCases { advance(stream, slot, &agenda) }
    for (index, node) in block.dependencies.nodes.enumerated()
    where node.stream == nil && node.waits == 0 {
      request(Int32(index), at: pending[index].readyAt, slot, &agenda)
    }
  }

  /// Gives an op its units.
  mutating func issue(
    _ request: Request, _ units: inout Units, _ cache: inout L2Cache, _ totals: inout Totals
  ) -> Span {
    let op = block.ops[Int(request.op)]
    let inL2 = cache.touch(op)
    let times = units.reserve(op.work, inL2: inL2, sm: sm, ready: request.cycle)
    totals.add(op, inL2: inL2)
    return Span(
      block: number, op: request.op, start: times.start, finish: times.finish, inL2: inL2)
  }

  /// Notes an op's times and requests the ops whose turn has come by it.
  mutating func issued(
    _ op: Int32, start: Int, finish: Int, slot: Int32, _ agenda: inout Agenda
  ) {
    remaining -= 1
    lastFinish = max(lastFinish, finish)
    let node = block.dependencies.nodes[Int(op)]
    if let stream = node.stream {
      streamStart[stream.rawValue] = start
      heads[stream.rawValue] = node.nextInStream
      advance(stream, slot, &agenda)
    }
    var follower = node.firstFollower
    while follower != Dependencies.none {
      let link = block.dependencies.followers[Int(follower)]
      release(link.op, at: finish, slot, &agenda)
      follower = link.next
    }
    if remaining == 0 { request(Request.end, at: lastFinish, slot, &agenda) }
  }

  /// One of the ops that `op` waited for has finished.
  private mutating func release(_ op: Int32, at finish: Int, _ slot: Int32, _ agenda: inout Agenda)
  {
    let index = Int(op)
    pending[index].waits -= 1
    pending[index].readyAt = max(pending[index].readyAt, finish)
    guard pending[index].waits == 0 else { return }
    guard let stream = block.dependencies.nodes[index].stream else {
      request(op, at: pending[index].readyAt, slot, &agenda)
      return
    }
    if heads[stream.rawValue] == op { advance(stream, slot, &agenda) }
  }

  /// Requests the head of a stream if nothing holds it back.
  private func advance(_ stream: Stream, _ slot: Int32, _ agenda: inout Agenda) {
    let head = heads[stream.rawValue]
    guard head != Dependencies.none, pending[Int(head)].waits == 0 else { return }
    let cycle = max(pending[Int(head)].readyAt, streamStart[stream.rawValue])
    request(head, at: cycle, slot, &agenda)
  }

  private func request(_ op: Int32, at cycle: Int, _ slot: Int32, _ agenda: inout Agenda) {
    agenda.insert(Request(cycle: cycle, sm: Int32(sm), block: number, op: op, slot: slot))
  }
}
