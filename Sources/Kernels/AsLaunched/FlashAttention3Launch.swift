// FlashAttention-3 as released: tiles, warp groups and instructions. Sources: Dao-AILab/flash-attention,
// hopper/flash_fwd_launch_template.h and flash_bwd_launch_template.h of July 2024 (with the paper), and
// hopper/tile_size.h, mask.h and mainloop_fwd_sm90_tma_gmma_ws.hpp of version 2.8 (later).

import Machine

/// The released implementation of `flash-attention-3`.
struct FlashAttention3Launch: Released {
  /// Whether this is the later build, version 2.8.
  var isLater = false

  /// Whether a device has the products of warp groups (wgmma) for which it was written. Blackwell has others.
  private static func canRun(on device: Device) -> Bool {
    device.asynchronousProducts != nil && device.tensorMemoryBytes == 0
  }

  func build(_ choices: Set<String>) -> any Released {
    FlashAttention3Launch(isLater: choices.contains("later"))
  }

  /// The released kernel's tiles for 16-bit formats and fp8; nil for other formats. It was released
  /// for devices with asynchronous products; others get FlashAttention-2's tiles, divided among two
  /// warp groups.
  func launched(_ problem: AttentionProblem, on device: Device) -> Mapping? {
    guard problem.type.bytes <= 2 else { return nil }
    guard Self.canRun(on: device) else {
      return FlashAttention2Launch().launched(problem, on: device).map(Self.divided)
    }
    let d = max(problem.d, problem.dv)
    let forward =
      problem.type == .fp8
      ? eightBitTiles(d) : forwardTiles(d, isCausal: problem.maskRule != .none)
    return Mapping(
      launching: forward, backward: backwardTiles(d, isCausal: problem.maskRule != .none))
  }

  private static func divided(_ mapping: Mapping) -> Mapping {
    let forward = Tiles(mapping.rows, mapping.columns, warps: 8, groups: 2, stages: 1)
    let back = mapping.backward.map {
      Tiles($0.rows, max(1, $0.columns / 2), warps: 8, groups: 2, stages: 1)
    }
    return Mapping(launching: forward, backward: back ?? forward)
  }

  private func forwardTiles(_ d: Int, isCausal: Bool) -> Tiles {
    if d <= 64 { return Tiles(192, isLater && !isCausal ? 192 : 128, warps: 12, groups: 3) }
    if d <= 128 { return Tiles(128, isCausal ? 128 : 176, warps: 8, groups: 2) }
    return Tiles(128, 80, warps: 8, groups: 2)
  }

  private func eightBitTiles(_ d: Int) -> Tiles {
    if d <= 64 { return Tiles(192, isLater ? 160 : 128, warps: 12, groups: 3) }
    return Tiles(128, d > 128 ? 128 : isLater ? 224 : 256, warps: 8, groups: 2)
  }

  /// The tiles of the backward pass; columns are those of one of its two warp groups.
  private func backwardTiles(_ d: Int, isCausal: Bool) -> Tiles {
    if d <= 64 { return Tiles(128, 64, warps: 8, groups: 2) }
    if d <= 128 { return Tiles(isLater && !isCausal ? 80 : 64, 64, warps: 8, groups: 2) }
    return Tiles(64, 40, warps: 8, groups: 2)
  }

  func withReleasedCosts(
    _ launch: Launch, isBackward: Bool, _ problem: AttentionProblem, _ mapping: Mapping,
    _ device: Device
  ) -> Launch {
    guard mapping.isAsLaunched else { return launch }
    guard isBackward else {
      var withReleasedCosts = launch.at(
        forwardPrice(problem, mapping, device), Self.forwardFootprint(problem, mapping),
        mapping,
        device)
      withReleasedCosts.reachesFullRate = Self.canRun(on: device)
      withReleasedCosts.starts = .persistent
      guard Self.canRun(on: device), problem.maskRule != .none else { return withReleasedCosts }
      // hopper/tile_scheduler.hpp: since January 2025 (7a802796) the longest blocks come first.
      return withReleasedCosts.dealt(
        inGroupsOf: isLater ? Self.headsInL2(problem) : nil, problem)
    }
    return BackwardAuxiliaryLaunches.withReleasedCosts(launch, problem, device) {
      var withReleasedCosts = $0.at(
        Self.backwardCostModel(problem, mapping, device), Self.backwardFootprint(problem, mapping),
        mapping,
        device)
      withReleasedCosts.reachesFullRate = Self.canRun(on: device)
      return withReleasedCosts
    }
  }

  /// Heads whose K and V fit into 32 MiB, rounded down to a power of two, times the query heads that share one
  /// (hopper/tile_scheduler.hpp).
  private static func headsInL2(_ problem: AttentionProblem) -> Int {
    let bytes = problem.keys * (problem.d + problem.dv) * problem.type.bytes
    var heads = 1
    while 2 * heads * bytes <= 32 << 20 { heads *= 2 }
    return heads * max(1, problem.heads / max(1, problem.keyValueHeads))
  }

  /// As for FlashAttention-2.
  func memory(_ problem: AttentionProblem, _ mapping: Mapping) -> Int? {
    FlashAttention2Launch().memory(problem, mapping)
  }

