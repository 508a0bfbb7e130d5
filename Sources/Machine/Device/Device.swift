// A GPU as numbers: its clock, SMs, units and memories. Together with the cost of an op they decide
// how long the op takes. `Devices/*.yaml` holds the figures with their sources.

/// Matrix products that run while the warps that issued them go on (`wgmma`).
package struct AsynchronousProducts: Sendable, Equatable {
  /// Share of the nominal tensor-core rate that kernels with synchronous products (`mma.sync`) reach.
  package var synchronousShare: Double

  package init(synchronousShare: Double) { self.synchronousShare = synchronousShare }
}

/// A model of one GPU.
package struct Device: Sendable, Equatable {
  package var name: String
  package var title: String
  /// One sentence for `list devices`: what it is for, or what is unverified.
  package var note: String
  package var clockMHz: Double
  /// By operand format: the clock to which power lowers the SMs while all tensor cores are at work. It is not known to
  /// fall for other formats, or is locked.
  package var sustainedMHz: [DataType: Double] = [:]
  package var smCount: Int
  /// Shared memory of one SM, bytes.
  package var sharedBytes: Int
  /// Shared memory that one block may own at most, bytes.
  package var sharedBytesPerBlock: Int
  /// Register file of one SM, bytes; 0 where computed tiles live in the same pool as loaded ones.
  package var registerBytes: Int
  /// Tensor memory of one SM, bytes: accumulators of products lie there and not in registers (Blackwell's TMEM); 0 for
  /// a device without it.
  package var tensorMemoryBytes = 0
  /// Shared memory of an SM that the system reserves for every resident block, bytes.
  package var reservedSharedBytesPerBlock = 0
  /// Allocation unit of a block's shared memory, bytes.
  package var sharedAllocationBytes = 1
  /// Allocation unit of a warp's registers, bytes.
  package var registerAllocationBytes = 1
  package var maxBlocksPerSM: Int
  /// Warps of 32 threads that an SM can hold; 0 where they are not counted.
  package var maxWarpsPerSM = 0
  package var queueDiscipline = QueueDiscipline.firstComeFirstServed
  /// FLOPs per cycle of one SM's tensor cores, for each format that they take. Other formats are
  /// multiplied on the FP32 lanes, at two FLOPs per lane and cycle.
  package var tensorFlops: [DataType: Double]
  /// Share of `tensorFlops` that the best dense product was measured to reach; 1 for a format that
  /// is missing.
  package var tensorAchieved: [DataType: Double] = [:]
  /// Asynchronous products (`wgmma`); nil for a device without them.
  package var asynchronousProducts: AsynchronousProducts?
  package var rates: [Unit: Rate]
  /// Cycles of a barrier among the warps of a block: a constant part.
  package var barrierCycles = 0
  /// Cycles that a barrier takes in addition for each warp of the block.
  package var barrierCyclesPerWarp = 0
  /// Cycles from a store to shared memory until the value can be loaded.
  package var sharedStoreCycles = 0
  /// Cycles from the end of a block to the first op of the next one in its place.
  package var turnoverCycles = 0
  /// Latency of a warp shuffle (`shfl.sync`), cycles.
  package var shuffleCycles = 0
  /// Share of the achieved HBM bandwidth that a framework's element-wise kernels reach.
  package var elementwiseShare = 1.0
  /// Capacity of HBM, bytes.
  package var hbmBytes: Int
  /// Capacity of L2, bytes; 0 for a device without L2.
  package var l2Bytes: Int
  /// Share of it that a launch can count on.
  package var l2EffectiveShare = 1.0
  /// Cycles from the end of one launch to the first block of the next.
  package var launchCycles: Int
  /// Tile edge, in elements, where the user names none.
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

  /// SRAM of one SM: shared memory, registers and tensor memory, bytes.
  package var sramBytes: Int { sharedBytes + registerBytes + tensorMemoryBytes }

  /// The seconds that `cycles` take at the device's clock.
  package func seconds(_ cycles: Int) -> Double { Double(cycles) / (clockMHz * 1e6) }

  /// The unit that multiplies tiles of `type`, and its FLOPs per cycle on one SM.
  /// - Parameters:
  ///   - type: operand format.
  ///   - reachesFullRate: true for products of the kind that the device is fastest at (asynchronous
  ///     ones where it has them).
  package func multiplier(
    for type: DataType, reachesFullRate: Bool = true
  ) -> (unit: Unit, perCycle: Double) {
    guard let flops = tensorFlops[type] else { return lanes }
    if !reachesFullRate, let products = asynchronousProducts {
      return (.tensor, flops * products.synchronousShare)
    }
    return (.tensor, flops * (tensorAchieved[type] ?? 1))
  }

  /// The device with its SM clock locked at `mhz`. The HBM keeps its rate in bytes per second, and launches their
  /// overhead in seconds; the clock does not fall under load.
  package func locked(at mhz: Double) -> Device {
    var device = self
    let ratio = mhz / clockMHz
    device.clockMHz = mhz
    device.sustainedMHz = [:]
    if let hbm = rates[.hbm] {
      device.rates[.hbm] = Rate(
        perCycle: hbm.perCycle / ratio, latency: Int((Double(hbm.latency) * ratio).rounded()))
    }
    device.launchCycles = Int((Double(launchCycles) * ratio).rounded())
    return device
  }

  /// The FP32 lanes of one SM as the unit that multiplies: two FLOPs per lane and cycle.
  var lanes: (unit: Unit, perCycle: Double) {
    (.fp32, 2 * (rates[.fp32]?.perCycle ?? 1))
  }
}
