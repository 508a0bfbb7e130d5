// The totals of a run, summed up while it is scheduled: they need no recording and no values.

/// The totals of a run.
package struct Totals: Sendable, Equatable {
  package var cycles = 0
  /// Per tensor of the program: the bytes that the algorithm counts.
  package var tensors: [Transfers] = []
  /// Per tensor of the program: the bytes that a released kernel moves.
  package var launched: [Transfers] = []
  /// FLOPs of matrix products, 2 per multiply-add.
  package var matmulFlops = 0
  /// FLOPs of `matmulFlops` that repeat a product of the forward pass.
  package var recomputedFlops = 0
  /// Operations on the FP32 lanes, as the algorithm counts them.
  package var elementwiseOps = 0
  /// Exponentials, hyperbolic tangents and logarithms on the SFU.
  package var exponentials = 0
  /// Instructions that the FP32 lanes issue for those operations.
  package var instructions = 0
  /// Ticks that each unit has been occupied, over all SMs.
  var busyTicks = Ticks()
  package var launches: [LaunchTotals] = []
  /// Most SRAM in use on one SM at one time, bytes.
  package var sramPeakBytes = 0
  /// Bytes of loads and stores that L2 served, so that they did not cross the HBM bus.
  package var l2HitBytes = 0
  package var ops = 0

  /// The bytes of all tensors together, as the algorithm counts them.
  package var hbm: Transfers { tensors.reduce(Transfers(), +) }

  /// Cycles that each unit has been occupied, over all SMs, rounded up.
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

  /// Moves the end of the current launch to `cycle`, if it is earlier.
  mutating func extendLaunch(to cycle: Int) {
    let launch = launches.count - 1
    launches[launch].finish = max(launches[launch].finish, cycle)
  }

  /// Ends the current launch. It takes at least as long as the demand of all its blocks takes on
  /// the busiest unit, however the blocks are spread.
  mutating func endLaunch(_ device: Device) {
    let launch = launches.count - 1
    for unit in Unit.allCases {
      let ticks = launches[launch].busyTicks[unit.rawValue]
      let least = tileCount(ticks, unit.isSharedBySMs ? 1 : device.smCount)
      extendLaunch(to: launches[launch].start + Tick.cycles(least))
    }
    cycles = launches[launch].finish
  }

  /// The cycles of each launch, from the end of the launch before: launch overhead is included.
  package var launchExtents: [Range<Int>] {
    var end = 0
    return launches.map { launch in
      defer { end = launch.finish }
      return end..<max(end, launch.finish)
    }
  }
}
