// FlashAttention as released: its tiles, warps and instructions. Sources: HazyResearch and
// Dao-AILab flash-attention 1, csrc/flash_attn/src, fmha_fprop_kernel_1xN.h,
// fmha_dgrad_kernel_1xN_loop.h and the launch templates; the later build splits the rows of a head
// over blocks.

import Machine

/// The released implementation of `flash-attention`.
struct FlashAttentionLaunch: Released {
  /// Query rows of a tile. Their products are with a column block, whose columns the warps divide
  /// among them.
  private static let stepRows = 16

  /// The released kernel's tiles for 16-bit formats; nil for other formats, and on a device that
  /// serves first come first served.
  func launched(_ problem: AttentionProblem, on device: Device) -> Mapping? {
    guard device.queueDiscipline == .processorSharing, problem.type.bytes == 2 else { return nil }
    let d = max(problem.d, problem.dv)
    let drops = problem.dropout != nil
    // Turing has less shared memory per block, so that some column blocks are half as wide.
    let isSmall = device.sharedBytesPerBlock < 96 * 1024
    // With d = 128 K is in registers, in blocks of 128 columns (fmha_fwd_hdim128.cu).
    let wide = d <= 64 && !(isSmall && drops)
    let fits = { (columns: Int) in min(columns, problem.keys <= 128 ? 128 : columns) }
    return Mapping(
      launching: Tiles(Self.stepRows, fits(wide ? 256 : 128), warps: 4, stages: 1),
      backward: Tiles(Self.stepRows, fits(d <= 64 && !isSmall ? 256 : 128), warps: 8))
  }

  /// The fewest splits of a head's rows, at most 30, whose waves are filled over 95 % as well as
  /// the best number fills them. Source: num_splits_heuristic_fwd of the later build.
  static func splits(_ problem: AttentionProblem, _ mapping: Mapping, on device: Device)
    -> Int
  {
    let slots = device.smCount * max(1, blocksPerSM(forwardFootprint(problem, mapping), on: device))
    let rows = tileCount(problem.queries, mapping.rows)
    let efficiencies = (1...max(1, min(30, rows))).map { splits in
      let waves = Double(problem.planes * splits) / Double(slots)
      return waves / waves.rounded(.up)
    }
    let best = efficiencies.max() ?? 1
    return 1 + (efficiencies.firstIndex { $0 > 0.95 * best } ?? 0)
  }

  /// Whether the backward pass has a block for each column block: if that fills its waves better, with a discount
  /// for clearing and converting dQ, and always for a causal mask over ten column blocks or more. Source:
  /// num_splits_heuristic_bwd of the later build (fmha_bwd_launch_template.h).
  static func splitsKeys(_ problem: AttentionProblem, _ mapping: Mapping, on device: Device) -> Bool
  {
    let mapping = mapping.backwardMapping
    let columns = tileCount(problem.keys, mapping.columns)
    let slots =
      device.smCount * max(1, blocksPerSM(backwardFootprint(problem, mapping), on: device))
    func efficiency(_ blocks: Int) -> Double {
      let waves = Double(blocks) / Double(slots)
      return waves / waves.rounded(.up)
    }
    let isCausal = problem.maskRule == .causal
    if columns < 2 { return false }
    if isCausal, columns >= 10 { return true }
    let discount = 1 + (isCausal ? 0.5 : 1) / Double(columns)
    return efficiency(problem.planes) < efficiency(problem.planes * columns) / discount
  }

