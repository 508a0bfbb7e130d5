// FlashAttention as released: its tiles, warps and instructions. Sources: HazyResearch and Dao-AILab
// flash-attention 1, csrc/flash_attn/src, fmha_fprop_kernel_1xN.h, fmha_dgrad_kernel_1xN_loop.h and
// the launch templates; the later build splits the rows of a head over blocks.

import Machine

struct FlashAttentionLaunch: Released {
  /// Steps of 16 rows against a column block that the warps divide among them.
  private static let stepRows = 16

  /// The released kernel's tiles for 16-bit formats; nil for others.
  func launched(_ problem: AttentionProblem, on device: Device) -> Mapping? {
    guard device.service == .fair, problem.type.bytes == 2 else { return nil }
    let d = max(problem.d, problem.dv)
    let drops = problem.dropout != nil
    // Turing's shared memory holds half.
    let isSmall = device.sharedBytesPerBlock < 96 * 1024
    let wide = d <= 64 ? !(isSmall && drops) : !isSmall && !drops
    let fits = { (columns: Int) in min(columns, problem.keys <= 128 ? 128 : columns) }
    return Mapping(
      launching: Tiles(Self.stepRows, fits(wide ? 256 : 128), warps: 4, stages: 1),
      backward: Tiles(Self.stepRows, fits(d <= 64 && !isSmall ? 256 : 128), warps: 8))
  }

  /// The fewest parts of a head's rows, at most 30, that fill waves nearly as well as any number does.
  /// Source: num_splits_heuristic_fwd of the later build.
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

  func priced(
    _ launch: Launch, isBackward: Bool, _ problem: AttentionProblem, _ mapping: Mapping,
    _ device: Device
  ) -> Launch {
    guard mapping.isAsLaunched else { return launch }
    guard isBackward else {
      return launch.at(
        Self.forwardPrice(problem, mapping, device), Self.forwardFootprint(problem, mapping),
        mapping,
        device)
    }
    var priced = launch.at(
      Self.backwardPrice(problem, mapping, device), Self.backwardFootprint(problem, mapping),
      mapping,
      device)
    priced.stages = mapping.stages
    return priced
  }

  /// Sums of O and dQ in fp32, the former only where there is more than one column block, and the
  /// log-sum-exp and D of each row; a copy of dO.
  func memory(_ problem: AttentionProblem, _ mapping: Mapping) -> Int? {
    let sums = problem.keys > mapping.columns ? problem.outputSumBytes : 0
    guard problem.hasBackward else {
      return problem.matrixBytes + sums + problem.statisticBytes(1)
    }
    let copy = problem.planes * problem.queries * problem.dv * problem.type.bytes
    return problem.matrixBytes + sums + problem.querySumBytes + copy + problem.statisticBytes(2)
  }

  // MARK: Forward

  /// K and V pass through shared memory on their way to registers; O is summed up there.
  static func forwardFootprint(_ problem: AttentionProblem, _ mapping: Mapping) -> Footprint {
    let d = max(problem.d, problem.dv)
    let operands = (mapping.columns + mapping.rows) * d * problem.type.bytes
    let sums = mapping.rows * d * DataType.fp32.bytes * mapping.warps
    return Footprint(shared: operands + sums, warps: mapping.warps)
  }

