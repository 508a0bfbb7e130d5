// Contention of thread blocks under processor sharing. A unit that others use for a part ρ of the time takes
// 1/(1 − ρ) times as long for an op as alone (processor sharing, averaged over how the others are timed). The more
// slowly all go, the less of the time each uses: there is one residency at which both agree.

/// The blocks of one SM, and what they ask of the units.
struct Residents {
  private let blocks: [BlockProfile]
  private let neighbours: Neighbours
  /// For each block, the loads of its parties if none takes longer than alone.
  private let loads: [[Slowdown]]
  /// The load of all parties together, with those of other SMs on the HBM bus.
  private let all: Slowdown

  /// Other SMs are taken to hold blocks like the average of these.
  init(_ blocks: [BlockProfile], _ neighbours: Neighbours) {
    (self.blocks, self.neighbours) = (blocks, neighbours)
    loads = blocks.map { $0.load.loads(busySMs: neighbours.busySMs) }
    var all = loads.joined().reduce(Slowdown(), +)
    all[Unit.hbm.rawValue] *=
      Double(max(blocks.count, neighbours.blocks)) / Double(max(1, blocks.count))
    self.all = all
  }

  /// The effect on each block.
  func coResidencies() -> [CoResidency] {
    guard !blocks.isEmpty else { return [] }
    return coResidencies(stretch: stretch())
  }

  /// How many times as long as alone the blocks take. It is never less than what the busiest unit needs; from there
  /// on the time that it implies falls as it grows, so there is one value that implies itself.
  private func stretch() -> Double {
    var low = max(all.max(), Self.least)
    let first = implied(by: low)
    guard first > low else { return low }
    var high = first
    var (above, below) = (first - low, implied(by: high) - high)
    // The secant method on an interval (Illinois): the end that stays counts half the next time.
    for _ in 0..<Self.rounds where high - low > Self.settled * low {
      let middle = low + (high - low) * above / (above - below)
      let difference = implied(by: middle) - middle
      if difference > 0 {
        (low, above, below) = (middle, difference, below / 2)
      } else {
        (high, below, above) = (middle, difference, above / 2)
      }
      if abs(difference) < Self.settled * middle { return middle }
    }
    return (low + high) / 2
  }

  /// The average stretch of the blocks if the load of each is that of `stretch`.
  private func implied(by stretch: Double) -> Double {
    let cycles = coResidencies(stretch: stretch).map(\.cycles)
    return zip(cycles, blocks).reduce(0) { $0 + $1.0 / Double(max(1, $1.1.aloneCycles)) }
      / Double(blocks.count)
  }

  private func coResidencies(stretch: Double) -> [CoResidency] {
    // Blocks of one profile are in the same state.
    var known: [ObjectIdentifier: CoResidency] = [:]
    return zip(blocks, loads).map { block, loads in
      if let known = known[ObjectIdentifier(block)] { return known }
      let slowdowns = loads.map { own -> Slowdown in
        let free = Slowdown(repeating: 1) - (all - own) / stretch
        return 1 / free.replacing(with: Self.leastFree, where: free .< Self.leastFree)
      }
      let cycles = ResidentBlock.cycles(
        of: block.ops, beside: slowdowns, busySMs: neighbours.busySMs)
      let result = CoResidency(slowdowns: slowdowns, cycles: Double(max(1, cycles)))
      known[ObjectIdentifier(block)] = result
      return result
    }
  }

  /// Where no unit is used.
  private static let least = 1e-3
  /// The least share of a unit that a party gets.
  private static let leastFree = Slowdown(repeating: 1e-6)
  private static let rounds = 30
  /// The difference below which both sides count as equal.
  private static let settled = 1e-4
}
