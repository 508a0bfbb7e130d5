// What a cycle of an SM goes to: one unit's work, one reason to wait, or nobody. Every cycle of every
// SM is exactly one of these, so that they add up to SMs × cycles.

/// What an SM's time is spent on. Where several hold at once the first one named counts: an SM whose
/// tensor cores work is not said to wait, whatever else it waits for.
public enum Spending: Int, Sendable, CaseIterable {
  /// Matrix products on the tensor cores.
  case tensor
  /// Operations (and products without tensor cores) on the FP32 lanes.
  case fp32
  /// Exponentials.
  case sfu
  /// No unit works: a result of this SM's own units is on its way (latency, a barrier).
  case onChip
  /// No unit works: data is on its way from HBM or L2, or waits its turn for the bus.
  case load
  /// No unit works: data is on its way to HBM.
  case store
  /// The SM has no block: the ragged tail of a launch.
  case empty
  /// No launch runs: the host starts the next one.
  case launch

  /// A unit is at work.
  public var isWork: Bool { rawValue <= Spending.sfu.rawValue }
  /// The SM has a block.
  public var isBusy: Bool { rawValue < Spending.empty.rawValue }
}

/// SM-cycles by what they were spent on.
public struct SpentCycles: Sendable, Equatable {
  private var counts = SIMD8<Int>()

  public init() {}

  public subscript(spending: Spending) -> Int {
    get { counts[spending.rawValue] }
    set { counts[spending.rawValue] = newValue }
  }

  /// SMs × cycles.
  public var all: Int { counts.wrappedSum() }
  /// Those in which the SM had a block.
  public var busy: Int { all - self[.empty] - self[.launch] }

  public static func + (a: Self, b: Self) -> Self {
    var sum = a
    sum.counts &+= b.counts
    return sum
  }

  public static func - (a: Self, b: Self) -> Self {
    var difference = a
    difference.counts &-= b.counts
    return difference
  }
}

/// What ops occupy, looked up once for each kind of work.
struct Occupations {
  /// The unit that an op keeps longest, and the latency of its result; nil for a transfer.
  typealias Occupation = (spending: Spending, latency: Int)

  private let device: Device
  /// A loop needs few kinds of work.
  private var known: [(work: Work, occupation: Occupation)] = []

  init(_ device: Device) { self.device = device }

  mutating func occupation(of work: Work) -> Occupation {
    for entry in known where entry.work == work { return entry.occupation }
    let units = [Unit.tensor, .fp32, .sfu].filter { device.uses($0, for: work) }
    let longest = units.max { cycles(work, on: $0) < cycles(work, on: $1) }
    let spending: Spending =
      switch longest {
      case .tensor: .tensor
      case .sfu: .sfu
      case .some: .fp32
      // What only passes through shared memory, or waits for other warps.
      case nil: .onChip
      }
    let latency = units.map { device.rates[$0]?.latency ?? 0 }.max() ?? 0
    let occupation: Occupation = (spending, work.latency + (work.unitLatency ?? latency))
    known.append((work, occupation))
    return occupation
  }

  private func cycles(_ work: Work, on unit: Unit) -> Double {
    let rate = device.rates[unit]?.perCycle ?? 1
    let multiplier = device.multiplier(for: work)
    let product = multiplier.unit == unit ? Double(work.matmul) / multiplier.perCycle : 0
    return switch unit {
    case .tensor: product + Double(work.heldCycles)
    case .fp32: product + Double(work.instructions) / rate
    default: Double(work.exponential) / rate
    }
  }
}
