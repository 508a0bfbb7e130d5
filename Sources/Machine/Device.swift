// A GPU as numbers: a clock, processors, units, memories. Everything that decides how long an op
// takes is here, and nothing else is; `Devices/*.yaml` holds the figures with their sources.

/// What an op can reserve. HBM and L2 are shared by all SMs; the others belong to one SM.
public enum Unit: Int, Sendable, CaseIterable {
  case tensor, fp32, sfu, shared, copy, l2, hbm

  /// The name used in reports.
  public var name: String {
    switch self {
    case .tensor: "tensor"
    case .fp32: "fp32"
    case .sfu: "sfu"
    case .shared: "shared"
    case .copy: "copy"
    case .l2: "l2"
    case .hbm: "hbm"
    }
  }

  /// True for a unit that serves every SM.
  public var isSharedBySMs: Bool { self == .l2 || self == .hbm }

  static let sharedBySMs = allCases.filter(\.isSharedBySMs)
}

/// How fast a unit works and how long one result takes to come out of it.
public struct Rate: Sendable, Equatable {
  /// Work per cycle: FLOPs (tensor), operations (fp32, sfu) or bytes (shared, copy, l2, hbm).
  public var perCycle: Double
  /// Cycles from the end of the occupation to the arrival of the result.
  public var latency: Int

  public init(perCycle: Double, latency: Int) {
    self.perCycle = perCycle
    self.latency = latency
  }
}

/// How a unit serves several blocks that want it at once.
public enum Service: String, Sendable, CaseIterable {
  /// One whole op after the other, first come, first served: what a human can follow.
  case whole
  /// All at once, each the slower for it, averaged over how far the blocks are out of step: what
  /// the interleaved instructions of real warps come to.
  case fair
}

/// Products that run beside what the warps do next.
public struct AsynchronousProducts: Sendable, Equatable {
  public var latency: Int
  /// What kernels with synchronous products reach of the achieved rate.
  public var synchronousShare: Double

  public init(latency: Int, synchronousShare: Double) {
    self.latency = latency
    self.synchronousShare = synchronousShare
  }
}

/// A GPU model.
public struct Device: Sendable, Equatable {
  public var name: String
  public var title: String
  /// One sentence for `list devices`: what it is for, or what is unverified.
  public var note: String
  public var clockMHz: Double
  public var smCount: Int
  /// Shared memory of one SM, bytes.
  public var sharedBytes: Int
  /// Largest part of it that one block may own, bytes.
  public var sharedBytesPerBlock: Int
  /// Register file of one SM, bytes; 0 where computed tiles live in the same pool as loaded ones.
  public var registerBytes: Int
  /// Shared memory that the system keeps of every block on an SM, bytes.
  public var reservedSharedBytesPerBlock = 0
  /// What a block's shared memory, and a warp's registers, are given away in multiples of, bytes.
  public var sharedAllocationBytes = 1
  public var registerAllocationBytes = 1
  public var maxBlocksPerSM: Int
  /// Warps of 32 threads that an SM can hold; 0 where they are not counted.
  public var maxWarpsPerSM = 0
  public var service = Service.whole
  /// FLOPs per cycle of one SM's tensor cores for each format they take. Formats that are missing
  /// are multiplied on the FP32 lanes, two FLOPs per lane and cycle.
  public var tensorFlops: [DataType: Double]
  /// Share of those that the best dense product is measured to reach; 1 where it is missing.
  public var tensorAchieved: [DataType: Double] = [:]
  /// Where the device has asynchronous products (`wgmma`): their latency in cycles, and the share of
  /// the achieved rate that is left to kernels that do without (`mma.sync`).
  public var asynchronousProducts: AsynchronousProducts?
  public var rates: [Unit: Rate]
  /// Cycles of a barrier among the warps of a block: a part for itself and a part per warp.
  public var barrierCycles = 0
  public var barrierCyclesPerWarp = 0
  /// Cycles from a store to shared memory until it can be read.
  public var sharedStoreCycles = 0
  /// Cycles until a value of a neighbouring thread is there (`shfl.sync`).
  public var shuffleCycles = 0
  /// Share of the achieved HBM bandwidth that a framework's element-wise kernels reach.
  public var elementwiseShare = 1.0
  /// HBM and L2 capacity, bytes. `l2Bytes` is 0 where there is no L2.
  public var hbmBytes: Int
  public var l2Bytes: Int
  /// Cycles between the end of one launch and the first block of the next.
  public var launchCycles: Int
  /// Tile edge used when the command names none.
  public var defaultTile: Int

  public init(
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
  public var sramBytes: Int { sharedBytes + registerBytes }

  /// Seconds that `cycles` take at the device's clock.
  public func seconds(_ cycles: Int) -> Double { Double(cycles) / (clockMHz * 1e6) }

  /// Which unit does an op's product, and at how many FLOPs per cycle.
  public func multiplier(for work: Work) -> (unit: Unit, perCycle: Double) {
    work.multipliesOnLanes ? lanes : multiplier(for: work.type)
  }

  /// Which unit multiplies tiles of `type`, and at how many FLOPs per cycle.
  /// - Parameters:
  ///   - type: operand format.
  ///   - reachesFullRate: products are of the kind that the device is fastest at.
  public func multiplier(
    for type: DataType, reachesFullRate: Bool = true
  ) -> (unit: Unit, perCycle: Double) {
    guard let flops = tensorFlops[type] else { return lanes }
    let achieved = tensorAchieved[type] ?? 1
    let share = reachesFullRate ? 1 : asynchronousProducts?.synchronousShare ?? 1
    return (.tensor, flops * achieved * share)
  }

  /// Whether an op with this work occupies `unit`.
  public func uses(_ unit: Unit, for work: Work) -> Bool {
    let multiplies = work.matmul > 0 && multiplier(for: work).unit == unit
    return switch unit {
    case .tensor: multiplies
    case .fp32: multiplies || work.instructions > 0
    case .sfu: work.exponential > 0
    case .shared, .copy, .l2, .hbm: work.movedBytes > 0
    }
  }

  /// The FP32 lanes as a multiplier: two FLOPs per lane and cycle.
  var lanes: (unit: Unit, perCycle: Double) {
    (.fp32, 2 * (rates[.fp32]?.perCycle ?? 1))
  }
}
