// The blocks of a launch that wait for an SM, as block profiles. Before the first is dispatched,
// the traffic of the launch is added up, to find what L2 will serve.

/// The waiting blocks of a launch, in the order of dispatch.
struct BlockQueue {
  private struct ProfileKey: Hashable {
    let number: Int
    let follows: Bool
  }

  private let program: Program
  private let launch: Launch
  private let device: Device
  private let detail: Detail
  private var units: Units
  /// Per tensor: the share of its traffic that crosses the HBM bus.
  private var shares: [L2.MissRates]
  /// By the number that the launch gives to a profile, and whether the block follows another on its SM.
  private var profiles: [ProfileKey: BlockProfile] = [:]
  /// The work of the launch; known once it has been surveyed.
  private var work = Work()
  /// Index of the next block in its launch.
  private var index = 0
  /// The profile of the next block; nil when an SM was chosen for all.
  private(set) var next: BlockProfile?
  /// How many of the next blocks have that profile.
  private(set) var run = 0
  /// Blocks like the first that an SM holds at one time.
  private(set) var blocksPerSM = 0

  init(
    _ program: Program, _ launch: Launch, _ device: Device, _ detail: Detail, _ units: Units
  ) {
    self.program = program
    self.launch = launch
    self.device = device
    self.detail = detail
    self.units = units
    shares = program.tensors.map { _ in L2.MissRates() }
  }

  /// Finds what L2 will serve of the launch, and the profile of the first block.
  /// - Throws: `DoesNotFit`.
  mutating func open(_ l2: inout L2) throws(DoesNotFit) {
    guard launch.blocks > 0 else { return }
    let footprint = launch.footprint ?? block(0).footprint(on: device)
    try device.require(footprint, for: launch)
    blocksPerSM = Machine.blocksPerSM(footprint, on: device)
    let startingTogether =
      launch.starts == .unfelt ? 0 : min(launch.blocks, blocksPerSM * device.smCount)
    func setUnits(speed: Double) {
      units = Units(
        device: device, multiplying: program.type, for: launch, startingTogether: startingTogether,
        speed: speed)
    }
    setUnits(speed: 1)
    let sustained = device.sustainedMHz[program.type]
    // Only devices with an L2 or a clock that falls need to look at all blocks beforehand.
    let recorded = device.l2Bytes > 0 || sustained != nil ? recordedBlocks() : []
    if device.l2Bytes > 0 {
      shares = l2.shares(
        of: uses(recorded), blocks: launch.blocks, inFlight: blocksPerSM * device.smCount)
    }
    if let sustained {
      setUnits(speed: 1 - (1 - sustained / device.clockMHz) * power(of: recorded))
    }
    try findNext()
  }

  /// The part of its time alone for which a block uses each unit, on average over the launch. It also adds up the work
  /// of the launch.
  /// - Throws: `DoesNotFit` if a block needs more than an SM has.
  mutating func survey() throws(DoesNotFit) -> Slowdown {
    var (busy, alone) = (Slowdown(), 0.0)
    for (first, blocks) in launch.distinctBlocks() {
      let profile = try profile(of: first)
      busy += Slowdown(profile.totals.busyTicks) * Double(blocks)
      alone += profile.aloneTicks * Double(blocks)
      work.add(profile.totals, times: blocks)
    }
    return busy / max(1, alone)
  }

  /// The work of the next block, as a share of that of the launch.
  var nextWork: Double { next.map { work.share(of: $0.totals) } ?? 0 }

  /// The power of the launch, as a share of what the best large product draws; the clock falls in proportion. It is the
  /// time of the tensor cores as a share of that of the busiest unit, times the share of the chip that the launch's
  /// waves fill. To the energy of the products comes that of all other instructions of a launch with products. But no
  /// launch makes the clock fall lower than the best product does: FlashAttention-4 has 1605 TFLOP/s on a B200 (arXiv
  /// 2603.05451) with its tensor cores busy for 87.7 % of the time (flash-attention issue 2701), which is that clock.
  private func power(of recorded: [RecordedBlock]) -> Double {
    var busy = Ticks()
    var (instructions, multiplied) = (0.0, 0.0)
    for (block, count) in recorded {
      let totals = totals(of: block)
      busy &+= totals.busyTicks &* Ticks(repeating: count)
      let integers = Double(totals.integerInstructions)
      let fp32 = Double(totals.instructions) - integers
      instructions += (integers + fp32 / (launch.pairsNumbers ? 2 : 1)) * Double(count)
      multiplied += Double(totals.multiplied) * Double(count)
    }
    guard multiplied > 0 else { return 0 }
    let others = instructions * Self.instructionEnergy / multiplied
    busy[Unit.hbm.rawValue] &*= device.smCount
    busy[Unit.l2.rawValue] &*= device.smCount
    let slots = max(1, blocksPerSM * device.smCount)
    let filled = Double(launch.blocks) / Double(tileCount(launch.blocks, slots) * slots)
    return min(
      1, filled * (1 + others) * Double(busy[Unit.tensor.rawValue]) / Double(max(1, busy.max())))
  }

