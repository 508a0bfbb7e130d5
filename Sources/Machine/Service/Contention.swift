// Contention of thread blocks under processor sharing. A unit that others use for a part ρ of the time takes
// 1/(1 − ρ) times as long for an op as alone (processor sharing, averaged over how the others are timed). The more
// slowly all go, the less of the time each uses: there is one residency at which both agree. Warp groups that a role keeps
// apart do not meet, unless some unit is busy all the time.

/// A block among others.
struct Contention {
  private let block: BlockProfile
  private let neighbours: Neighbours
  /// The load of each party of the block if it takes no longer than alone.
  private let loads: [Slowdown]
  /// The load of all parties of the block.
  private let ownLoad: Slowdown
  /// The load of all parties and of all others together, those of other SMs on the HBM bus included.
  private let all: Slowdown

  /// - Parameters:
  ///   - count: blocks on its SM, itself included.
  ///   - other: the load of one of the others, on average over the launch.
  init(_ block: BlockProfile, among count: Int, _ neighbours: Neighbours, other: Slowdown) {
    (self.block, self.neighbours) = (block, neighbours)
    loads = block.load.loads(in: block.aloneTicks, busySMs: neighbours.busySMs)
    var others = Slowdown(repeating: Double(count - 1))
    others[Unit.hbm.rawValue] = Double(max(count, neighbours.blocks) - 1)
    others[Unit.l2.rawValue] *= Double(neighbours.busySMs)
    ownLoad = loads.reduce(Slowdown(), +)
    all = ownLoad + other * others
  }

  /// What the others make of the block. How many times as long as alone it takes, and they with it, is never less than
  /// what the busiest unit needs. From there on the time that a stretch implies falls as it grows, so one implies itself.
  func coResidency() -> CoResidency {
    guard block.load.keepsGroupsApart else { return settled(meeting: 1) }
    let least = max(all.max(), Self.least)
    let apart = settled(meeting: 0)
    guard stretch(apart) < least else { return apart }
    // A unit is always busy: each op waits for those of the other groups until the time is filled.
    var (low, high) = (0.0, 1.0)
    var result = coResidency(stretch: least, meeting: 1)
    for _ in 0..<Self.halvings where stretch(result) > least * (1 + Self.settled) {
      let middle = (low + high) / 2
      let tried = coResidency(stretch: least, meeting: middle)
      if stretch(tried) < least { low = middle } else { (high, result) = (middle, tried) }
    }
    return result
  }

  /// The residency that implies itself.
  /// - Parameter meeting: the share of its ops for which a warp group meets the other groups of its block.
  private func settled(meeting: Double) -> CoResidency {
    let least = max(all.max(), Self.least)
    func coResidency(stretch: Double) -> CoResidency {
      self.coResidency(stretch: stretch, meeting: meeting)
    }
    var low = (stretch: least, result: coResidency(stretch: least))
    var above = stretch(low.result) - low.stretch
    guard above > 0 else { return low.result }
    var high = stretch(low.result)
    var below = stretch(coResidency(stretch: high)) - high
    // The secant method on an interval (Illinois): the end that stays counts half the next time.
    for _ in 0..<Self.rounds where high - low.stretch > Self.apart * low.stretch {
      let middle = low.stretch + (high - low.stretch) * above / (above - below)
      let result = coResidency(stretch: middle)
      let difference = stretch(result) - middle
      if difference > 0 {
        (low, above, below) = ((middle, result), difference, below / 2)
      } else {
        (high, below, above) = (middle, difference, above / 2)
      }
      if abs(difference) < Self.settled * middle { return result }
    }
    return low.result
  }

  /// The stretch that a result implies.
  private func stretch(_ result: CoResidency) -> Double {
    result.cycles / Double(block.aloneCycles)
  }

  /// The effect if the loads are those of blocks that take `stretch` times as long as alone.
  private func coResidency(stretch: Double, meeting: Double) -> CoResidency {
    let slowdowns = loads.map { own in
      slowdown(beside: (all - own - (1 - meeting) * (ownLoad - own)) / stretch)
    }
    var transfers = slowdowns[0]
    transfers[Unit.hbm.rawValue] = Double(neighbours.blocks)
    let inStep = block.load.inStep(
      transfers: transfers, groups: slowdown(beside: (all - ownLoad) / stretch))
    let cycles = ResidentBlock.cycles(
      of: block.ops, beside: slowdowns, inStep: inStep, busySMs: neighbours.busySMs)
    return CoResidency(slowdowns: slowdowns, inStep: inStep, cycles: Double(max(1, cycles)))
  }

  private func slowdown(beside others: Slowdown) -> Slowdown {
    let free = Slowdown(repeating: 1) - others
    return 1 / free.replacing(with: Self.leastFree, where: free .< Self.leastFree)
  }

  /// Where no unit is used.
  private static let least = 1e-3
  /// The least share of a unit that a party gets.
  private static let leastFree = Slowdown(repeating: 1e-6)
  private static let rounds = 60
  /// The distance below which an interval is a point: near full load a little more stretch makes the others leave much
  /// more of a unit free.
  private static let apart = 1e-7
  private static let halvings = 14
  /// The difference below which both sides count as equal.
  private static let settled = 1e-4
}
