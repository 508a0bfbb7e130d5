// How long an op occupies each unit, and when the units are free for it. Times are in ticks.

/// The units of a device during one launch. First come, first served: this holds the tick from
/// which each unit is free, once for units that all SMs share, and once per SM for the others.
/// Processor sharing: each block keeps such ticks itself, and its `Slowdown` says how much longer
/// an op takes beside its co-resident blocks.
struct Units {
  let device: Device
  /// SMs that the launch has blocks for.
  let busySMs: Int
  /// Blocks that start at the same time, as many as there is room for; 0 where starts are not felt.
  private let startingTogether: Int
  /// Whether all blocks of the launch start together. Then each comes to its loads when all others do, as long as it
  /// asks for one at a time: the memories serve SMs in turn, so loads of one size that begin together end together.
  private let allStartTogether: Bool
  /// Whether a block's first loads are under way when it begins.
  var isFollowing = false
  private let hasL2: Bool
  /// The unit that multiplies, and its FLOPs per cycle on one SM.
  private let multiplier: (unit: Unit, perCycle: Double)
  private let lanes: (unit: Unit, perCycle: Double)
  private let perCycle: [Double]
  private let latency: [Int]
  /// The SM clock as a share of the device's. The HBM has a clock of its own.
  private let speed: Double
  private var freeAt: [Ticks]
  private var sharedFreeAt = Ticks()

  /// - Parameters:
  ///   - type: operand format of all products.
  ///   - launch: its shares of the tensor cores' rate and of the bus's.
  ///   - startingTogether: blocks that start at the same time; 0 where starts are not felt.
  ///   - speed: the SM clock during the launch, as a share of the device's.
  init(
    device: Device, multiplying type: DataType, for launch: Launch, startingTogether: Int = 0,
    speed: Double = 1
  ) {
    self.device = device
    self.startingTogether = startingTogether
    allStartTogether = startingTogether >= launch.blocks
    self.speed = speed
    busySMs = min(device.smCount, launch.blocks)
    hasL2 = device.l2Bytes > 0
    multiplier = device.multiplier(for: type, reachesFullRate: launch.reachesFullRate)
    lanes = device.lanes
    perCycle = Unit.allCases.map {
      (device.rates[$0]?.perCycle ?? 0) * ($0 == .hbm ? launch.bandwidthShare : speed)
    }
    latency = Unit.allCases.map { unit in
      let cycles = Double(device.rates[unit]?.latency ?? 0)
      return Int((unit == .hbm ? cycles : cycles / speed).rounded())
    }
    freeAt = Array(
      repeating: Ticks(),
      count: device.queueDiscipline == .firstComeFirstServed ? device.smCount : 0)
  }

  // MARK: First come, first served

  /// The cycle from which SM `sm`'s copy unit can take another transfer. An earlier transfer must
  /// not reserve the bus: the bus would be idle until then, and closed to all other SMs.
  func copyIsFree(sm: Int) -> Int { freeAt[sm][Unit.copy.rawValue] / Tick.perCycle }

  /// Reserves the units that an op needs on SM `sm`, not before cycle `ready`.
  /// - Returns: the cycle at which the op starts, and the cycle of its result.
  mutating func reserve(_ demand: UnitDemand, sm: Int, ready: Int) -> (start: Int, finish: Int) {
    for unit in Unit.sharedBySMs { freeAt[sm][unit.rawValue] = sharedFreeAt[unit.rawValue] }
    let begin = Self.reserve(demand.ticks, &freeAt[sm], ready: ready)
    for unit in Unit.sharedBySMs { sharedFreeAt[unit.rawValue] = freeAt[sm][unit.rawValue] }
    return (begin / Tick.perCycle, Tick.cycles(begin + demand.ticks.max()) + demand.latency)
  }

  /// Reserves the units of an op. The op starts when all of them are free, and occupies each for
  /// that unit's ticks.
  /// - Returns: the tick at which it starts.
  static func reserve(_ ticks: Ticks, _ freeAt: inout Ticks, ready: Int) -> Int {
    var begin = ready &* Tick.perCycle
    for lane in 0..<Ticks.scalarCount where ticks[lane] > 0 { begin = max(begin, freeAt[lane]) }
    for lane in 0..<Ticks.scalarCount where ticks[lane] > 0 { freeAt[lane] = begin &+ ticks[lane] }
    return begin
  }

  // MARK: Processor sharing

