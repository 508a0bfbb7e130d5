// FlashAttention-4 as released: roles, tiles and instructions. Sources: Zadouri et al. 2026 (arXiv 2603.05451);
// Dao-AILab/flash-attention, flash_attn/cute, flash_fwd_sm100.py, flash_bwd_sm100.py and softmax.py.

import Machine

/// The released implementation of `flash-attention-4`.
struct FlashAttention4Launch: Released {
  /// Columns of tensor memory: 128 lanes of 4 bytes each.
  private static let columnBytes = 128 * 4
  /// Rows of a tile of queries, and columns of a tile of keys.
  private static let edge = 128
  /// Shared memory that the kernel divides among Q, O, K and V.
  private static let sharedBytes = 224 * 1024

  /// The released kernel's tiles for 16-bit formats on a device with tensor memory; nil elsewhere, and for d above 128,
  /// for which S and O of two tiles do not fit into it.
  func launched(_ problem: AttentionProblem, on device: Device) -> Mapping? {
    guard device.tensorMemoryBytes > 0, problem.type.bytes == 2,
      max(problem.d, problem.dv) <= Self.edge
    else { return nil }
    return Mapping(
      launching: Tiles(
        2 * Self.edge, Self.edge, warps: 16, groups: 2, stages: Self.stages(problem)),
      backward: Tiles(Self.edge, Self.edge, warps: 16, stages: 1))
  }

  /// Stages of K and of V: as many tiles of either as fit beside Q and O, shared evenly and rounded up.
  private static func stages(_ problem: AttentionProblem) -> Int {
    let rows = 2 * edge * (problem.d + problem.dv) * problem.type.bytes
    let tile = edge * max(problem.d, problem.dv) * problem.type.bytes
    return max(1, tileCount((sharedBytes - rows) / tile, 2))
  }

  func withReleasedCosts(
    _ launch: Launch, isBackward: Bool, _ problem: AttentionProblem, _ mapping: Mapping,
    _ device: Device
  ) -> Launch {
    guard mapping.isAsLaunched else { return launch }
    guard isBackward else {
      var launch = launch.at(
        Self.forwardPrice(problem, device), Self.forwardFootprint(problem, device), mapping, device)
      launch.reachesFullRate = true
      launch.pairsNumbers = true
      // Without a mask each SM has one block that goes through many tiles; with one, the longest blocks come first.
      if problem.maskRule == .none { launch.starts = .persistent }
      return launch
    }
    return BackwardAuxiliaryLaunches.withReleasedCosts(launch, problem, device) {
      var launch = $0.at(
        Self.backwardCostModel(problem), Self.backwardFootprint(problem, device), mapping, device)
      launch.reachesFullRate = true
      launch.pairsNumbers = true
      return launch
    }
  }

  /// Of every 32 columns, how many take a polynomial: 18.75 %, the largest share in the tables of softmax.py; pipe counters
  /// of a B200 imply the same (flash-attention issue 2701). None where the SFU is twice as fast.
  func ownSizes(_ problem: AttentionProblem, on device: Device) -> [String: Int] {
    ["f": device.rates[.sfu]?.perCycle ?? 0 > 16 ? 0 : 6]
  }

  /// As for FlashAttention-2.
  func memory(_ problem: AttentionProblem, _ mapping: Mapping) -> Int? {
    FlashAttention2Launch().memory(problem, mapping)
  }

  // MARK: Forward

  /// One block per SM, with all of its shared memory, registers and, at d = 128, tensor memory: S and O of both tiles.
  /// P takes half of the columns of its S.
  private static func forwardFootprint(
    _ problem: AttentionProblem, _ device: Device
  ) -> Footprint {
    Footprint(
      shared: sharedBytes, registers: 256 * 1024,
      tensorMemory: min(2 * (edge + problem.dv) * columnBytes, device.tensorMemoryBytes), warps: 16)
  }

  /// Instructions of the polynomial per element (softmax.py, utils.py): addition, subtraction and fraction, three
  /// multiply-adds; and clamp, shift and addition of the exponent on the lanes for integers.
  private static let polynomial = (fp32: 6.0, integer: 3.0)

