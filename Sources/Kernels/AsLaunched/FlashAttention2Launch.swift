// FlashAttention-2 as released: its tiles, warps and instructions. Source:
// Dao-AILab/flash-attention 2, csrc/flash_attn/src, flash_fwd_launch_template.h,
// flash_bwd_launch_template.h, kernel_traits.h.

import Machine

/// The released implementation of `flash-attention-2`.
struct FlashAttention2Launch: Released {
  /// The released kernel's tiles for 16-bit formats; nil for other formats, and on a device that
  /// serves first come first served.
  func launched(_ problem: AttentionProblem, on device: Device) -> Mapping? {
    guard device.queueDiscipline == .processorSharing, problem.type.bytes == 2 else { return nil }
    let d = max(problem.d, problem.dv)
    let drops = problem.dropout != nil
    return Mapping(
      launching: Self.forwardTiles(d, drops, problem.maskRule, device),
      backward: Self.backwardTiles(d, device))
  }

  private static func forwardTiles(
    _ d: Int, _ drops: Bool, _ mask: Mask.Rule, _ device: Device
  ) -> Tiles {
    if d <= 64 { return Tiles(128, drops ? 64 : 128, warps: 4) }
    let isSmall = device.sharedBytesPerBlock < 144 * 1024
    if d <= 128 {
      if drops { return Tiles(128, 32, warps: 4) }
      guard isSmall else { return Tiles(128, 64, warps: 4) }
      return mask == .causal ? Tiles(64, 64, warps: 4) : Tiles(128, 32, warps: 4)
    }
    // 128 × 64 only where two blocks of smaller tiles would not fit on an SM: on the A100.
    return !isSmall && device.sharedBytes < 200 * 1024
      ? Tiles(128, 64, warps: 8) : Tiles(64, 64, warps: 4)
  }

  private static func backwardTiles(_ d: Int, _ device: Device) -> Tiles {
    let isSmall = device.sharedBytesPerBlock < 144 * 1024
    if d <= 64 { return Tiles(isSmall ? 64 : 128, 128, warps: 8) }
    if d <= 128 { return Tiles(64, isSmall ? 64 : 128, warps: 8) }
    return Tiles(64, isSmall ? 32 : 64, warps: 8)
  }

  func withReleasedCosts(
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
    return BackwardAuxiliaryLaunches.withReleasedCosts(launch, problem, device) {
      $0.at(
        Self.backwardCostModel(problem, mapping, device), Self.backwardFootprint(problem, mapping),
        mapping,
        device)
    }
  }

  /// Besides the matrices: L; in a backward pass also D and the fp32 buffer of dQ.
  func memory(_ problem: AttentionProblem, _ mapping: Mapping) -> Int? {
    problem.matrixBytes + (problem.hasBackward ? problem.querySumBytes : 0)
      + problem.statisticBytes(problem.hasBackward ? 2 : 1)
  }

  // MARK: Forward

  /// Shared memory holds one tile each of Q, K and V: V is loaded while K is in use, and K while V
  /// is.
  static func forwardFootprint(_ problem: AttentionProblem, _ mapping: Mapping) -> Footprint {
    let bytes = problem.type.bytes
    return Footprint(
      shared: (mapping.rows * problem.d + mapping.columns * (problem.d + problem.dv)) * bytes,
      warps: mapping.warps)
  }

  /// The cost of a forward op. Each warp owns rows of S and O, so it reads its part of Q and all of
  /// K and V.
  static func forwardPrice(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> CostModel {
    let (type, warps) = (problem.type, mapping.warps)
    let times = FixedTimes(device, warps: warps)
    return { op, cost in
      switch op.operation {
      case .load:
        cost.sharedBytes = 0
        // V is asked for when K has come, and the next K when V has.
        cost.isAwaited = ["K", "V"].contains(op.tile?.name)
      case .product(_, let accumulating, _):
        cost.sharedBytes = warps * op.bytes(1, type) + (accumulating ? 0 : op.bytes(0, type))
        cost.latency = times.barrier
      case .convert: cost.issueIntegers(0.5, op.count)
      default: cost.issueSoftmax(op, times)
      }
      return []
    }
  }

  // MARK: Backward

  /// How the warps divide the products: rows of the warp grid for S and dP (`scores`), for dV and
  /// dK (`keys`), and for dQ (`queries`); and whether V stays in registers.
  private struct WarpGrid {
    var scores: Int
    var keys: Int
    var queries: Int
    var keepsV = false
  }

  private static func warpGrid(_ d: Int, _ mapping: Mapping, _ device: Device) -> WarpGrid {
    let isSmall = device.sharedBytesPerBlock < 144 * 1024
    if d <= 64 {
      return isSmall
        ? WarpGrid(scores: 2, keys: 4, queries: 4, keepsV: true)
        : WarpGrid(scores: 4, keys: 4, queries: 4)
    }
    if d <= 128 {
      return isSmall
        ? WarpGrid(scores: 4, keys: 2, queries: 2, keepsV: true)
        : WarpGrid(scores: 2, keys: 4, queries: 2)
    }
    return isSmall
      ? WarpGrid(scores: 4, keys: 1, queries: 2, keepsV: true)
      : WarpGrid(scores: 4, keys: 2, queries: 2)
  }

  /// Shared memory holds K, V, two tiles of Q and one of dO, P and dS.
  static func backwardFootprint(_ problem: AttentionProblem, _ mapping: Mapping) -> Footprint {
    let rows = mapping.rows * (2 * problem.d + problem.dv)
    let columns = mapping.columns * (problem.d + problem.dv)
    let scores = 2 * mapping.rows * mapping.columns
    return Footprint(
      shared: (rows + columns + scores) * problem.type.bytes, warps: mapping.warps)
  }

  static func backwardCostModel(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> CostModel {
    let (type, warps) = (problem.type, mapping.warps)
    let times = FixedTimes(device, warps: warps)
    let grid = warpGrid(max(problem.d, problem.dv), mapping, device)
    return { op, cost in
      switch op.operation {
      case .load: cost.sharedBytes = 0
      case .product:
        let name = op.tile?.name ?? ""
        let rows =
          ["dV", "dK"].contains(name) ? grid.keys : name == "dQ" ? grid.queries : grid.scores
        // An operand is read once by each row or column of warps that needs all of it.
        cost.sharedBytes = warps / rows * op.bytes(0, type)
        if name != "dP" || !grid.keepsV { cost.sharedBytes += rows * op.bytes(1, type) }
        cost.latency = ["S", "dV", "dQ"].contains(name) ? times.barrier : 0
      case .logits(let rule): cost.issueLogits(rule, op.count)
      case .random: cost.issueIntegers(dropoutInstructions(op, perCall: 16), op.count)
      case .convert:
        cost.issueIntegers(0.5, op.count)
        let cycles = op.tile?.name == "dS" ? times.exchange : 0
        return [.part(sharedBytes: op.count * type.bytes, cycles: cycles)]
      case .add:
        cost.launchedBytes = 2 * op.count * DataType.fp32.bytes
        cost.sharedBytes = 0
        cost.issuedInstructions = 2 * op.count
      default: cost.issueGradient(op)
      }
      return []
    }
  }
}
