// What each op of a thread block asks of the units, and which op waits for which.

/// The demand of an op: what it asks of the units of its SM and of the memories.
struct UnitDemand: Sendable {
  enum Kind: Sendable {
    /// Housekeeping, which takes no time.
    case nothing
    case compute, transfer
    /// The start of the sample of a loop.
    case sampleStart
    /// `iterations` of a loop pass at once. Each takes the average time of the `sampled` ones
    /// before; if `sampled` is 0, the average of the fast-forward before is used again.
    case fastForward(iterations: Int, sampled: Int)
  }

  var kind: Kind
  /// Ticks that the op occupies each unit, at the unit's full rate.
  var ticks: Ticks
  /// Cycles from the moment the units are free again to the result.
  var latency: Int
  /// True if L2 serves more of a transfer than HBM.
  var inL2 = false
  /// True for a load that was under way before its block began: it uses the units, and is there at once.
  var isUnderWay = false
  /// True if all warp groups of the block do such an op at the same time, so that each gets an even share of the units;
  /// of a transfer, if all blocks do.
  var isInStep = false
  /// True for a load that must have come before the block asks for the next one.
  var isAwaited = false

  var isFastForward: Bool {
    if case .fastForward = kind { return true }
    return false
  }

  /// Whether it is a mark of sampled simulation, and no op.
  var isMark: Bool {
    if case .sampleStart = kind { return true }
    return isFastForward
  }
}

/// The ops of a block as the schedule sees them: dependencies and demand.
struct TimedOps: Sendable {
  let nodes: [Dependencies.Node]
  let successors: [Dependencies.Link]
  /// The first op of each stream.
  let heads: [OpID]
  /// One for each distinct cost in the block.
  let demands: [UnitDemand]

  /// How many parties its ops belong to; see `Stream.party`.
  var parties: Int {
    heads.indices.reduce(1) { max($0, 1 + Stream(index: Int8($1)).party) }
  }

  func demand(of op: OpID) -> UnitDemand { demands[Int(nodes[op.index].cost)] }
}
