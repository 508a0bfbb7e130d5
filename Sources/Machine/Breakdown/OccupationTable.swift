// Which unit an op occupies longest, and how long its result takes after that.

/// The occupation of ops, computed once per distinct cost.
struct OccupationTable {
  /// The kind of cycle while the op occupies its longest unit, and cycles from then to its result.
  typealias Occupation = (kind: CycleKind, latency: Int)

  private let device: Device
  /// A list is enough, because a loop has few distinct costs.
  private var known: [(cost: OpCost, occupation: Occupation)] = []

  init(_ device: Device) { self.device = device }

  /// The occupation of an op of this cost that is not a transfer.
  mutating func occupation(of cost: OpCost) -> Occupation {
    for entry in known where entry.cost == cost { return entry.occupation }
    let units = [Unit.tensor, .fp32, .sfu].filter { device.uses($0, for: cost) }
    let longest = units.max { cycles(cost, on: $0) < cycles(cost, on: $1) }
    let kind: CycleKind =
      switch longest {
      case .tensor: .tensor
      case .sfu: .sfu
      case .some: .fp32
      // An op on shared memory alone, or a barrier.
      case nil: .dependencyStall
      }
    let latency = units.map { device.rates[$0]?.latency ?? 0 }.max() ?? 0
    let occupation: Occupation = (kind, cost.latency + (cost.unitLatency ?? latency))
    known.append((cost, occupation))
    return occupation
  }

  /// Cycles that an op of this cost occupies a unit.
  private func cycles(_ cost: OpCost, on unit: Unit) -> Double {
    let rate = device.rates[unit]?.perCycle ?? 1
    let multiplier = device.multiplier(for: cost)
    let product = multiplier.unit == unit ? Double(cost.multiplied) / multiplier.perCycle : 0
    return switch unit {
    case .tensor: product
    case .fp32: device.laneCycles(cost, product: product).longer
    default: Double(cost.special) / rate
    }
  }
}