  /// One block per SM: it divides all 256 KiB of registers among its warp groups and the producer
  /// group of four warps, which loads.
  static func forwardFootprint(_ problem: AttentionProblem, _ mapping: Mapping) -> Footprint {
    let rows = mapping.rows * mapping.groups * problem.d
    let columns = mapping.stages * mapping.columns * (problem.d + problem.dv)
    return Footprint(
      shared: (rows + columns) * problem.type.bytes, registers: 256 * 1024,
      warps: mapping.warps + 4)
  }

  static func backwardFootprint(_ problem: AttentionProblem, _ mapping: Mapping) -> Footprint {
    let rows = mapping.rows * (2 * problem.d + problem.dv)
    let columns = mapping.groups * mapping.columns * (problem.d + problem.dv)
    let scores = 2 * mapping.rows * mapping.columns * mapping.groups
    return Footprint(
      shared: (rows + columns + scores) * problem.type.bytes, registers: 256 * 1024,
      warps: mapping.warps + 4)
  }

  // MARK: Costs

  /// The cost of a product. It reads its operands from shared memory, except P. Without asynchronous
  /// products each of a group's four warps reads the whole right operand, and the group waits.
  private static func costProduct(
    _ op: CostedOp, _ cost: inout OpCost, _ type: DataType, _ device: Device, operands: [Int]
  ) {
    guard Self.canRun(on: device) else {
      cost.sharedBytes = operands.reduce(0) { $0 + ($1 == 1 ? 4 : 1) * op.bytes($1, type) }
      return
    }
    cost.sharedBytes = operands.reduce(0) { $0 + op.bytes($1, type) }
    // The latency of an instruction is the time in which it goes through, so a chain of them has no gap.
    cost.unitLatency = 0
  }

  func forwardPrice(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> CostModel {
    let type = problem.type
    let times = FixedTimes(device, warps: mapping.warps)
    let hasWgmma = Self.canRun(on: device)
    // Tiles of 192 × 192 leave no registers for P, which goes through shared memory (tile_size.h, MmaPV_is_RS).
    let storesWeights = isLater && mapping.columns == 192 && hasWgmma
    // Two warp groups synchronize at a named barrier.
    let turn = FixedTimes(device, warps: 8).barrier
    // Clusters of two blocks fetch K and V once for both (flash_fwd_launch_template.h).
    let isShared =
      hasWgmma && problem.maskRule == .none && max(problem.d, problem.dv) >= 128
    return { op, cost in
      switch op.operation {
      case .load:
        cost.sharedBytes = 0
        if isShared, ["K", "V"].contains(op.tile?.name) { cost.launchedBytes = cost.hbmBytes / 2 }
      case .product:
        let isScores = op.tile?.name == "S"
        Self.costProduct(
          op, &cost, type, device, operands: isScores || storesWeights ? [0, 1] : [1])
        if hasWgmma { return [times.barrierOfLoad] }
      case .barrier: cost.latency = turn
      case .convert:
        // Eight-bit weights are exchanged among threads before they can be operands.
        cost.issueIntegers(type == .fp8 ? 1 : 0.5, op.count)
        guard storesWeights else { break }
        return [.part(sharedBytes: op.count * type.bytes, cycles: times.roundTrip)]
      case .logits(let rule):
        // A comparison for the two rows of a thread, and a selection (mask.h, Seqlenk_mask).
        cost.issueLogits(rule, op, comparingFirst: 1.5)
      default:
        cost.issueSoftmax(op, times)
        cost.latency += Self.chainCycles(op, cost, device)
        // O leaves through the shared memory in which V was, once no group reads V any more.
        if op.dividesOutput { return [.part(cycles: times.barrier), op.leaving(type, times)] }
      }
      return []
    }
  }

  /// Cycles by which a thread's chain over the columns of a row is longer than the lanes are busy with it. Of a row of
  /// a product a thread has every fourth column, and takes one after the other (softmax.h, thread_reduce_).
  private static func chainCycles(_ op: CostedOp, _ cost: OpCost, _ device: Device) -> Int {
    let columns = op.inputs.map(\.columns).max() ?? 0
    let unit: Unit
    if op.verb == .rowmax { unit = .alu } else if op.sumsRows { unit = .fp32 } else { return 0 }
    guard columns > 1, let rate = device.rates[unit] else { return 0 }
    let busy = Double(cost.instructions + cost.integerInstructions) / rate.perCycle
    return max(0, columns / 4 * rate.latency - Int(busy))
  }

  static func backwardCostModel(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> CostModel {
    let type = problem.type
    let times = FixedTimes(device, warps: mapping.warps)
    let turn = FixedTimes(device, warps: 8).barrier
    return { op, cost in
      switch op.operation {
      case .load: cost.sharedBytes = 0
      case .product:
        costProduct(op, &cost, type, device, operands: [0, 1])
        // Q has come for S, and dO for dP.
        if canRun(on: device), ["S", "dP"].contains(op.tile?.name) { return [times.barrierOfLoad] }
      case .barrier: cost.latency = turn
      case .logits(let rule): cost.issueLogits(rule, op.count)
      case .random: cost.issueIntegers(dropoutInstructions(op, perCall: 16), op.count)
      case .convert:
        cost.issueIntegers(0.5, op.count)
        return [.part(sharedBytes: op.count * type.bytes, cycles: times.roundTrip)]
      case .add:
        // The warp groups' parts are summed in fp32 in shared memory, written and read there once, and added to HBM.
        cost.launchedBytes = 2 * op.count * DataType.fp32.bytes / mapping.groups
        cost.sharedBytes = cost.launchedBytes ?? 0
      default: cost.issueGradient(op)
      }
      return []
    }
  }
}
