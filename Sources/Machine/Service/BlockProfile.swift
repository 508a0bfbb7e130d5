// A block profile: all that the schedule needs to know about a thread block. Blocks that differ
// only in the regions that they touch share one.

/// The ops of a block with their demand, and what the block needs of an SM as a whole.
final class BlockProfile: Sendable {
  /// The block itself; nil in a timing-only run.
  let block: Block?
  let ops: TimedOps
  let footprint: Footprint
  let totals: BlockTotals
  /// Its demand as a whole, from which the slowdown of co-resident blocks follows.
  let load: BlockDemand
  /// Cycles that it takes beside no other, under processor sharing.
  let aloneCycles: Int
  var aloneTicks: Double { Double(aloneCycles * Tick.perCycle) }

  private init(
    block: Block?, ops: TimedOps, footprint: Footprint, totals: BlockTotals, load: BlockDemand,
    aloneCycles: Int
  ) {
    self.block = block
    self.ops = ops
    self.footprint = footprint
    self.totals = totals
    self.load = load
    self.aloneCycles = aloneCycles
  }

  /// The profile of `block`. For processor sharing the block is simulated alone, to find how long
  /// it takes.
  /// - Parameters:
  ///   - shares: per tensor, the share of its traffic that crosses the HBM bus.
  ///   - busySMs: SMs that share the memories.
  ///   - keepsBlock: true for a recording, which needs the ops themselves.
  static func measure(
    _ block: Block, _ units: Units, _ shares: [L2.MissRates], footprint: Footprint, busySMs: Int,
    keepsBlock: Bool
  ) -> BlockProfile {
    let demands = block.costs.map { units.demand(of: $0, shares) }
    let order = keepsBlock ? block.dependencies : block.dependencies.reduced()
    let ops = TimedOps(
      nodes: order.nodes, successors: order.successors, heads: order.heads, demands: demands)
    let isShared = units.device.queueDiscipline == .processorSharing
    let load = BlockDemand(block, ops)
    let alone = Slowdown(repeating: 1)
    let cycles =
      isShared
      ? ResidentBlock.cycles(
        of: ops, beside: Array(repeating: alone, count: ops.parties),
        inStep: load.inStep(transfers: alone, groups: alone), busySMs: busySMs)
      : 0
    return BlockProfile(
      block: keepsBlock ? block : nil, ops: ops, footprint: footprint,
      totals: BlockTotals(block, demands, shares),
      load: load, aloneCycles: max(1, cycles))
  }
}
