// The reservation book: when each unit is free. Time is kept in 1/1024 cycle inside, so that short
// transfers on a fast bus do not each round up to a cycle; what leaves this file is whole cycles.

/// The units of a device: shared ones once, the others once per SM.
struct Units {
  private static let ticksPerCycle = 1024
  private static let perSM = Unit.l2.rawValue
  private let hasL2: Bool
  /// Which unit multiplies, and at how many FLOPs per cycle.
  private let multiplier: (unit: Unit, perCycle: Double)
  private let lanes: (unit: Unit, perCycle: Double)
  private let perCycle: [Double]
  private let latency: [Int]
  private var free: [Int]
  /// Ticks on each unit that the op at hand needs.
  private var needs = [Int](repeating: 0, count: Unit.allCases.count)
  private(set) var busyTicks = [Int](repeating: 0, count: Unit.allCases.count)

  /// - Parameter type: operand format of all products.
  init(device: Device, multiplying type: DataType) {
    hasL2 = device.l2Bytes > 0
    multiplier = device.multiplier(for: type)
    lanes = device.lanes
    perCycle = Unit.allCases.map { device.rates[$0]?.perCycle ?? 0 }
    latency = Unit.allCases.map { device.rates[$0]?.latency ?? 0 }
    free = [Int](repeating: 0, count: Unit.allCases.count * (device.smCount + 1))
  }

  /// Whole cycles that `unit` has been occupied, over all SMs.
  func busyCycles(_ unit: Unit) -> Int {
    tileCount(busyTicks[unit.rawValue], Self.ticksPerCycle)
  }

  /// The cycle at which SM `sm`'s own copy unit can take another transfer. Until then a transfer
  /// must not ask for the bus: it would hold it idle, for a time to come, against all other SMs.
  func copyIsFree(sm: Int) -> Int { free[slot(Unit.copy.rawValue, sm)] / Self.ticksPerCycle }

  /// Reserves what `work` needs on SM `sm`, not before cycle `ready`.
  /// - Returns: the cycle the op starts and the cycle its result is there.
  mutating func reserve(_ work: Work, inL2: Bool, sm: Int, ready: Int) -> (start: Int, finish: Int)
  {
    if work.isNone { return (ready, ready) }
    setNeeds(work, inL2: inL2)
    var begin = ready * Self.ticksPerCycle
    for unit in needs.indices where needs[unit] > 0 {
      begin = max(begin, free[slot(unit, sm)])
    }
    var longest = 0
    var wait = 0
    for unit in needs.indices where needs[unit] > 0 {
      free[slot(unit, sm)] = begin + needs[unit]
      busyTicks[unit] += needs[unit]
      longest = max(longest, needs[unit])
      wait = max(wait, latency[unit])
    }
    return (begin / Self.ticksPerCycle, tileCount(begin + longest, Self.ticksPerCycle) + wait)
  }

  /// The units of an SM lie side by side; those that all SMs share come first.
  private func slot(_ unit: Int, _ sm: Int) -> Int {
    unit < Self.perSM ? (sm + 1) * Unit.allCases.count + unit : unit
  }

  private mutating func setNeeds(_ work: Work, inL2: Bool) {
    var vector = Double(work.elementwise) / perCycle[Unit.fp32.rawValue]
    var tensor = 0.0
    if work.matmul > 0 {
      let multiplier = work.multipliesOnLanes ? lanes : multiplier
      let cycles = Double(work.matmul) / multiplier.perCycle
      if multiplier.unit == .fp32 { vector += cycles } else { tensor = cycles }
    }
    needs[Unit.tensor.rawValue] = ticks(tensor)
    needs[Unit.fp32.rawValue] = ticks(vector)
    needs[Unit.sfu.rawValue] = ticks(work.exponential, on: .sfu)
    needs[Unit.shared.rawValue] = ticks(work.sharedBytes, on: .shared)
    needs[Unit.copy.rawValue] = ticks(work.hbmBytes, on: .copy)
    needs[Unit.l2.rawValue] = hasL2 ? ticks(work.hbmBytes, on: .l2) : 0
    needs[Unit.hbm.rawValue] = inL2 ? 0 : ticks(work.hbmBytes, on: .hbm)
  }

  private func ticks(_ amount: Int, on unit: Unit) -> Int {
    amount == 0 ? 0 : ticks(Double(amount) / perCycle[unit.rawValue])
  }

  /// Rounded up to whole ticks.
  private func ticks(_ cycles: Double) -> Int {
    let exact = cycles * Double(Self.ticksPerCycle)
    let whole = Int(exact)
    return Double(whole) < exact ? whole + 1 : whole
  }
}

extension Work {
  /// True for housekeeping, which takes no time.
  fileprivate var isNone: Bool {
    matmul | elementwise | exponential | hbmBytes | sharedBytes == 0
  }
}