  /// The share of tiles for which O is rescaled, if only a maximum that grows by more than a factor of 256 counts: one
  /// in ten, as its authors told (Hot Chips 2025, secondary).
  private static let rescaledShare = 0.1

  /// The cost of a forward op. A thread has a row of S for itself, so nothing is reduced across threads.
  private static func forwardPrice(_ problem: AttentionProblem, _ device: Device) -> CostModel {
    let type = problem.type
    let times = FixedTimes(device, warps: 4)
    return { op, cost in
      switch op.operation {
      case .load: cost.sharedBytes = 0
      case .product:
        // P comes from tensor memory; every other operand from shared memory.
        cost.sharedBytes = op.bytes(1, type) + (op.tile?.name == "S" ? op.bytes(0, type) : 0)
      case .convert: cost.issueIntegers(0, op.count)
      case .logits(let rule):
        // One selection per element.
        cost.issueLogits(rule, op, comparingFirst: 1)
      case .random: cost.issueIntegers(philoxInstructions / 16 + 2, op.count)
      default: return costSoftmax(op, &cost, type, times)
      }
      return []
    }
  }

  private static func costSoftmax(
    _ op: CostedOp, _ cost: inout OpCost, _ type: DataType, _ times: FixedTimes
  ) -> [OpCost] {
    switch op.verb {
    case .rowmax:
      // A maximum has three operands on these GPUs.
      cost.issueIntegers(0.5, op.largest)
    case .exp:
      // Scaling, exponentials, polynomials and the conversion of P come in turn, fragment by fragment.
      let polynomials = Double(max(0, op.count - cost.special))
      cost.issuedInstructions = op.count + Int(polynomial.fp32 * polynomials)
      cost.integerInstructions = op.count / 2 + Int(polynomial.integer * polynomials)
      cost.interleavesLanes = true
    case .rescale: cost.issue(op.sumsRows ? 1 : rescaledShare, op.sumsRows ? op.largest : op.count)
    case .divide where op.dividesOutput:
      cost.issue(1.5, op.count)
      return [op.leaving(type, times)]
    default: break
    }
    return []
  }

  // MARK: Backward

  /// One block per SM; S and dP, dV, dK and dQ are in tensor memory, where P and dS take columns of S and dP, and dQ
  /// those of dP.
  private static func backwardFootprint(
    _ problem: AttentionProblem, _ device: Device
  ) -> Footprint {
    let columns = 2 * edge + problem.d + problem.dv
    return Footprint(
      shared: sharedBytes, registers: 256 * 1024,
      tensorMemory: min(columns * columnBytes, device.tensorMemoryBytes), warps: 16)
  }

  /// The cost of a backward op. Sᵀ and dPᵀ are computed, so that P and dS are operands from tensor memory for dV and dK;
  /// for dQ, dS goes through shared memory. dQ goes through it in fp32 on its way to HBM.
  private static func backwardCostModel(_ problem: AttentionProblem) -> CostModel {
    let type = problem.type
    return { op, cost in
      switch op.operation {
      case .load: cost.sharedBytes = 0
      case .product:
        let isGradientOfKeys = ["dV", "dK"].contains(op.tile?.name)
        cost.sharedBytes = op.bytes(1, type) + (isGradientOfKeys ? 0 : op.bytes(0, type))
      case .logits(let rule): cost.issueLogits(rule, op.count)
      case .random: cost.issueIntegers(dropoutInstructions(op, perCall: 16), op.count)
      case .convert:
        cost.issueIntegers(0.5, op.count)
        if op.tile?.name == "dS" { return [.part(sharedBytes: op.count * type.bytes)] }
      case .add:
        cost.launchedBytes = 2 * op.count * DataType.fp32.bytes
        cost.sharedBytes = 2 * op.count * DataType.fp32.bytes
      default:
        cost.issueGradient(op)
        if op.verb == .exp { cost.interleavesLanes = true }
      }
      return []
    }
  }
}
