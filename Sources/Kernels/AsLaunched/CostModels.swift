// What the cost models of released kernels share. A released kernel fuses a scale into a
// subtraction, exchanges values between warps, reads an operand once per warp; its loops are the
// paper's. Sources: Dao-AILab/flash-attention, csrc/flash_attn/src, softmax.h, mask.h and
// philox.cuh.

import Machine

/// Latencies of a device in cycles, which pass whatever the units do.
struct FixedTimes: Sendable {
  /// A barrier among the warps of a block.
  var barrier: Int
  /// From a store to shared memory until another thread has loaded the value.
  var roundTrip: Int
  /// A load from shared memory.
  var sharedLoad: Int
  /// A reduction over the four threads that share a row of a product: two shuffles.
  var rowReduction: Int
  /// The latency of one SFU result.
  var special: Int

  init(_ device: Device, warps: Int) {
    barrier = device.barrierCycles + device.barrierCyclesPerWarp * warps
    sharedLoad = device.rates[.shared]?.latency ?? 0
    roundTrip = device.sharedStoreCycles + sharedLoad
    rowReduction = 2 * device.shuffleCycles
    special = device.rates[.sfu]?.latency ?? 0
  }

  /// Asking in shared memory whether a load has come (PTX ISA, mbarrier.try_wait).
  var barrierOfLoad: OpCost { .part(cycles: sharedLoad) }
  /// From one warp's registers, through shared memory, to another's.
  var exchange: Int { roundTrip + barrier }
}

extension CostedOp {
  /// Elements of the tile that the op makes or changes.
  var count: Int { tile.map { $0.rows * $0.columns } ?? 0 }

  /// Bytes of an input tile in the format `type`.
  func bytes(_ input: Int, _ type: DataType) -> Int {
    inputs[input].rows * inputs[input].columns * type.bytes
  }
}

extension OpCost {
  /// A part of an op's cost: bytes through the shared-memory port, instructions, cycles of latency,
  /// bytes read again from L2.
  static func part(
    sharedBytes: Int = 0, instructions: Int = 0, integers: Int = 0, cycles: Int = 0,
    rereadBytes: Int = 0
  ) -> OpCost {
    var cost = OpCost()
    (cost.sharedBytes, cost.latency, cost.rereadBytes) = (sharedBytes, cycles, rereadBytes)
    (cost.issuedInstructions, cost.integerInstructions) = (instructions, integers)
    return cost
  }

  /// Sets the instructions to `perElement` for each of `count` elements, rounded up.
  mutating func issue(_ perElement: Double, _ count: Int) {
    issuedInstructions = Int((perElement * Double(count)).rounded(.up))
  }

  /// The same for instructions on the lanes for integers, comparisons, maxima and conversions.
  mutating func issueIntegers(_ perElement: Double, _ count: Int) {
    issuedInstructions = 0
    integerInstructions = Int((perElement * Double(count)).rounded(.up))
  }

  /// Sets the instructions from scores to logits. The scale is part of a later multiply-add, so per
  /// element two are left for a mask (compare, select), one for a bias, two for a softcap.
  mutating func issueLogits(_ rule: Logits, _ count: Int) {
    issueIntegers(rule.masked == nil ? 0 : 2, count)
    issue(Double((rule.hasBias ? 1 : 0) + (rule.softcap == nil ? 0 : 2)), count)
  }
}

extension OpCost {
  /// As `issueLogits`, where the first tile of a block is always compared with the end of the sequence: so many
  /// instructions per element if no mask is there.
  mutating func issueLogits(_ rule: Logits, _ op: CostedOp, comparingFirst perElement: Double) {
    issueLogits(rule, op.count)
    if rule.masked == nil, op.tile?.place.columns.lowerBound == 0 {
      issueIntegers(perElement, op.count)
    }
  }
}

extension CostedOp {
  /// Whether it divides O by the row sums, after which O leaves.
  var dividesOutput: Bool { verb == .divide && count > tile?.rows ?? 0 }

  /// The way of O through shared memory: written there, and read by the copy to HBM.
  func leaving(_ type: DataType, _ times: FixedTimes) -> OpCost {
    .part(sharedBytes: 2 * count * type.bytes, cycles: times.exchange)
  }
}

extension OpCost {
  /// Sets the cost of an op of the forward softmax in FlashAttention-2 and -3: the scale is in the
  /// exponent's multiply-add, and row sums are reduced across threads only at the end.
  mutating func issueSoftmax(_ op: CostedOp, _ times: FixedTimes) {
    if case .logits(let rule) = op.operation { return issueLogits(rule, op.count) }
    switch op.verb {
    case .rowmax:
      issueIntegers(1, op.largest)
      latency = times.rowReduction
    case .exp: issue(1, op.count)
    case .rescale: issue(1, op.sumsRows ? op.largest : op.count)
    case .drop: issueIntegers(philoxInstructions / 16 + 2, op.count)
    case .divide:
      issue(2, op.count)
      latency = times.rowReduction
    default: break
    }
  }
}

