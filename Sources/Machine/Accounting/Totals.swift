// The figures of a run, summed up while it is scheduled: they need no recording and no values.

/// Everything a report adds up.
package struct Totals: Sendable, Equatable {
  package var cycles = 0
  /// One entry per tensor of the program: as the algorithm counts, and as its released kernel moves.
  package var tensors: [Transfers] = []
  package var launched: [Transfers] = []
  package var matmulFlops = 0
  /// Those of them that repeat a product of the forward pass.
  package var recomputedFlops = 0
  package var elementwiseOps = 0
  package var exponentials = 0
  /// Operations as the FP32 lanes see them: instructions.
  package var instructions = 0
  var busyTicks = Ticks()
  package var launches: [LaunchTotals] = []
  /// Largest SRAM owned by the blocks of one SM, bytes.
  package var sramPeakBytes = 0
  /// Bytes that L2 served or took, and that did not cross the HBM bus.
  package var l2HitBytes = 0
  package var ops = 0

  package var hbm: Transfers { tensors.reduce(Transfers(), +) }

  /// Whole cycles that each unit has been occupied, over all SMs.
  package var busyCycles: [Unit: Int] {
    var cycles: [Unit: Int] = [:]
    for unit in Unit.allCases { cycles[unit] = Tick.cycles(busyTicks[unit.rawValue]) }
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
      extendLaunch(to: launches[launch].start + Tick.cycles(least))
    }
    cycles = launches[launch].finish
  }

  /// The cycles of each launch, from the end of the launch before: a launch's own overhead is among them.
  package var launchExtents: [Range<Int>] {
    var end = 0
    return launches.map { launch in
      defer { end = launch.finish }
      return end..<max(end, launch.finish)
    }
  }
}
