// Which op waits for which: a tile is read after it was written, and written again after it was
// read. The arrows between the ops of a block are lists threaded through arrays.

/// The order that tiles and streams impose on the ops of a block.
struct Dependencies: Sendable {
  /// One op: how many others hold it back, and whom it holds back.
  struct Node: Sendable {
    var waits: Int32 = 0
    /// Where its list in `followers` begins.
    var firstFollower = Dependencies.none
    /// The op that comes after it in its stream.
    var nextInStream = Dependencies.none
    /// What it uses up, as an index into the block's `works`.
    var work: Int16
    var stream: Stream
  }

  /// An op in a list, and where the list goes on.
  struct Link: Sendable {
    var op: Int32
    var next: Int32
  }

  /// The op that wrote a tile last, and the list of those that read it since.
  private struct Uses: Sendable {
    var writer = Dependencies.none
    var readers = Dependencies.none
  }

  static let none: Int32 = -1

  private(set) var nodes: [Node] = []
  private(set) var followers: [Link] = []
  /// Per stream: its first op, and the last so far.
  private(set) var heads: [Int32] = []
  private var tails: [Int32] = []
  private var uses: [Uses] = []
  private var readers: [Link] = []

  mutating func reserveCapacity(like other: Dependencies) {
    nodes.reserveCapacity(other.nodes.count)
    followers.reserveCapacity(other.followers.count)
    uses.reserveCapacity(other.uses.count)
    readers.reserveCapacity(other.readers.count)
  }

  mutating func addTile() { uses.append(Uses()) }

  /// A tile that was given back makes room for another.
  mutating func forgetTile(_ tile: Int32) { uses[Int(tile)] = Uses() }

  /// Adds the next op, at the end of its stream.
  mutating func addOp(in stream: Stream, work: Int16) {
    let op = Int32(nodes.count)
    nodes.append(Node(work: work, stream: stream))
    guard stream != .none else { return }
    let index = Int(stream.index)
    while tails.count <= index {
      heads.append(Self.none)
      tails.append(Self.none)
    }
    if tails[index] == Self.none {
      heads[index] = op
    } else {
      nodes[Int(tails[index])].nextInStream = op
    }
    tails[index] = op
  }

  /// `op` reads `tile`.
  mutating func read(_ tile: Int32, by op: Int32) {
    let tile = Int(tile)
    wait(op, for: uses[tile].writer)
    readers.append(Link(op: op, next: uses[tile].readers))
    uses[tile].readers = Int32(readers.count - 1)
  }

  /// `op` gives `tile` back, once everyone who reads it has finished.
  mutating func free(_ tile: Int32, by op: Int32) {
    waitForReaders(of: Int(tile), op)
    read(tile, by: op)
  }

  /// `op` writes `tile`.
  mutating func write(_ tile: Int32, by op: Int32) {
    wait(op, for: uses[Int(tile)].writer)
    waitForReaders(of: Int(tile), op)
    uses[Int(tile)] = Uses(writer: op)
  }

  private mutating func waitForReaders(of tile: Int, _ op: Int32) {
    var reader = uses[tile].readers
    while reader != Self.none {
      wait(op, for: readers[Int(reader)].op)
      reader = readers[Int(reader)].next
    }
  }

  /// `op` starts when `before` has finished.
  mutating func wait(_ op: Int32, for before: Int32) {
    guard before != Self.none, before != op else { return }
    nodes[Int(op)].waits += 1
    followers.append(Link(op: op, next: nodes[Int(before)].firstFollower))
    nodes[Int(before)].firstFollower = Int32(followers.count - 1)
  }

  /// The same without ops that are in no stream: who waited for one waits for what it waited for.
  func withoutHousekeeping() -> Dependencies {
    var rest = Dependencies()
    rest.nodes.reserveCapacity(nodes.count)
    rest.followers.reserveCapacity(followers.count)
    var place = Array(repeating: Self.none, count: nodes.count)
    for (op, node) in nodes.enumerated() where node.stream != .none {
      place[op] = Int32(rest.nodes.count)
      rest.addOp(in: node.stream, work: node.work)
    }
    // Per op that is left out: the list of those who waited for it. The last op comes first, so that
    // the lists of its followers are complete.
    var lists = Array(repeating: Self.none, count: nodes.count)
    for op in nodes.indices.reversed() {
      var list = Self.none
      var link = nodes[op].firstFollower
      while link != Self.none {
        let follower = Int(followers[Int(link)].op)
        if place[follower] != Self.none {
          rest.followers.append(Link(op: place[follower], next: list))
          list = Int32(rest.followers.count - 1)
        } else {
          rest.append(lists[follower], to: &list)
        }
        link = followers[Int(link)].next
      }
      lists[op] = list
      if place[op] != Self.none { rest.hold(list, by: place[op]) }
    }
    return rest
  }

  /// Puts the ops of list `other` in front of `list`.
  private mutating func append(_ other: Int32, to list: inout Int32) {
    var link = other
    while link != Self.none {
      followers.append(Link(op: followers[Int(link)].op, next: list))
      list = Int32(followers.count - 1)
      link = followers[Int(link)].next
    }
  }

  /// All ops of a list wait for `op`.
  private mutating func hold(_ list: Int32, by op: Int32) {
    nodes[Int(op)].firstFollower = list
    var link = list
    while link != Self.none {
      nodes[Int(followers[Int(link)].op)].waits += 1
      link = followers[Int(link)].next
    }
  }
}