extension OpCost {
  /// Sets the cost of an element-wise op of a backward pass: the scale is in the exponent's
  /// multiply-add.
  mutating func issueGradient(_ op: CostedOp) {
    if case .logits(let rule) = op.operation { return issueLogits(rule, op.count) }
    if op.verb == .exp { issue(1, op.count) }
    if op.isScoreGradient { issue(2, op.count) }
  }
}

/// Instructions of Philox4x32 (Salmon et al. 2011) per call, as released: seven rounds of eight (philox.cuh).
let philoxInstructions = 56.0

/// Instructions per element of dropout in a backward pass, with `elements` random numbers per call
/// of Philox. They are drawn once, for P; in dP their result only selects.
func dropoutInstructions(_ op: CostedOp, perCall elements: Double) -> Double {
  op.tile?.name == "dP" ? 2 : philoxInstructions / elements + 2
}

extension Footprint {
  /// A block of `warps` whose threads may use 255 registers each, the most that the instruction
  /// format can name (CUDA C++ Programming Guide, compute capabilities).
  init(shared: Int, warps: Int) {
    self.init(shared: shared, registers: warps * 32 * 255 * 4, warps: warps)
  }

  /// The footprint, limited to what a block may own. Eight warps of 255 registers fill the register
  /// file of every SM since Volta (256 KiB), and the released kernels rely on it. For a smaller
  /// register file, or more warps, they are compiled to use fewer registers, in whole allocation
  /// units, and to spill the rest; spilling costs nothing in this model.
  fileprivate func atMost(_ device: Device) -> Footprint {
    let share = device.registerBytes * min(8, warps) / 8
    let unit = device.registerAllocationBytes * max(1, warps)
    return Footprint(
      shared: min(shared, device.sharedBytes, device.sharedBytesPerBlock),
      registers: min(registers, share / unit * unit),
      tensorMemory: min(tensorMemory, device.tensorMemoryBytes),
      warps: min(warps, device.maxWarpsPerSM))
  }
}

/// A cost model for a kernel that computes whole tiles, also where the last rows or columns of a matrix fill a part of
/// one: a single query costs as much as a tile of them.
private func wholeTiles(_ mapping: Mapping, _ costModel: @escaping CostModel) -> CostModel {
  @Sendable func whole(_ size: Int, _ axis: Axis) -> Int {
    switch axis {
    case .queries: max(size, mapping.rows)
    case .keys: max(size, mapping.columns)
    case .other, .none: size
    }
  }
  @Sendable func whole(_ tile: TileInfo) -> TileInfo {
    var tile = tile
    (tile.rows, tile.columns) = (
      whole(tile.rows, tile.kind.rows), whole(tile.columns, tile.kind.columns)
    )
    return tile
  }
  return { op, cost in
    switch op.operation {
    case .load, .store, .add: return costModel(op, &cost)
    default: break
    }
    let own = op.count
    var op = op
    op.tile = op.tile.map(whole)
    op.inputs = op.inputs.map(whole)
    if own > 0, op.count > own {
      let grow = { (amount: Int) in amount * op.count / own }
      cost.launchedExponential = grow(cost.exponential)
      cost.issuedInstructions = grow(cost.instructions)
    }
    if case .product(let transposing, _, _) = op.operation, let tile = op.tile {
      let left = op.inputs[0]
      let depth = transposing == .left ? left.rows : left.columns
      cost.launchedMatmul = 2 * tile.rows * tile.columns * depth
    }
    return costModel(op, &cost)
  }
}

extension Launch {
  /// The launch with its blocks in the order in which a released scheduler deals them, from the order of the kernel's
  /// text: the last tile of rows of all heads, then the one before it.
  /// - Parameter heads: planes of Q whose blocks come one group after the other; in a group the longest come first.
  ///   Nil: all tiles of a head come in turn, the first one first.
  func dealt(inGroupsOf heads: Int?, _ problem: AttentionProblem) -> Launch {
    let planes = max(1, problem.planes)
    let tiles = max(1, blocks / planes)
    guard let heads else {
      return ordered { (place: Int) -> Int in (tiles - 1 - place % tiles) * planes + place / tiles }
    }
    return ordered { (place: Int) -> Int in
      let first = place / (heads * tiles) * heads
      let size = min(heads, planes - first)
      let (number, head) = (place - first * tiles).quotientAndRemainder(dividingBy: size)
      return number * planes + first + head
    }
  }

  /// The launch with the cost model and the footprint of a released kernel.
  func at(
    _ costModel: @escaping CostModel, _ footprint: Footprint, _ mapping: Mapping, _ device: Device
  ) -> Launch {
    var launch = self
    launch.costModel = wholeTiles(mapping, costModel)
    launch.starts = .felt
    launch.footprint = mapping.isKnownToFit ? footprint.atMost(device) : footprint
    return launch
  }
}