  /// Ticks that an op takes on each unit beside co-resident blocks, while `busy` SMs share L2
  /// evenly. For HBM the slowdown accounts for the other SMs.
  static func slowed(_ ticks: Ticks, by slowdown: Slowdown, busySMs busy: Int) -> Ticks {
    var result = Ticks()
    for lane in ticks.indices where ticks[lane] > 0 {
      let shared = lane == Unit.l2.rawValue ? Double(busy) : 1
      result[lane] = Int((Double(ticks[lane]) * shared * slowdown[lane]).rounded(.up))
    }
    return result
  }

  // MARK: Demand

  /// The demand of an op of this cost, where `shares` of its tensor's traffic cross the HBM bus.
  func demand(of cost: OpCost, _ shares: [L2.MissRates]) -> UnitDemand {
    switch cost.mark {
    case .none: break
    case .sampleStart: return UnitDemand(kind: .sampleStart, ticks: Ticks(), latency: 0)
    case .fastForward(let iterations, let sampled):
      return UnitDemand(
        kind: .fastForward(iterations: iterations, sampled: sampled), ticks: Ticks(), latency: 0)
    }
    let share = cost.tensor < 0 ? L2.MissRates() : shares[Int(cost.tensor)]
    let busShare = cost.isStore ? share.stores : share.loads
    let ticks = ticks(of: cost, busShare: busShare)
    guard ticks != Ticks() || cost.latency > 0 else {
      return UnitDemand(kind: .nothing, ticks: ticks, latency: 0)
    }
    return UnitDemand(
      kind: cost.movedBytes > 0 ? .transfer : .compute, ticks: ticks,
      latency: latency(ticks, of: cost), inL2: cost.movedBytes > 0 && busShare < 0.5,
      isUnderWay: cost.isAtStart && isFollowing,
      isInStep: cost.isInStep || cost.isAwaited && allStartTogether, isAwaited: cost.isAwaited)
  }

  private func ticks(of cost: OpCost, busShare: Double) -> Ticks {
    var ticks = Ticks()
    var product = 0.0
    if cost.multiplied > 0 {
      let multiplier = cost.multipliesOnLanes ? lanes : multiplier
      let cycles = Double(cost.multiplied) / multiplier.perCycle
      if multiplier.unit == .fp32 {
        product = cycles
      } else {
        ticks[Unit.tensor.rawValue] = Self.ticks(cycles / speed)
      }
    }
    let laneCycles = device.laneCycles(cost, product: product)
    ticks[Unit.fp32.rawValue] = Self.ticks(laneCycles.fp32 / speed)
    ticks[Unit.alu.rawValue] = Self.ticks(laneCycles.alu / speed)
    ticks[Unit.sfu.rawValue] = Self.ticks(Double(cost.special), perCycle[Unit.sfu.rawValue])
    ticks[Unit.shared.rawValue] = Self.ticks(
      Double(cost.sharedBytes), perCycle[Unit.shared.rawValue])
    let bytes = Double(cost.movedBytes)
    ticks[Unit.copy.rawValue] = Self.ticks(bytes, perCycle[Unit.copy.rawValue])
    if hasL2 {
      ticks[Unit.l2.rawValue] = Self.ticks(
        bytes + Double(cost.rereadBytes), perCycle[Unit.l2.rawValue])
    }
    ticks[Unit.hbm.rawValue] = Self.ticks(bytes * busShare, perCycle[Unit.hbm.rawValue])
    if cost.isSimultaneousOnAllSMs || cost.isAtStart && startingTogether > 0 && !isFollowing {
      let sharers = cost.isAtStart ? max(busySMs, startingTogether) : busySMs
      ticks[Unit.copy.rawValue] = max(
        ticks[Unit.copy.rawValue], ticks[Unit.hbm.rawValue] * sharers)
    }
    return ticks
  }

  /// The longest latency among the units that are used. Under processor sharing a store has none:
  /// it is over when it has been sent.
  private func latency(_ ticks: Ticks, of cost: OpCost) -> Int {
    let own = speed == 1 ? cost.latency : Int((Double(cost.latency) / speed).rounded())
    if cost.isStore, device.queueDiscipline == .processorSharing { return own }
    let used = Unit.allCases.filter { ticks[$0.rawValue] > 0 }
    return own + (cost.unitLatency ?? used.map { latency[$0.rawValue] }.max() ?? 0)
  }

  /// Ticks for `amount` at a rate of `perCycle`, rounded up.
  private static func ticks(_ amount: Double, _ perCycle: Double) -> Int {
    amount == 0 ? 0 : ticks(amount / perCycle)
  }

  /// `cycles` in ticks, rounded up.
  private static func ticks(_ cycles: Double) -> Int {
    let exact = cycles * Double(Tick.perCycle)
    let whole = Int(exact)
    return Double(whole) < exact ? whole + 1 : whole
  }
}
