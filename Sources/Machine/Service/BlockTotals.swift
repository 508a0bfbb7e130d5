// What one thread block adds to the totals of a run.

/// The totals of one block, with all iterations of sampled loops.
struct BlockTotals: Sendable {
  var ops = 0
  /// Its ops that take time, with all iterations of sampled loops.
  var timedOps = 0
  var cost = OpCost()
  var instructions = 0
  /// Those of them on the lanes for integers.
  var integerInstructions = 0
  /// FLOPs of products as launched.
  var multiplied = 0
  /// Bytes that a released kernel moves between the SM and HBM or L2.
  var movedBytes = 0
  /// Bytes of `movedBytes` that cross the HBM bus; L2 serves the others.
  var busBytes = 0
  /// Ticks that its ops occupy each unit.
  var busyTicks = Ticks()
  /// Per tensor: the bytes that the algorithm counts.
  var tensors: [Transfers]
  /// Per tensor: the bytes that a released kernel moves.
  var launched: [Transfers]

  init(_ block: Block, _ demands: [UnitDemand], _ shares: [L2.MissRates]) {
    tensors = Array(repeating: Transfers(), count: block.tensors.count)
    launched = tensors
    ops = block.count
    var times = Array(repeating: 0, count: block.costs.count)
    for node in block.dependencies.nodes { times[Int(node.cost)] += 1 }
    for (range, extra) in block.fastForwarded {
      for op in range { times[Int(block.dependencies.nodes[op].cost)] += extra }
    }
    timedOps = times.dropFirst().reduce(0, +)
    for (index, count) in times.enumerated() where count > 0 {
      add(block.costs[index], demands[index], count, shares)
    }
  }

  private mutating func add(
    _ one: OpCost, _ demand: UnitDemand, _ count: Int, _ shares: [L2.MissRates]
  ) {
    cost.matmul += count * one.matmul
    cost.recomputed += count * one.recomputed
    cost.elementwise += count * one.elementwise
    cost.exponential += count * one.exponential
    instructions += count * (one.instructions + one.integerInstructions)
    integerInstructions += count * one.integerInstructions
    multiplied += count * one.multiplied
    busyTicks &+= demand.ticks &* Ticks(repeating: count)
    guard one.tensor >= 0 else { return }
    movedBytes += count * one.movedBytes
    tensors[Int(one.tensor)].add(one, bytes: count * one.hbmBytes)
    launched[Int(one.tensor)].add(one, bytes: count * one.movedBytes)
    let share = shares[Int(one.tensor)]
    busBytes += Int(
      (Double(count * one.movedBytes) * (one.isStore ? share.stores : share.loads)).rounded())
  }
}

extension Transfers {
  /// Adds the bytes of a transfer; half of those of an atomic addition are read, half are written.
  mutating func add(_ cost: OpCost, bytes: Int) {
    if cost.isAtomicAdd {
      readBytes += bytes / 2
      writeBytes += bytes / 2
    } else if cost.isStore {
      writeBytes += bytes
    } else {
      readBytes += bytes
    }
  }
}

extension Totals {
  /// Adds `times` equal blocks.
  /// - Parameter sramBytes: SRAM in use on the SM that takes one, the block included.
  mutating func add(_ block: BlockTotals, times: Int, sramBytes: Int) {
    ops += times * block.ops
    matmulFlops += times * block.cost.matmul
    recomputedFlops += times * block.cost.recomputed
    elementwiseOps += times * block.cost.elementwise
    exponentials += times * block.cost.exponential
    instructions += times * block.instructions
    l2HitBytes += times * (block.movedBytes - block.busBytes)
    busyTicks &+= block.busyTicks &* Ticks(repeating: times)
    sramPeakBytes = max(sramPeakBytes, sramBytes)
    let launch = launches.count - 1
    launches[launch].busyTicks &+= block.busyTicks &* Ticks(repeating: times)
    launches[launch].busBytes += times * block.busBytes
    launches[launch].matmulFlops += times * block.cost.matmul
    for index in tensors.indices {
      tensors[index].add(block.tensors[index], times: times)
      launched[index].add(block.launched[index], times: times)
      launches[launch].hbmBytes += times * block.tensors[index].bytes
    }
  }
}
