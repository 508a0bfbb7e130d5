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

  mutating func advance(by count: Int) {
    index += count
    run -= count
    if run == 0 { try? look() }
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
  private mutating func uses() -> [L2.Use] {
    var uses = program.tensors.map { L2.Use(planes: $0.planes) }
    var counts: [Int: (first: Int, blocks: Int)] = [:]
    for index in 0..<launch.blocks {
      counts[launch.shape?(index) ?? index, default: (index, 0)].blocks += 1
    }
    var seen = Set<Region>()
    for (first, blocks) in counts.values {
      let block = block(first, foldsLoops: detail != .events && launch.shape != nil)
      let tally = Tally(
        block, block.works.map { units.needs(of: $0, shares) }, shares)
      for (index, moved) in tally.launched.enumerated() {
        uses[index].loaded += moved.readBytes * blocks
        uses[index].stored += moved.writeBytes * blocks
      }
      guard launch.shape == nil else { continue }
      for op in block.ops {
        guard let region = op.region, seen.insert(region).inserted else { continue }
        uses[region.tensor].distinct += op.work.movedBytes / (op.work.goesBothWays ? 2 : 1)
      }
    }
    for (index, tensor) in program.tensors.enumerated() where launch.shape != nil {
      uses[index].distinct = min(tensor.bytes, max(uses[index].loaded, uses[index].stored))
    }
    return uses
  }
}