  func withReleasedCosts(
    _ launch: Launch, isBackward: Bool, _ problem: AttentionProblem, _ mapping: Mapping,
    _ device: Device
  ) -> Launch {
    guard mapping.isAsLaunched else { return launch }
    var launch = launch
    // With several column blocks sums go out and come back; such traffic reaches what element-wise kernels do.
    if problem.keys > mapping.columns { launch.bandwidthShare = device.elementwiseShare }
    guard isBackward else {
      return launch.at(
        Self.forwardPrice(problem, mapping, device), Self.forwardFootprint(problem, mapping),
        mapping, device)
    }
    if ["dot", "convert"].contains(launch.name) {
      return BackwardAuxiliaryLaunches.withReleasedCosts(launch, problem, device) { $0 }
    }
    if launch.name == "columns" { launch.bandwidthShare = 1 }
    launch = launch.at(
      Self.backwardCostModel(problem, mapping, device), Self.backwardFootprint(problem, mapping),
      mapping, device)
    launch.stages = mapping.stages
    return launch
  }

  /// Besides the matrices: an fp32 buffer of O if there is more than one column block, and the
  /// log-sum-exp of each row; in a backward pass also an fp32 buffer of dQ, D and a copy of dO.
  func memory(_ problem: AttentionProblem, _ mapping: Mapping) -> Int? {
    let sums = problem.keys > mapping.columns ? problem.outputSumBytes : 0
    guard problem.hasBackward else {
      return problem.matrixBytes + sums + problem.statisticBytes(1)
    }
    let copy = problem.planes * problem.queries * problem.dv * problem.type.bytes
    return problem.matrixBytes + sums + problem.querySumBytes + copy + problem.statisticBytes(2)
  }

  // MARK: Forward

  /// K and V pass through shared memory on their way to registers; the warps' parts of O are summed
  /// in shared memory.
  static func forwardFootprint(_ problem: AttentionProblem, _ mapping: Mapping) -> Footprint {
    let d = max(problem.d, problem.dv)
    let operands = (mapping.columns + mapping.rows) * d * problem.type.bytes
    let sums = mapping.rows * d * DataType.fp32.bytes * mapping.warps
    return Footprint(shared: operands + sums, warps: mapping.warps)
  }

