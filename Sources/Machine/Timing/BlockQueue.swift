// The blocks of a launch that wait for an SM, as profiles. Before the first is dispatched, all are looked
// over for what they will read twice.

/// Waiting blocks, in order.
struct BlockQueue {
  private let program: Program
  private let launch: Launch
  private let device: Device
  private let detail: Detail
  private let units: Units
  private var shares: [L2.Shares]
  /// By the number that the launch gives to equal blocks.
  private var profiles: [Int: BlockProfile] = [:]
  private var index = 0
  private(set) var next: BlockProfile?
  /// How many blocks of that profile follow each other.
  private(set) var run = 0
  /// Blocks like the first that one SM holds.
  private(set) var blocksPerSM = 0

  init(
    _ program: Program, _ launch: Launch, _ device: Device, _ detail: Detail, _ units: Units
  ) {
    self.program = program
    self.launch = launch
    self.device = device
    self.detail = detail
    self.units = units
    shares = program.tensors.map { _ in L2.Shares() }
  }

  /// Finds out what L2 will serve of the launch, and makes the first block ready.
  /// - Throws: `DoesNotFit`.
  mutating func open(_ l2: inout L2) throws(DoesNotFit) {
    guard launch.blocks > 0 else { return }
    let footprint = launch.footprint ?? block(0).footprint(on: device)
    try device.require(footprint, for: launch)
    blocksPerSM = Machine.blocksPerSM(footprint, on: device)
    if device.l2Bytes > 0 {
      shares = l2.shares(
        of: uses(), blocks: launch.blocks, inFlight: blocksPerSM * device.smCount)
    }
    try findNext()
  }

  /// Blocks that no SM has taken yet.
  var left: Int { launch.blocks - index }

  /// - Throws: `DoesNotFit` where the block that comes next asks for more than an SM has.
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
    while index + run < launch.blocks, profile(index + run) == profile(index) { run += 1 }
  }

  private mutating func profile(of index: Int) throws(DoesNotFit) -> BlockProfile {
    let key = detail == .events ? nil : launch.profile?(index)
    if let key, let profile = profiles[key] { return profile }
    let block = block(index)
    let footprint = launch.footprint ?? block.footprint(on: device)
    try device.require(footprint, for: launch)
    let profile = BlockProfile.measure(
      block, units, shares, footprint: footprint, busySMs: units.busySMs,
      keepsBlock: detail == .events)
    if let key { profiles[key] = profile }
    return profile
  }

  private func block(_ index: Int, samplesLoops: Bool? = nil) -> Block {
    program.block(
      index, of: launch, samplesLoops: samplesLoops ?? (detail == .sampled),
      keepsOps: detail == .events || launch.profile == nil)
  }

  // MARK: What the launch moves

  /// Per tensor: what all blocks move. Blocks of one profile move the same amounts, so where profiles
  /// are known the different bytes are taken to be all of the tensor, if so many are moved.
  private func uses() -> [L2.Use] {
    var uses = program.tensors.map { L2.Use(planes: $0.planes) }
    var distinct: [Region: Int] = [:]
    for (first, blocks) in launch.distinctBlocks() {
      let block = block(first, samplesLoops: detail != .events && launch.profile != nil)
      let totals = BlockTotals(
        block, block.costs.map { units.demand(of: $0, shares) }, shares)
      for (index, moved) in totals.launched.enumerated() {
        uses[index].loaded += moved.readBytes * blocks
        uses[index].stored += moved.writeBytes * blocks
      }
      guard launch.profile == nil else { continue }
      for op in block.ops {
        guard let region = op.region else { continue }
        distinct[region] = max(distinct[region] ?? 0, differentBytes(block.cost(of: op), region))
      }
    }
    for (region, bytes) in distinct { uses[region.tensor].distinct += bytes }
    for (index, tensor) in program.tensors.enumerated() where launch.profile != nil {
      uses[index].distinct = min(tensor.bytes, max(uses[index].loaded, uses[index].stored))
    }
    return uses
  }

  /// Bytes of a rectangle in the format in which a transfer moves it, however often it does.
  private func differentBytes(_ cost: OpCost, _ region: Region) -> Int {
    let bytes = region.count * program.tensors[region.tensor].type.bytes
    return cost.hbmBytes == 0 ? 0 : cost.movedBytes * bytes / cost.hbmBytes
  }
}