  /// The energy of an instruction of one thread in FLOPs of a product: fetch, decode and operands take about 30 pJ, and
  /// a tensor-core instruction of 128 FLOPs takes 110 (W. Dally, Hot Chips 2023, secondary). Only the ratio counts.
  private static let instructionEnergy = 30.0 * 128 / 110

  /// Cycles for which a place stays empty between two blocks.
  var turnoverCycles: Int { launch.starts == .felt ? device.turnoverCycles : 0 }

  /// Number of blocks for which no SM has been chosen.
  var left: Int { launch.blocks - index }

  /// Removes `count` blocks that have been dispatched.
  /// - Throws: `DoesNotFit` if the next block needs more than an SM has.
  mutating func advance(by count: Int) throws(DoesNotFit) {
    index += count
    run -= count
    if run == 0 { try findNext() }
  }

  /// Finds the profile of the next block, and how many blocks in a row have it.
  private mutating func findNext() throws(DoesNotFit) {
    guard index < launch.blocks else {
      next = nil
      return
    }
    next = try profile(of: index)
    run = 1
    guard detail != .events, let profile = launch.profile else { return }
    while index + run < launch.blocks, profile(index + run) == profile(index),
      follows(index + run) == follows(index)
    { run += 1 }
  }

  /// Whether a block goes on where another has ended, with its first loads under way.
  private func follows(_ index: Int) -> Bool {
    launch.starts == .persistent && index >= blocksPerSM * device.smCount
  }

  private mutating func profile(of index: Int) throws(DoesNotFit) -> BlockProfile {
    let follows = follows(index)
    let key =
      detail == .events
      ? nil : launch.profile.map { ProfileKey(number: $0(index), follows: follows) }
    if let key, let profile = profiles[key] { return profile }
    var units = units
    units.isFollowing = follows
    let block = block(index)
    let footprint = launch.footprint ?? block.footprint(on: device)
    try device.require(footprint, for: launch)
    let profile = BlockProfile.measure(
      block, units, shares, footprint: footprint, busySMs: units.busySMs,
      keepsBlock: detail == .events)
    if let key { profiles[key] = profile }
    return profile
  }

  private func block(_ index: Int) -> Block {
    program.block(
      index, of: launch, samplesLoops: detail == .sampled,
      keepsOps: detail == .events || launch.profile == nil)
  }

  // MARK: All blocks beforehand

  /// A block, and how many of the launch are like it.
  private typealias RecordedBlock = (block: Block, count: Int)

  /// One block of each profile; all blocks of a launch without profiles.
  private func recordedBlocks() -> [RecordedBlock] {
    let samplesLoops = detail != .events && launch.profile != nil
    return launch.distinctBlocks().map { first, count in
      (program.block(first, of: launch, samplesLoops: samplesLoops, keepsOps: true), count)
    }
  }

  private func totals(of block: Block) -> BlockTotals {
    BlockTotals(block, block.costs.map { units.demand(of: $0, shares) }, shares)
  }

  /// Per tensor: what all blocks move. With profiles only one block of each is recorded, so the
  /// distinct bytes are not known; they are taken to be the whole tensor, or what is moved if that
  /// is less.
  private func uses(_ recorded: [RecordedBlock]) -> [L2.Traffic] {
    var uses = program.tensors.map { L2.Traffic(planes: $0.planes) }
    var distinct: [Region: Int] = [:]
    var formats = program.tensors.map { _ in 1.0 }
    for (block, blocks) in recorded {
      let totals = totals(of: block)
      for (index, moved) in totals.launched.enumerated() {
        uses[index].loaded += moved.readBytes * blocks
        uses[index].stored += moved.writeBytes * blocks
        // In the format in which it is launched.
        let (bytes, counted) = (moved.bytes, totals.tensors[index].bytes)
        if counted > 0 { formats[index] = max(formats[index], Double(bytes) / Double(counted)) }
      }
      var own: Set<Region> = []
      for op in block.ops {
        guard let region = op.region else { continue }
        let bytes = differentBytes(block.cost(of: op), region)
        uses[region.tensor].tile = max(uses[region.tensor].tile, bytes)
        if !op.operation.isStore, !own.insert(region).inserted {
          uses[region.tensor].isRevisited = true
        }
        if launch.profile == nil { distinct[region] = max(distinct[region] ?? 0, bytes) }
      }
    }
    for (region, bytes) in distinct { uses[region.tensor].distinct += bytes }
    for (index, tensor) in program.tensors.enumerated() where launch.profile != nil {
      uses[index].distinct = min(
        Int(Double(tensor.bytes) * formats[index]), max(uses[index].loaded, uses[index].stored))
    }
    return uses
  }

  /// Bytes of a region in the format in which the transfer moves it, counted once.
  private func differentBytes(_ cost: OpCost, _ region: Region) -> Int {
    let bytes = region.count * program.tensors[region.tensor].type.bytes
    return cost.hbmBytes == 0 ? 0 : cost.movedBytes * bytes / cost.hbmBytes
  }
}
