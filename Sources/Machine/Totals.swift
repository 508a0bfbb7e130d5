// The figures of a run, summed up while it is scheduled: they need no recording and no values.

/// Bytes between one tensor and the chip.
public struct Transfers: Sendable, Equatable {
  public var readBytes = 0
  public var writeBytes = 0

  public init(readBytes: Int = 0, writeBytes: Int = 0) {
    self.readBytes = readBytes
    self.writeBytes = writeBytes
  }

  public var bytes: Int { readBytes + writeBytes }

  public static func + (a: Transfers, b: Transfers) -> Transfers {
    Transfers(readBytes: a.readBytes + b.readBytes, writeBytes: a.writeBytes + b.writeBytes)
  }
}

/// One launch's share.
public struct LaunchTotals: Sendable, Equatable {
  public var name: String
  public var blocks: Int
  public var start = 0
  public var finish = 0
  public var hbmBytes = 0
  /// Bytes that cross the HBM bus: as the launched kernel moves them, without what L2 served.
  public var busBytes = 0
  public var matmulFlops = 0
  /// Blocks that one SM holds at a time.
  public var blocksPerSM = 0
  /// What its blocks ask of each unit, over all SMs.
  var busyTicks = Ticks()

  /// From the first block's start to the last one's end, launch overhead left out.
  public var cycles: Int { finish - start }
}

/// Everything a report adds up.
public struct Totals: Sendable, Equatable {
  public var cycles = 0
  /// One entry per tensor of the program: as the algorithm counts, and as its released kernel moves.
  public var tensors: [Transfers] = []
  public var launched: [Transfers] = []
  public var matmulFlops = 0
  /// Those of them that repeat a product of the forward pass.
  public var recomputedFlops = 0
  public var elementwiseOps = 0
  public var exponentials = 0
  /// Operations as the FP32 lanes see them: instructions.
  public var instructions = 0
  private var busyTicks = Ticks()
  public var launches: [LaunchTotals] = []
  /// Largest SRAM owned by the blocks of one SM, bytes.
  public var sramPeakBytes = 0
  /// Bytes that L2 served or took, and that did not cross the HBM bus.
  public var l2HitBytes = 0
  public var ops = 0

  public var hbm: Transfers { tensors.reduce(Transfers(), +) }

  /// Whole cycles that each unit has been occupied, over all SMs.
  public var busyCycles: [Unit: Int] {
    var cycles: [Unit: Int] = [:]
    for unit in Unit.allCases { cycles[unit] = Units.cycles(busyTicks[unit.rawValue]) }
    return cycles
  }

  init(tensors count: Int) {
    tensors = Array(repeating: Transfers(), count: count)
    launched = tensors
  }

  mutating func begin(_ launch: Launch, at start: Int, blocksPerSM: Int) {
    launches.append(
      LaunchTotals(
        name: launch.name, blocks: launch.blocks, start: start, finish: start,
        blocksPerSM: blocksPerSM))
  }

  /// Adds `times` blocks that are dealt to SMs which hold `sramBytes` each with them.
  mutating func add(_ tally: Tally, times: Int, sramBytes: Int) {
    ops += times * tally.ops
    matmulFlops += times * tally.work.matmul
    recomputedFlops += times * tally.work.recomputed
    elementwiseOps += times * tally.work.elementwise
    exponentials += times * tally.work.exponential
    instructions += times * tally.instructions
    l2HitBytes += times * (tally.movedBytes - tally.busBytes)
    busyTicks &+= tally.busyTicks &* Ticks(repeating: times)
    sramPeakBytes = max(sramPeakBytes, sramBytes)
    let launch = launches.count - 1
    launches[launch].busyTicks &+= tally.busyTicks &* Ticks(repeating: times)
    launches[launch].busBytes += times * tally.busBytes
    launches[launch].matmulFlops += times * tally.work.matmul
    for index in tensors.indices {
      tensors[index].add(tally.tensors[index], times: times)
      launched[index].add(tally.launched[index], times: times)
      launches[launch].hbmBytes += times * tally.tensors[index].bytes
    }
  }

  mutating func extendLaunch(to cycle: Int) {
    let launch = launches.count - 1
    launches[launch].finish = max(launches[launch].finish, cycle)
  }

  /// However its blocks lie, a launch takes as long as its work takes on the fullest unit.
  mutating func endLaunch(_ device: Device) {
    let launch = launches.count - 1
    for unit in Unit.allCases {
      let ticks = launches[launch].busyTicks[unit.rawValue]
      let least = tileCount(ticks, unit.isSharedBySMs ? 1 : device.smCount)
      extendLaunch(to: launches[launch].start + Units.cycles(least))
    }
    cycles = launches[launch].finish
  }
}

extension Transfers {
  mutating func add(_ other: Transfers, times: Int) {
    readBytes += times * other.readBytes
    writeBytes += times * other.writeBytes
  }
}
