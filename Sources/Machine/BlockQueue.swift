// The blocks of a launch that no SM has taken yet, as shapes. Before the first is dealt, all are
// looked over for what they will read twice.

struct BlockQueue {
  private let program: Program
  private let launch: Launch
  private let device: Device
  private let detail: Detail
  private let units: Units
  private var shares: [L2.Shares] = []
  private var shapes: [Int: Shape] = [:]
  private var index = 0
  private(set) var next: Shape?
  /// How many blocks of that shape follow each other.
  private(set) var run = 0
  /// Blocks of the first shape that one SM holds.
  private(set) var blocksPerSM = 0

  /// - Throws: `DoesNotFit`.
  init(
    _ program: Program, _ launch: Launch, _ device: Device, _ detail: Detail, _ units: Units,
    _ l2: inout L2
  ) throws(DoesNotFit) {
    self.program = program
    self.launch = launch
    self.device = device
    self.detail = detail
    self.units = units
    shares = program.tensors.map { _ in L2.Shares() }
    guard launch.blocks > 0 else { return }
    let footprint = launch.footprint ?? block(0).footprint(on: device)
    try device.require(footprint, for: launch)
    blocksPerSM = Machine.blocksPerSM(footprint, on: device)
    if device.l2Bytes > 0 {
      shares = l2.shares(
        of: uses(), blocks: launch.blocks, inFlight: blocksPerSM * device.smCount)
    }
    try look()
  }

  /// Blocks that no SM has taken yet.
  var left: Int { launch.blocks - index }

  /// - Throws: `DoesNotFit` where the block that comes next asks for more than an SM has.
  mutating func advance(by count: Int) throws(DoesNotFit) {
    index += count
    run -= count
    if run == 0 { try look() }
  }

  /// Finds the shape of the next block, and how many there are of it.
  private mutating func look() throws(DoesNotFit) {
    guard index < launch.blocks else {
      next = nil
      return
    }
    next = try shape(of: index)
    run = 1
    guard detail != .events, let kind = launch.shape else { return }
    while index + run < launch.blocks, kind(index + run) == kind(index) { run += 1 }
  }

  private mutating func shape(of index: Int) throws(DoesNotFit) -> Shape {
    let key = detail == .events ? nil : launch.shape?(index)
    if let key, let shape = shapes[key] { return shape }
    let block = block(index)
    let footprint = launch.footprint ?? block.footprint(on: device)
    try device.require(footprint, for: launch)
    let shape = Shape(
      block, units, shares, footprint: footprint, busySMs: units.busySMs,
      keepsBlock: detail == .events)
    if let key { shapes[key] = shape }
    return shape
  }

  private func block(_ index: Int, foldsLoops: Bool? = nil) -> Block {
    program.block(
      index, of: launch, foldsLoops: foldsLoops ?? (detail == .measured),
      keepsOps: detail == .events || launch.shape == nil)
  }

  // MARK: What the launch moves

  /// Per tensor: what all blocks move. Blocks of equal shape move the same amounts, so where shapes
  /// are known the different bytes are taken to be all of the tensor, if so many are moved.
  private func uses() -> [L2.Use] {
    var uses = program.tensors.map { L2.Use(planes: $0.planes) }
    var distinct: [Region: Int] = [:]
    for (first, blocks) in launch.distinctBlocks() {
      let block = block(first, foldsLoops: detail != .events && launch.shape != nil)
      let tally = Tally(
        block, block.works.map { units.needs(of: $0, shares) }, shares)
      for (index, moved) in tally.launched.enumerated() {
        uses[index].loaded += moved.readBytes * blocks
        uses[index].stored += moved.writeBytes * blocks
      }
      guard launch.shape == nil else { continue }
      for op in block.ops {
        guard let region = op.region else { continue }
        distinct[region] = max(distinct[region] ?? 0, differentBytes(block.work(of: op), region))
      }
    }
    for (region, bytes) in distinct { uses[region.tensor].distinct += bytes }
    for (index, tensor) in program.tensors.enumerated() where launch.shape != nil {
      uses[index].distinct = min(tensor.bytes, max(uses[index].loaded, uses[index].stored))
    }
    return uses
  }

  /// Bytes of a rectangle in the format in which a transfer moves it, however often it does.
  private func differentBytes(_ work: Work, _ region: Region) -> Int {
    let bytes = region.count * program.tensors[region.tensor].type.bytes
    return work.hbmBytes == 0 ? 0 : work.movedBytes * bytes / work.hbmBytes
  }
}