  /// The cost of a forward op. Each warp owns columns of S, so every row is reduced across warps,
  /// and so is O.
  static func forwardPrice(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> CostModel {
    let (type, warps) = (problem.type, mapping.warps)
    let times = FixedTimes(device, warps: warps)
    // With more than 64 columns K does not fit in registers, unless its column block is narrow.
    let keepsK = max(problem.d, problem.dv) <= 64 || mapping.columns <= 128
    let accumulator =
      problem.keys <= mapping.columns ? type.bytes : DataType.fp32.bytes
    return { op, cost in
      switch op.operation {
      case .load, .store:
        costTransfer(op, &cost, accumulator: accumulator, ["O"])
        // O is asked for before the softmax and used after the second product. K and V of a column block are waited
        // for, and all blocks come to them at the same time.
        cost.isSimultaneousOnAllSMs = ["K", "V"].contains(op.tile?.name)
        if op.tile?.name == "K" { cost.latency = 2 * times.barrier }
      case .product:
        let isScores = op.tile?.name == "S"
        cost.sharedBytes = isScores ? warps * op.bytes(0, type) : 0
        if isScores, !keepsK { cost.sharedBytes += op.bytes(1, type) }
      case .logits:
        cost.issueIntegers(2, op.count)
        cost.issue(1, op.count)
      case .random: cost.issueIntegers(philoxInstructions / 8 + 2, op.count)
      case .convert: cost.issueIntegers(0.5, op.count)
      default: return costSoftmax(op, &cost, warps, times)
      }
      return []
    }
  }

  private static func costSoftmax(
    _ op: CostedOp, _ cost: inout OpCost, _ warps: Int, _ times: FixedTimes
  ) -> [OpCost] {
    switch op.verb {
    case .rowmax:
      cost.issueIntegers(1, op.largest)
      // A reduction across warps ends in one more over the threads of a row (quad_allreduce, softmax.h).
      cost.latency = 2 * times.rowReduction + times.exchange
    case .exp: cost.issue(1, op.count)
    case .rowsum:
      cost.issue(1, op.largest)
      cost.latency = 2 * times.rowReduction
    case .rescale where op.inputs.count > 4:
      // This is the rescaling of O; that of l has fewer inputs.
      cost.issuedInstructions = (warps + 2) * op.count
      return [
        .part(sharedBytes: 2 * op.count * DataType.fp32.bytes * warps, cycles: times.exchange),
        .part(cycles: times.exchange + times.rowReduction + 3 * times.special),
      ]
    default: break
    }
    return []
  }

  /// The cost of a load or a store. The tensors `accumulators` are in HBM with `accumulator` bytes
  /// per element, in another format than the algorithm's.
  private static func costTransfer(
    _ op: CostedOp, _ cost: inout OpCost, accumulator: Int, _ accumulators: [String]
  ) {
    if case .load = op.operation { cost.sharedBytes = 0 }
    guard let name = op.tile?.name, accumulators.contains(name) else { return }
    cost.launchedBytes = op.count * accumulator
  }

  // MARK: Backward

  static func backwardFootprint(_ problem: AttentionProblem, _ mapping: Mapping) -> Footprint {
    let d = max(problem.d, problem.dv)
    let operands = (2 * mapping.columns + 4 * mapping.rows) * d * problem.type.bytes
    let scores = 2 * mapping.rows * mapping.columns * problem.type.bytes
    let sums = mapping.rows * d * DataType.fp32.bytes * mapping.warps
    return Footprint(shared: operands + scores + sums, warps: mapping.warps)
  }

  static func backwardCostModel(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> CostModel {
    let (type, warps) = (problem.type, mapping.warps)
    let times = FixedTimes(device, warps: warps)
    // V stays in registers on GPUs with little shared memory, for d up to 64; else in shared
    // memory.
    let keepsV = device.sharedBytesPerBlock < 144 * 1024 && max(problem.d, problem.dv) <= 64
    return { op, cost in
      switch op.operation {
      case .load, .store:
        costTransfer(op, &cost, accumulator: DataType.fp32.bytes, ["dQ"])
        if op.tile?.name == "K" { cost.latency = 2 * times.barrier }
      case .add:
        cost.launchedBytes = 2 * op.count * DataType.fp32.bytes
        cost.sharedBytes = 0
        cost.issuedInstructions = 2 * op.count
      case .product:
        return costProduct(op, &cost, type, warps, times, keepsV: keepsV)
      case .logits:
        cost.issueIntegers(2, op.count)
        cost.issue(1, op.count)
      case .random: cost.issueIntegers(dropoutInstructions(op, perCall: 8), op.count)
      case .convert:
        let isGradient = op.tile?.name == "dS"
        cost.issueIntegers(isGradient ? 0.5 : 1.5, op.count)
        return [.part(sharedBytes: op.count * type.bytes, cycles: times.roundTrip)]
      default:
        if op.verb == .divide { cost.issuedInstructions = 0 } else { cost.issueGradient(op) }
      }
      return []
    }
  }

  private static func costProduct(
    _ op: CostedOp, _ cost: inout OpCost, _ type: DataType, _ warps: Int, _ times: FixedTimes,
    keepsV: Bool
  ) -> [OpCost] {
    switch op.tile?.name {
    case "S": cost.sharedBytes = warps * op.bytes(0, type)
    case "dP":
      cost.sharedBytes = warps * op.bytes(0, type) + (keepsV ? 0 : op.bytes(1, type))
    case "dQ":
      cost.sharedBytes = op.bytes(1, type)
      let part = op.count * DataType.fp32.bytes * warps
      return [
        .part(sharedBytes: part), .part(cycles: times.barrier),
        .part(sharedBytes: part, cycles: times.roundTrip),
        .part(instructions: (warps + 2) * op.count),
      ]
    default:
      cost.sharedBytes = op.bytes(0, type) + warps * op.bytes(1, type)
      guard op.tile?.name == "dK" else { return [] }
      return [.part(sharedBytes: 2 * op.bytes(1, type), cycles: times.exchange)]
    }
    return []
  }
}
