// What the steps of an algorithm cost a released kernel. It fuses a scale into a subtraction, adds an
// exchange between warps, reads an operand once per warp; the loops are the paper's all the same.
// Sources: Dao-AILab/flash-attention, csrc/flash_attn/src, softmax.h, mask.h and philox.cuh.

import Machine

/// Times that pass whatever the units do, in cycles of a device.
struct FixedTimes: Sendable {
  /// A barrier among the warps of a block.
  var barrier: Int
  /// A store to shared memory until another thread has loaded it.
  var roundTrip: Int
  /// A reduction over the four threads that share a row of a product: two shuffles.
  var rowReduction: Int
  /// One result of the SFU.
  var special: Int

  init(_ device: Device, warps: Int) {
    barrier = device.barrierCycles + device.barrierCyclesPerWarp * warps
    roundTrip = device.sharedStoreCycles + (device.rates[.shared]?.latency ?? 0)
    rowReduction = 2 * device.shuffleCycles
    special = device.rates[.sfu]?.latency ?? 0
  }

  /// From one warp's registers to another's.
  var exchange: Int { roundTrip + barrier }
}

extension CostedOp {
  /// Elements of the tile that the step makes or changes.
  var count: Int { tile.map { $0.rows * $0.columns } ?? 0 }

  /// Bytes of an input in the format of products.
  func bytes(_ input: Int, _ type: DataType) -> Int {
    inputs[input].rows * inputs[input].columns * type.bytes
  }
}

extension OpCost {
  /// A part of a step: bytes through the shared-memory port, instructions, cycles
  /// that just pass, bytes that come from L2 again.
  static func part(
    sharedBytes: Int = 0, instructions: Int = 0, cycles: Int = 0, rereadBytes: Int = 0
  ) -> OpCost {
    var cost = OpCost()
    (cost.sharedBytes, cost.latency, cost.rereadBytes) = (sharedBytes, cycles, rereadBytes)
    cost.issued = instructions
    return cost
  }

  /// Instructions of `perElement` for each of `count` elements.
  mutating func issue(_ perElement: Double, _ count: Int) {
    issued = Int((perElement * Double(count)).rounded(.up))
  }

  /// Scores to logits where the scale is part of a later multiply-add: what is left is a comparison
  /// and a selection where the mask cuts, a bias and a cap.
  mutating func issueLogits(_ rule: Logits, _ count: Int) {
    let steps =
      (rule.masked == nil ? 0 : 2) + (rule.hasBias ? 1 : 0) + (rule.softcap == nil ? 0 : 2)
    issue(Double(steps), count)
  }
}

extension OpCost {
  /// A step of the forward softmax as FlashAttention-2 and -3 have it: the scale is in the exponent's
  /// multiply-add, and sums are finished in the end.
  mutating func issueSoftmax(_ op: CostedOp, _ times: FixedTimes) {
    if case .logits(let rule) = op.operation { return issueLogits(rule, op.count) }
    switch op.verb {
    case .rowmax:
      issue(1, op.largest)
      latency = times.rowReduction
    case .exp: issue(1, op.count)
    case .rescale: issue(1, op.sumsRows ? op.largest : op.count)
    case .drop: issue(philoxInstructions / 16 + 2, op.count)
    case .divide:
      issue(2, op.count)
      latency = times.rowReduction
    default: break
    }
  }
}

extension OpCost {
  /// A step of a backward pass between its products: the scale is in the exponent's multiply-add.
  mutating func issueGradient(_ op: CostedOp) {
    if case .logits(let rule) = op.operation { return issueLogits(rule, op.count) }
    if op.verb == .exp { issue(1, op.count) }
    if op.isScoreGradient { issue(2, op.count) }
  }
}

/// Instructions of Philox4x32-10 (Salmon et al. 2011) per call: ten rounds of eight.
let philoxInstructions = 80.0

/// Per element of a backward pass's dropout: what chance said of a weight is drawn once, for P, and
/// selects in dP.
func dropoutInstructions(_ op: CostedOp, perCall elements: Double) -> Double {
  op.tile?.name == "dP" ? 2 : philoxInstructions / elements + 2
}

extension Footprint {
  /// A block of `warps` whose threads may use 255 registers each, the most that the instruction
  /// format can name (CUDA C++ Programming Guide, compute capabilities).
  init(shared: Int, warps: Int) {
    self.init(shared: shared, registers: warps * 32 * 255 * 4, warps: warps)
  }

  /// No more than a block may own. Eight warps of 255 registers fill the register file of every SM since
  /// Volta (256 KiB), and the released kernels count on it; for a smaller one, or for more warps, they
  /// are compiled to use less, in whole units of allocation, and to spill the rest, which costs nothing
  /// here.
  fileprivate func atMost(_ device: Device) -> Footprint {
    let share = device.registerBytes * min(8, warps) / 8
    let unit = device.registerAllocationBytes * max(1, warps)
    return Footprint(
      shared: min(shared, device.sharedBytes, device.sharedBytesPerBlock),
      registers: min(registers, share / unit * unit),
      warps: min(warps, device.maxWarpsPerSM))
  }
}

extension Launch {
  /// The launch at the price and with the footprint of a released kernel.
  func at(
    _ costModel: @escaping CostModel, _ footprint: Footprint, _ mapping: Mapping, _ device: Device
  ) -> Launch {
    var launch = self
    launch.costModel = costModel
    launch.footprint = mapping.isKnownToFit ? footprint.atMost(device) : footprint
    return launch
  }
}
