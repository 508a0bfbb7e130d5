// Which unit an op keeps longest, and how long its result takes after that.

/// What ops occupy, looked up once for each kind of work.
struct OccupationTable {
  /// The unit that an op keeps longest, and the latency of its result; nil for a transfer.
  typealias Occupation = (kind: CycleKind, latency: Int)

  private let device: Device
  /// A loop needs few kinds of work.
  private var known: [(cost: OpCost, occupation: Occupation)] = []

  init(_ device: Device) { self.device = device }

  mutating func occupation(of cost: OpCost) -> Occupation {
    for entry in known where entry.cost == cost { return entry.occupation }
    let units = [Unit.tensor, .fp32, .sfu].filter { device.uses($0, for: cost) }
    let longest = units.max { cycles(cost, on: $0) < cycles(cost, on: $1) }
    let kind: CycleKind =
      switch longest {
      case .tensor: .tensor
      case .sfu: .sfu
      case .some: .fp32
      // What only passes through shared memory, or waits for other warps.
      case nil: .onChip
      }
    let latency = units.map { device.rates[$0]?.latency ?? 0 }.max() ?? 0
    let occupation: Occupation = (kind, cost.latency + (cost.unitLatency ?? latency))
    known.append((cost, occupation))
    return occupation
  }

  private func cycles(_ cost: OpCost, on unit: Unit) -> Double {
    let rate = device.rates[unit]?.perCycle ?? 1
    let multiplier = device.multiplier(for: cost)
    let product = multiplier.unit == unit ? Double(cost.matmul) / multiplier.perCycle : 0
    return switch unit {
    case .tensor: product + Double(cost.heldCycles)
    case .fp32: product + Double(cost.instructions) / rate
    default: Double(cost.exponential) / rate
    }
  }
}
