// What each op of a thread block asks of the units, and which op waits for which.

/// What an op asks of the units of its SM and of the memories.
struct UnitDemand: Sendable {
  enum Kind: Sendable {
    /// Housekeeping: no time at all.
    case nothing
    case compute, transfer
    /// The sample of a loop begins.
    case sampleStart
    /// `iterations` of a loop pass at once, each as long as one of the `sampled` ones was on average; of 0
    /// sampled ones, as before.
    case fastForward(iterations: Int, sampled: Int)
  }

  var kind: Kind
  /// Ticks that it occupies each unit, at the unit's full rate.
  var ticks: Ticks
  /// Cycles from the end of the occupation to the result.
  var latency: Int
  /// L2 serves more of a load than HBM.
  var inL2 = false

  var isFastForward: Bool {
    if case .fastForward = kind { return true }
    return false
  }
}

/// The ops of a block as the schedule sees them.
struct TimedOps: Sendable {
  let nodes: [Dependencies.Node]
  let followers: [Dependencies.Link]
  /// The first op of each stream.
  let heads: [OpID]
  /// One for each different cost in the block.
  let demands: [UnitDemand]

  func demand(of op: OpID) -> UnitDemand { demands[Int(nodes[op.index].cost)] }
}
