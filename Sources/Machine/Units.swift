// How long an op takes: what it needs of each unit, and when the units can give it. Time is kept in
// 1/1024 cycle inside, so that short transfers on a fast bus do not each round up to a cycle.

/// The units of a device. Where they serve whole ops, this is the book of when each is free: shared
/// ones once, the others once per SM. Where they serve fairly, each block has a book of its own, and
/// what others do to it is in its `stretch`.
struct Units {
  static let ticksPerCycle = 1024
  let device: Device
  /// SMs that the launch keeps busy.
  let busySMs: Int
  private let hasL2: Bool
  /// Which unit multiplies, and at how many FLOPs per cycle.
  private let multiplier: (unit: Unit, perCycle: Double)
  private let lanes: (unit: Unit, perCycle: Double)
  private let perCycle: [Double]
  private let latency: [Int]
  private var free: [Ticks]
  private var sharedFree = Ticks()

  /// - Parameters:
  ///   - type: operand format of all products.
  ///   - launch: what it reaches of the tensor cores' and the bus's rates.
  init(device: Device, multiplying type: DataType, for launch: Launch) {
    self.device = device
    busySMs = min(device.smCount, launch.blocks)
    hasL2 = device.l2Bytes > 0
    multiplier = device.multiplier(for: type, reachesFullRate: launch.reachesFullRate)
    lanes = device.lanes
    perCycle = Unit.allCases.map {
      (device.rates[$0]?.perCycle ?? 0) * ($0 == .hbm ? launch.bandwidthShare : 1)
    }
    latency = Unit.allCases.map { device.rates[$0]?.latency ?? 0 }
    free = Array(
      repeating: Ticks(), count: device.service == .whole ? device.smCount : 0)
  }

  // MARK: Whole ops, first come, first served

  /// The cycle at which SM `sm`'s own copy unit can take another transfer. Until then a transfer
  /// must not ask for the bus: it would hold it idle, for a time to come, against all other SMs.
  func copyIsFree(sm: Int) -> Int { free[sm][Unit.copy.rawValue] / Self.ticksPerCycle }

  /// Reserves what an op needs on SM `sm`, not before cycle `ready`.
  /// - Returns: the cycle the op starts and the cycle its result is there.
  mutating func reserve(_ needs: Needs, sm: Int, ready: Int) -> (start: Int, finish: Int) {
    for unit in Unit.sharedBySMs { free[sm][unit.rawValue] = sharedFree[unit.rawValue] }
    let begin = Self.reserve(needs.ticks, &free[sm], ready: ready)
    for unit in Unit.sharedBySMs { sharedFree[unit.rawValue] = free[sm][unit.rawValue] }
    return (begin / Self.ticksPerCycle, Self.cycles(begin + needs.ticks.max()) + needs.latency)
  }

  /// An op begins when all the units that it needs are free, and holds each for its own time.
  /// - Returns: the tick at which it begins.
  static func reserve(_ ticks: Ticks, _ book: inout Ticks, ready: Int) -> Int {
    var begin = ready &* ticksPerCycle
    for lane in 0..<Ticks.scalarCount where ticks[lane] > 0 { begin = max(begin, book[lane]) }
    for lane in 0..<Ticks.scalarCount where ticks[lane] > 0 { book[lane] = begin &+ ticks[lane] }
    return begin
  }

  /// Rounded up.
  static func cycles(_ ticks: Int) -> Int { tileCount(ticks, ticksPerCycle) }

  // MARK: Fair service

  /// What `ticks` come to for a block whose neighbours stretch its ops, while `busy` SMs share the
  /// memories evenly.
  static func stretched(_ ticks: Ticks, by stretch: Stretch, busySMs busy: Int) -> Ticks {
    var result = Ticks()
    for lane in ticks.indices where ticks[lane] > 0 {
      let shared = lane == Unit.l2.rawValue ? Double(busy) : 1
      result[lane] = Int((Double(ticks[lane]) * shared * stretch[lane]).rounded(.up))
    }
    return result
  }

  // MARK: Needs

  /// What one op with this work needs, where `shares` of its tensor's traffic cross the HBM bus.
  func needs(of work: Work, _ shares: [L2.Shares]) -> Needs {
    switch work.fold {
    case .none: break
    case .lap: return Needs(kind: .lap, ticks: Ticks(), latency: 0)
    case .skip(let iterations, let measured):
      return Needs(
        kind: .skip(iterations: iterations, measured: measured), ticks: Ticks(), latency: 0)
    }
    let share = work.tensor < 0 ? L2.Shares() : shares[Int(work.tensor)]
    let busShare = work.isStore ? share.stores : share.loads
    let ticks = ticks(of: work, busShare: busShare)
    guard ticks != Ticks() || work.latency > 0 else {
      return Needs(kind: .nothing, ticks: ticks, latency: 0)
    }
    return Needs(
      kind: work.movedBytes > 0 ? .transfer : .work, ticks: ticks,
      latency: latency(ticks, of: work), inL2: work.movedBytes > 0 && busShare < 0.5)
  }

  private func ticks(of work: Work, busShare: Double) -> Ticks {
    var ticks = Ticks()
    var vector = Double(work.instructions) / perCycle[Unit.fp32.rawValue]
    if work.matmul > 0 {
      let multiplier = work.multipliesOnLanes ? lanes : multiplier
      let cycles = Double(work.matmul) / multiplier.perCycle
      if multiplier.unit == .fp32 {
        vector += cycles
      } else {
        ticks[Unit.tensor.rawValue] = Self.ticks(cycles + Double(work.heldCycles))
      }
    }
    ticks[Unit.fp32.rawValue] = Self.ticks(vector)
    ticks[Unit.sfu.rawValue] = Self.ticks(Double(work.exponential), perCycle[Unit.sfu.rawValue])
    ticks[Unit.shared.rawValue] = Self.ticks(
      Double(work.sharedBytes), perCycle[Unit.shared.rawValue])
    let bytes = Double(work.movedBytes)
    ticks[Unit.copy.rawValue] = Self.ticks(bytes, perCycle[Unit.copy.rawValue])
    if hasL2 {
      ticks[Unit.l2.rawValue] = Self.ticks(
        bytes + Double(work.rereadBytes), perCycle[Unit.l2.rawValue])
    }
    ticks[Unit.hbm.rawValue] = Self.ticks(bytes * busShare, perCycle[Unit.hbm.rawValue])
    if work.isInStep {
      ticks[Unit.copy.rawValue] = max(
        ticks[Unit.copy.rawValue], ticks[Unit.hbm.rawValue] * busySMs)
    }
    return ticks
  }

  /// The longest of the units'; but where service is fair, a store is over when it has been sent.
  private func latency(_ ticks: Ticks, of work: Work) -> Int {
    if work.isStore, device.service == .fair { return work.latency }
    let used = Unit.allCases.filter { ticks[$0.rawValue] > 0 }
    return work.latency + (work.unitLatency ?? used.map { latency[$0.rawValue] }.max() ?? 0)
  }

  private static func ticks(_ amount: Double, _ perCycle: Double) -> Int {
    amount == 0 ? 0 : ticks(amount / perCycle)
  }

  /// Rounded up to whole ticks.
  private static func ticks(_ cycles: Double) -> Int {
    let exact = cycles * Double(ticksPerCycle)
    let whole = Int(exact)
    return Double(whole) < exact ? whole + 1 : whole
  }
}
