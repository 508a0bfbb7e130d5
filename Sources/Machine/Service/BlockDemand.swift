// What a thread block asks of the units under processor sharing, and what others there make of it. What meets at
// a unit are parties: the transfers of a block, and each of its warp groups. So the groups of one block meet as the
// blocks of one SM do.

/// Factor by which an op takes longer on each unit because of others; the index of a lane is `Unit.rawValue`.
typealias Slowdown = SIMD8<Double>

/// The effect of all others on one block.
struct CoResidency: Sendable {
  /// One for each party of the block.
  var slowdowns: [Slowdown]
  /// The same for an op that all warp groups of the block do at the same time, or a transfer that all blocks do.
  var inStep: [Slowdown]
  /// Cycles that the block takes with these slowdowns.
  var cycles: Double
}

/// How many blocks share the memories with those of an SM.
struct Neighbours: Sendable, Hashable {
  /// SMs that hold blocks.
  var busySMs: Int
  /// Blocks on all of them.
  var blocks: Int
}

/// What a block asks of the units, party by party.
struct BlockDemand: Sendable {
  /// Ticks of all ops of each party on each unit.
  private let parties: [Slowdown]
  /// How many parties there are beside that of the transfers.
  var groups: Int { max(1, parties.count - 1) }
  /// Whether a role keeps its warp groups apart, by asking for the products of all of them.
  let keepsGroupsApart: Bool

  init(_ block: Block, _ ops: TimedOps) {
    keepsGroupsApart = block.keepsGroupsApart
    let nodes = block.dependencies.nodes
    var times = Array(repeating: 1.0, count: nodes.count)
    for (range, extra) in block.fastForwarded { for op in range { times[op] += Double(extra) } }
    var parties = Array(repeating: Slowdown(), count: ops.parties)
    for (node, times) in zip(nodes, times) where node.stream != .none {
      parties[node.stream.party] += Slowdown(ops.demands[Int(node.cost)].ticks) * times
    }
    self.parties = parties
  }

  /// The slowdowns of what parties do at the same time, one for each: all blocks a transfer, all warp groups an op.
  /// - Parameter groups: that of each warp group beside the other blocks alone.
  func inStep(transfers: Slowdown, groups: Slowdown) -> [Slowdown] {
    [transfers] + Array(repeating: Double(self.groups) * groups, count: self.groups)
  }

  /// The part of `ticks` for which each party uses each unit, while `busySMs` SMs share L2 evenly.
  func loads(in ticks: Double, busySMs: Int) -> [Slowdown] {
    var sharers = Slowdown(repeating: 1)
    sharers[Unit.l2.rawValue] = Double(busySMs)
    return parties.map { $0 * sharers / ticks }
  }
}
