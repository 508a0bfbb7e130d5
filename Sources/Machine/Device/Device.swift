// A GPU as numbers: a clock, processors, units, memories. Everything that decides how long an op
// takes is here, and nothing else is; `Devices/*.yaml` holds the figures with their sources.

/// Products that run beside what the warps do next.
package struct AsynchronousProducts: Sendable, Equatable {
  package var latency: Int
  /// What kernels with synchronous products reach of the achieved rate.
  package var synchronousShare: Double

  package init(latency: Int, synchronousShare: Double) {
    self.latency = latency
    self.synchronousShare = synchronousShare
  }
}

/// A GPU model.
package struct Device: Sendable, Equatable {
  package var name: String
  package var title: String
  /// One sentence for `list devices`: what it is for, or what is unverified.
  package var note: String
  package var clockMHz: Double
  package var smCount: Int
  /// Shared memory of one SM, bytes.
  package var sharedBytes: Int
  /// Largest part of it that one block may own, bytes.
  package var sharedBytesPerBlock: Int
  /// Register file of one SM, bytes; 0 where computed tiles live in the same pool as loaded ones.
  package var registerBytes: Int
  /// Shared memory that the system keeps of every block on an SM, bytes.
  package var reservedSharedBytesPerBlock = 0
  /// What a block's shared memory, and a warp's registers, are given away in multiples of, bytes.
  package var sharedAllocationBytes = 1
  package var registerAllocationBytes = 1
  package var maxBlocksPerSM: Int
  /// Warps of 32 threads that an SM can hold; 0 where they are not counted.
  package var maxWarpsPerSM = 0
  package var queueDiscipline = QueueDiscipline.firstComeFirstServed
  /// FLOPs per cycle of one SM's tensor cores for each format they take. Formats that are missing
  /// are multiplied on the FP32 lanes, two FLOPs per lane and cycle.
  package var tensorFlops: [DataType: Double]
  /// Share of those that the best dense product is measured to reach; 1 where it is missing.
  package var tensorAchieved: [DataType: Double] = [:]
  /// Where the device has asynchronous products (`wgmma`): their latency in cycles, and the share of
  /// the achieved rate that is left to kernels that do without (`mma.sync`).
  package var asynchronousProducts: AsynchronousProducts?
  package var rates: [Unit: Rate]
  /// Cycles of a barrier among the warps of a block: a part for itself and a part per warp.
  package var barrierCycles = 0
  package var barrierCyclesPerWarp = 0
  /// Cycles from a store to shared memory until it can be read.
  package var sharedStoreCycles = 0
  /// Cycles until a value of a neighbouring thread is there (`shfl.sync`).
  package var shuffleCycles = 0
  /// Share of the achieved HBM bandwidth that a framework's element-wise kernels reach.
  package var elementwiseShare = 1.0
  /// HBM and L2 capacity, bytes. `l2Bytes` is 0 where there is no L2.
  package var hbmBytes: Int
  package var l2Bytes: Int
  /// Cycles between the end of one launch and the first block of the next.
  package var launchCycles: Int
  /// Tile edge used when the command names none.
  package var defaultTile: Int

  package init(
    name: String, title: String, note: String, clockMHz: Double, smCount: Int, sharedBytes: Int,
    sharedBytesPerBlock: Int, registerBytes: Int, maxBlocksPerSM: Int,
    tensorFlops: [DataType: Double], rates: [Unit: Rate], hbmBytes: Int, l2Bytes: Int,
    launchCycles: Int, defaultTile: Int
  ) {
    self.name = name
    self.title = title
    self.note = note
    self.clockMHz = clockMHz
    self.smCount = smCount
    self.sharedBytes = sharedBytes
    self.sharedBytesPerBlock = sharedBytesPerBlock
    self.registerBytes = registerBytes
    self.maxBlocksPerSM = maxBlocksPerSM
    self.tensorFlops = tensorFlops
    self.rates = rates
    self.hbmBytes = hbmBytes
    self.l2Bytes = l2Bytes
    self.launchCycles = launchCycles
    self.defaultTile = defaultTile
  }

  /// SRAM of one SM: shared memory and registers, bytes.
  package var sramBytes: Int { sharedBytes + registerBytes }

  /// Seconds that `cycles` take at the device's clock.
  package func seconds(_ cycles: Int) -> Double { Double(cycles) / (clockMHz * 1e6) }

  /// Which unit multiplies tiles of `type`, and at how many FLOPs per cycle.
  /// - Parameters:
  ///   - type: operand format.
  ///   - reachesFullRate: products are of the kind that the device is fastest at.
  package func multiplier(
    for type: DataType, reachesFullRate: Bool = true
  ) -> (unit: Unit, perCycle: Double) {
    guard let flops = tensorFlops[type] else { return lanes }
    let achieved = tensorAchieved[type] ?? 1
    let share = reachesFullRate ? 1 : asynchronousProducts?.synchronousShare ?? 1
    return (.tensor, flops * achieved * share)
  }

  /// The FP32 lanes as a multiplier: two FLOPs per lane and cycle.
  var lanes: (unit: Unit, perCycle: Double) {
    (.fp32, 2 * (rates[.fp32]?.perCycle ?? 1))
  }
}
