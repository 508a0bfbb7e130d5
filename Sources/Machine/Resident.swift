// A block while it is on an SM: which of its ops still wait, and for what.

struct Resident {
  /// An op whose turn has come, and the cycle from which it may start.
  struct Ready {
    var op: Int32
    var cycle: Int
  }

  let block: Block
  let sm: Int
  let footprint: Footprint
  /// Per op: how many ops it still waits for, and when the last of them finished.
  private var waits: [Int32]
  private var readyAt: [Int]
  /// Per op: where its followers begin in `followers`.
  private var firstFollower: [Int32]
  private var followers: [Int32]
  /// Per stream: the next op, and the start of the one before.
  private var streams: [[Int32]] = Array(repeating: [], count: Stream.allCases.count)
  private var position = Array(repeating: 0, count: Stream.allCases.count)
  private var streamStart = Array(repeating: 0, count: Stream.allCases.count)
  private var remaining: Int
  private var lastFinish = 0

  init(_ block: Block, sm: Int, footprint: Footprint) {
    self.block = block
    self.sm = sm
    self.footprint = footprint
    let count = block.ops.count
    remaining = count
    waits = Array(repeating: 0, count: count)
    readyAt = Array(repeating: 0, count: count)
    firstFollower = Array(repeating: 0, count: count + 1)
    followers = Array(repeating: 0, count: block.edges.count)
    linkFollowers()
    for (index, op) in block.ops.enumerated() {
      if let stream = op.stream { streams[stream.rawValue].append(Int32(index)) }
    }
  }

  /// Sorts the edges by their first op (a counting sort), so that followers lie side by side.
  private mutating func linkFollowers() {
    for edge in block.edges {
      firstFollower[Int(edge.before) + 1] += 1
      waits[Int(edge.after)] += 1
    }
    for op in 0..<block.ops.count { firstFollower[op + 1] += firstFollower[op] }
    var next = firstFollower
    for edge in block.edges {
      followers[Int(next[Int(edge.before)])] = edge.after
      next[Int(edge.before)] += 1
    }
  }

  /// The cycle of the block's end, once every op has its times.
  var end: Int? { remaining == 0 ? lastFinish : nil }

  /// Lets the block start at `cycle`.
  mutating func begin(at cycle: Int) -> [Ready] {
    lastFinish = cycle
    for index in readyAt.indices { readyAt[index] = cycle }
    var ready: [Ready] = []
    for stream in Stream.allCases { advance(stream, &ready) }
    for (index, op) in block.ops.enumerated() where op.stream == nil && waits[index] == 0 {
      ready.append(Ready(op: Int32(index), cycle: cycle))
    }
    return ready
  }

  /// Notes an op's times; returns the ops whose turn has come by it.
  mutating func issued(_ op: Int32, start: Int, finish: Int) -> [Ready] {
    remaining -= 1
    lastFinish = max(lastFinish, finish)
    var ready: [Ready] = []
    if let stream = block.ops[Int(op)].stream {
      streamStart[stream.rawValue] = start
      position[stream.rawValue] += 1
      advance(stream, &ready)
    }
    for index in firstFollower[Int(op)]..<firstFollower[Int(op) + 1] {
      release(followers[Int(index)], at: finish, &ready)
    }
    return ready
  }

  /// One of the ops that `op` waited for has finished.
  private mutating func release(_ op: Int32, at finish: Int, _ ready: inout [Ready]) {
    let index = Int(op)
    waits[index] -= 1
    readyAt[index] = max(readyAt[index], finish)
    guard waits[index] == 0 else { return }
    guard let stream = block.ops[index].stream else {
      ready.append(Ready(op: op, cycle: readyAt[index]))
      return
    }
    if isHead(op, of: stream) { advance(stream, &ready) }
  }

  private func isHead(_ op: Int32, of stream: Stream) -> Bool {
    let ops = streams[stream.rawValue]
    let head = position[stream.rawValue]
    return head < ops.count && ops[head] == op
  }

  /// Hands out the head of a stream if nothing holds it back.
  private func advance(_ stream: Stream, _ ready: inout [Ready]) {
    let ops = streams[stream.rawValue]
    let head = position[stream.rawValue]
    guard head < ops.count, waits[Int(ops[head])] == 0 else { return }
    let cycle = max(readyAt[Int(ops[head])], streamStart[stream.rawValue])
    ready.append(Ready(op: ops[head], cycle: cycle))
  }
}
