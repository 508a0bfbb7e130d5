// The reservation book: when each unit is free. Time is kept in 1/1024 cycle inside, so that short
// transfers on a fast bus do not each round up to a cycle; what leaves this file is whole cycles.

/// One resident launch's units: shared ones once, the others once per SM.
struct Units {
  private static let ticksPerCycle = 1024
  private let device: Device
  private let perCycle: [Double]
  private let latency: [Int]
  private var free: [Int]
  private(set) var busyTicks = [Int](repeating: 0, count: Unit.allCases.count)

  init(device: Device) {
    self.device = device
    perCycle = Unit.allCases.map { device.rates[$0]?.perCycle ?? 0 }
    latency = Unit.allCases.map { device.rates[$0]?.latency ?? 0 }
    free = [Int](repeating: 0, count: Unit.allCases.count * (device.smCount + 1))
  }

  /// Whole cycles that `unit` has been occupied, over all SMs.
  func busyCycles(_ unit: Unit) -> Int {
    tileCount(busyTicks[unit.rawValue], Self.ticksPerCycle)
  }

  /// Reserves what `work` needs on SM `sm`, not before cycle `ready`.
  /// - Returns: the cycle the op starts and the cycle its result is there.
  mutating func reserve(_ work: Work, inL2: Bool, sm: Int, ready: Int) -> (start: Int, finish: Int) {
    var begin = ready * Self.ticksPerCycle
    var longest = 0
    var wait = 0
    let needs = occupation(of: work, inL2: inL2)
    needs.forEach { unit, _ in begin = max(begin, free[slot(unit, sm)]) }
    needs.forEach { unit, ticks in
      free[slot(unit, sm)] = begin + ticks
      busyTicks[unit.rawValue] += ticks
      longest = max(longest, ticks)
      wait = max(wait, latency[unit.rawValue])
    }
    return (begin / Self.ticksPerCycle, tileCount(begin + longest, Self.ticksPerCycle) + wait)
  }

  private func slot(_ unit: Unit, _ sm: Int) -> Int {
    (unit.isSharedBySMs ? 0 : sm + 1) * Unit.allCases.count + unit.rawValue
  }

  /// Ticks on each unit that `work` needs.
  private func occupation(of work: Work, inL2: Bool) -> Needs {
    var needs = Needs()
    var lanes = Double(work.elementwise) / perCycle[Unit.fp32.rawValue]
    if work.matmul > 0 {
      let multiplier = device.multiplier(for: work)
      let cycles = Double(work.matmul) / multiplier.perCycle
      if multiplier.unit == .fp32 { lanes += cycles } else { needs.add(.tensor, ticks(cycles)) }
    }
    needs.add(.fp32, ticks(lanes))
    needs.add(.sfu, ticks(work.exponential, on: .sfu))
    needs.add(.shared, ticks(work.sharedBytes, on: .shared))
    if work.hbmBytes > 0 {
      needs.add(.copy, ticks(work.hbmBytes, on: .copy))
      if device.l2Bytes > 0 { needs.add(.l2, ticks(work.hbmBytes, on: .l2)) }
      if !inL2 { needs.add(.hbm, ticks(work.hbmBytes, on: .hbm)) }
    }
    return needs
  }

  private func ticks(_ amount: Int, on unit: Unit) -> Int {
    amount == 0 ? 0 : ticks(Double(amount) / perCycle[unit.rawValue])
  }

  private func ticks(_ cycles: Double) -> Int {
    Int((cycles * Double(Self.ticksPerCycle)).rounded(.up))
  }
}

/// The few units of one op, without an allocation.
private struct Needs {
  private var ticks: (Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0)

  mutating func add(_ unit: Unit, _ amount: Int) {
    withUnsafeMutableBytes(of: &ticks) {
      $0.bindMemory(to: Int.self)[unit.rawValue] += amount
    }
  }

  func forEach(_ body: (Unit, Int) -> Void) {
    withUnsafeBytes(of: ticks) { bytes in
      let amounts = bytes.bindMemory(to: Int.self)
      for unit in Unit.allCases where amounts[unit.rawValue] > 0 {
        body(unit, amounts[unit.rawValue])
      }
    }
  }
}