  /// Each warp owns columns of S, so every row is reduced across warps, and so is O.
  static func forwardPrice(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> Price {
    let (type, warps) = (problem.type, mapping.warps)
    let times = FixedTimes(device, warps: warps)
    // Past 64 columns there is no room in registers for K, unless its block is narrow.
    let keepsK = max(problem.d, problem.dv) <= 64 || mapping.columns <= 128
    let accumulator =
      problem.keys <= mapping.columns ? type.bytes : DataType.fp32.bytes
    return { step, work in
      switch step.operation {
      case .load, .store:
        priceTransfer(step, &work, accumulator: accumulator, ["O"])
        // Nothing looks ahead here, and all blocks take equal steps: they want the bus together.
        work.isInStep = step.tile?.name == "O"
        if step.tile?.name == "K" { work.latency = 2 * times.barrier }
      case .product:
        let isScores = step.tile?.name == "S"
        work.sharedBytes = isScores ? warps * step.bytes(0, type) : 0
        if isScores, !keepsK { work.sharedBytes += step.bytes(1, type) }
      case .logits: work.issue(3, step.count)
      case .random: work.issue(philoxInstructions / 8 + 2, step.count)
      case .convert: work.issue(0.5, step.count)
      default: return priceSoftmax(step, &work, warps, times)
      }
      return []
    }
  }

  private static func priceSoftmax(
    _ step: Step, _ work: inout Work, _ warps: Int, _ times: FixedTimes
  ) -> [Work] {
    switch step.verb {
    case .rowmax:
      work.issue(1, step.largest)
      work.latency = times.rowReduction + times.exchange
    case .exp: work.issue(1, step.count)
    case .rowsum:
      work.issue(1, step.largest)
      work.latency = times.rowReduction
    case .rescale where step.inputs.count > 4:
      // O; l has fewer inputs.
      work.issued = (warps + 2) * step.count
      return [
        .part(sharedBytes: 2 * step.count * DataType.fp32.bytes * warps, cycles: times.exchange),
        .part(cycles: times.exchange + 3 * times.special),
      ]
    default: break
    }
    return []
  }

  /// Accumulators are kept in HBM in another format than the algorithm's.
  private static func priceTransfer(
    _ step: Step, _ work: inout Work, accumulator: Int, _ accumulators: [String]
  ) {
    if case .load = step.operation { work.sharedBytes = 0 }
    guard let name = step.tile?.name, accumulators.contains(name) else { return }
    work.launchedBytes = step.count * accumulator
  }

  // MARK: Backward

  static func backwardFootprint(_ problem: AttentionProblem, _ mapping: Mapping) -> Footprint {
    let d = max(problem.d, problem.dv)
    let operands = (2 * mapping.columns + 4 * mapping.rows) * d * problem.type.bytes
    let scores = 2 * mapping.rows * mapping.columns * problem.type.bytes
    let sums = mapping.rows * d * DataType.fp32.bytes * mapping.warps
    return Footprint(shared: operands + scores + sums, warps: mapping.warps)
  }

  static func backwardPrice(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> Price {
    let (type, warps) = (problem.type, mapping.warps)
    let times = FixedTimes(device, warps: warps)
    // On the large chips V stays in shared memory, on the others in registers.
    let keepsV = device.sharedBytesPerBlock < 144 * 1024 && max(problem.d, problem.dv) <= 64
    return { step, work in
      switch step.operation {
      case .load, .store:
        priceTransfer(step, &work, accumulator: DataType.fp32.bytes, ["dQ"])
        if step.tile?.name == "K" { work.latency = 2 * times.barrier }
      case .product:
        return priceProduct(step, &work, type, warps, times, keepsV: keepsV)
      case .logits: work.issue(3, step.count)
      case .random: work.issue(dropoutInstructions(step, perCall: 8), step.count)
      case .convert:
        let isGradient = step.tile?.name == "dS"
        work.issue(isGradient ? 0.5 : 1.5, step.count)
        return [.part(sharedBytes: step.count * type.bytes, cycles: times.roundTrip)]
      default:
        if step.verb == .divide { work.issued = 0 } else { work.issueGradient(step) }
      }
      return []
    }
  }

  private static func priceProduct(
    _ step: Step, _ work: inout Work, _ type: DataType, _ warps: Int, _ times: FixedTimes,
    keepsV: Bool
  ) -> [Work] {
    switch step.tile?.name {
    case "S": work.sharedBytes = warps * step.bytes(0, type)
    case "dP":
      work.sharedBytes = warps * step.bytes(0, type) + (keepsV ? 0 : step.bytes(1, type))
    case "dQ":
      work.sharedBytes = step.bytes(1, type)
      let part = step.count * DataType.fp32.bytes * warps
      return [
        .part(sharedBytes: part), .part(cycles: times.barrier),
        .part(sharedBytes: part, cycles: times.roundTrip),
        .part(instructions: (warps + 2) * step.count),
      ]
    default:
      work.sharedBytes = step.bytes(0, type) + warps * step.bytes(1, type)
      guard step.tile?.name == "dK" else { return [] }
      return [.part(sharedBytes: 2 * step.bytes(1, type), cycles: times.exchange)]
    }
    return []
  }
}
