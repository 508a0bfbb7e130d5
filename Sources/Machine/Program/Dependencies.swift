// Which op of a block waits for which: a tile is read after it was written, and written again after
// it was read. The dependencies are linked lists, stored in arrays.

/// The dependencies between the ops of a block.
struct Dependencies: Sendable {
  /// One op: how many ops it waits for, and which ops wait for it (its followers).
  struct Node: Sendable {
    var waits: Int32 = 0
    /// Index of the first entry of its list in `successors`.
    var firstSuccessor = Dependencies.none
    /// The op that comes after it in its stream.
    var nextInStream = OpID.none
    /// Index of its cost in the block's `costs`.
    var cost: Int16
    var stream: Stream
  }

  /// An entry of a linked list: an op, and the index of the next entry.
  struct Link: Sendable {
    var op: OpID
    var next: Int32
  }

  /// The op that wrote a tile last, and the list of the ops that have read it since.
  private struct Uses: Sendable {
    var writer = OpID.none
    var readers = Dependencies.none
  }

  /// The index after the last entry of a list.
  static let none: Int32 = -1

  private(set) var nodes: [Node] = []
  private(set) var successors: [Link] = []
  /// Per stream: its first op.
  private(set) var heads: [OpID] = []
  /// Per stream: its last op so far.
  private var tails: [OpID] = []
  /// The uses of each tile of the block.
  private var uses: [Uses] = []
  /// The lists of readers of all tiles.
  private var readers: [Link] = []

  mutating func addTile() { uses.append(Uses()) }

  /// Clears the uses of a freed tile, whose index a new tile takes over.
  mutating func forgetTile(_ tile: TileID) { uses[tile.index] = Uses() }

  /// Adds the next op of the block to the end of its stream.
  mutating func addOp(in stream: Stream, cost: Int16) {
    let op = OpID(nodes.count)
    nodes.append(Node(cost: cost, stream: stream))
    guard stream != .none else { return }
    let index = Int(stream.index)
    while tails.count <= index {
      heads.append(.none)
      tails.append(.none)
    }
    if tails[index] == .none {
      heads[index] = op
    } else {
      nodes[tails[index].index].nextInStream = op
    }
    tails[index] = op
  }

  /// The last op of a stream so far; `none` if it has none.
  func last(in stream: Stream) -> OpID {
    let index = Int(stream.index)
    return index < tails.count ? tails[index] : .none
  }

  /// `op` reads `tile`: it waits for the op that wrote the tile.
  mutating func read(_ tile: TileID, by op: OpID) {
    let tile = tile.index
    wait(op, for: uses[tile].writer)
    readers.append(Link(op: op, next: uses[tile].readers))
    uses[tile].readers = Int32(readers.count - 1)
  }

  /// `op` frees `tile`: it waits for the op that wrote the tile and for all that read it.
  mutating func free(_ tile: TileID, by op: OpID) {
    waitForReaders(of: tile, op)
    read(tile, by: op)
  }

  /// `op` writes `tile`: it waits for the op that wrote the tile before and for all that read it.
  mutating func write(_ tile: TileID, by op: OpID) {
    wait(op, for: uses[tile.index].writer)
    waitForReaders(of: tile, op)
    uses[tile.index] = Uses(writer: op)
  }

  private mutating func waitForReaders(of tile: TileID, _ op: OpID) {
    var reader = uses[tile.index].readers
    while reader != Self.none {
      wait(op, for: readers[Int(reader)].op)
      reader = readers[Int(reader)].next
    }
  }

  /// `op` waits until `before` has finished.
  mutating func wait(_ op: OpID, for before: OpID) {
    guard before != .none, before != op else { return }
    nodes[op.index].waits += 1
    successors.append(Link(op: op, next: nodes[before.index].firstSuccessor))
    nodes[before.index].firstSuccessor = Int32(successors.count - 1)
  }

  /// The ops that wait for `op`.
  func followers(of op: Int) -> [OpID] {
    var followers: [OpID] = []
    var link = nodes[op].firstSuccessor
    while link != Self.none {
      followers.append(successors[Int(link)].op)
      link = successors[Int(link)].next
    }
    return followers
  }

  /// The dependencies for processor sharing, where an op of arithmetic waits for the one before it
  /// in its stream: without housekeeping ops, and without dependencies that follow from others.
  func reduced() -> Dependencies {
    var rest = Dependencies()
    rest.nodes.reserveCapacity(nodes.count)
    rest.successors.reserveCapacity(successors.count)
    var place = Array(repeating: OpID.none, count: nodes.count)
    for (op, node) in nodes.enumerated() where node.stream != .none {
      place[op] = OpID(rest.nodes.count)
      rest.addOp(in: node.stream, cost: node.cost)
    }
    // Ops are visited from last to first: the lists of an op's followers are complete by then. If
    // an op waits for several ops of one stream, the last of them is visited first and is enough.
    var lists = Array(repeating: Self.none, count: nodes.count)
    var awaited = Array(repeating: UInt64(0), count: rest.nodes.count)
    for op in nodes.indices.reversed() {
      let stream = nodes[op].stream
      var link = nodes[op].firstSuccessor
      while link != Self.none {
        let follower = successors[Int(link)].op.index
        link = successors[Int(link)].next
        guard place[follower] == .none else {
          rest.append(place[follower], to: &lists[op], of: stream, &awaited)
          continue
        }
        var other = lists[follower]
        while other != Self.none {
          rest.append(rest.successors[Int(other)].op, to: &lists[op], of: stream, &awaited)
          other = rest.successors[Int(other)].next
        }
      }
      if stream != .none { rest.nodes[place[op].index].firstSuccessor = lists[op] }
    }
    return rest
  }

  /// Adds `follower` to the followers of an op of `stream`, unless that dependency follows from
  /// others.
  private mutating func append(
    _ follower: OpID, to list: inout Int32, of stream: Stream, _ awaited: inout [UInt64]
  ) {
    if stream.isArithmetic {
      let isAwaited = awaited[follower.index] >> UInt64(stream.index) & 1 == 1
      if nodes[follower.index].stream == stream || isAwaited { return }
      awaited[follower.index] |= 1 << UInt64(stream.index)
    }
    successors.append(Link(op: follower, next: list))
    list = Int32(successors.count - 1)
    if stream != .none { nodes[follower.index].waits += 1 }
  }
}
