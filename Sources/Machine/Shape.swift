// A block, ready to be timed: what waits for what, what each op needs of which unit, and what the
// block adds to the totals. Blocks that differ only in the places they name share one.

/// Ticks that an op takes on each unit, at the unit's full rate; lanes are `Unit.rawValue`.
typealias Ticks = SIMD8<Int>

/// What an op needs of the machine.
struct Needs: Sendable {
  enum Kind: Sendable {
    case nothing, work, transfer, lap
    case skip(iterations: Int, measured: Int)
  }

  var kind: Kind
  var ticks: Ticks
  /// Cycles from the end of the occupation to the result.
  var latency: Int
  /// True where L2 serves more of a load than HBM.
  var inL2 = false

  var isSkip: Bool {
    if case .skip = kind { return true }
    return false
  }
}

/// The ops of a block as the clock sees them.
struct Steps: Sendable {
  let nodes: [Dependencies.Node]
  let followers: [Dependencies.Link]
  /// Per stream, its first op.
  let heads: [Int32]
  /// One per different work of the block.
  let needs: [Needs]
}

final class Shape: Sendable {
  /// Kept for a recording only.
  let block: Block?
  let steps: Steps
  let footprint: Footprint
  let tally: Tally
  /// What it asks of the units, and the ticks that it takes on an SM of its own.
  let load: UnitLoad
  let alone: Double

  /// - Parameters:
  ///   - busySMs: SMs that share the memories.
  ///   - keepsBlock: whether a recording will need the ops themselves.
  init(
    _ block: Block, _ units: Units, _ shares: [L2.Shares], footprint: Footprint, busySMs: Int,
    keepsBlock: Bool
  ) {
    self.block = keepsBlock ? block : nil
    self.footprint = footprint
    let needs = block.works.map { units.needs(of: $0, shares) }
    let order = keepsBlock ? block.dependencies : block.dependencies.reduced()
    steps = Steps(
      nodes: order.nodes, followers: order.followers, heads: order.heads, needs: needs)
    tally = Tally(block, needs, shares)
    load = UnitLoad(block, needs, busySMs: busySMs)
    let isFair = units.device.service == .fair
    let cycles = isFair ? Resident.cyclesAlone(steps, busySMs: busySMs) : 0
    alone = Double(cycles * Units.ticksPerCycle)
  }
}

/// What a block adds to the totals, its cut iterations included.
struct Tally: Sendable {
  var ops = 0
  var work = Work()
  var instructions = 0
  var movedBytes = 0
  /// Those of them that cross the HBM bus; L2 serves the others.
  var busBytes = 0
  var busyTicks = Ticks()
  /// Per tensor: as the algorithm counts, and as launched.
  var tensors: [Transfers]
  var launched: [Transfers]

  init(_ block: Block, _ needs: [Needs], _ shares: [L2.Shares]) {
    tensors = Array(repeating: Transfers(), count: block.tensors.count)
    launched = tensors
    ops = block.count
    var times = Array(repeating: 0, count: block.works.count)
    for node in block.dependencies.nodes { times[Int(node.work)] += 1 }
    for (range, extra) in block.folded {
      for op in range { times[Int(block.dependencies.nodes[op].work)] += extra }
    }
    for (index, count) in times.enumerated() where count > 0 {
      add(block.works[index], needs[index], count, shares)
    }
  }

  private mutating func add(_ one: Work, _ needs: Needs, _ count: Int, _ shares: [L2.Shares]) {
    work.matmul += count * one.matmul
    work.recomputed += count * one.recomputed
    work.elementwise += count * one.elementwise
    work.exponential += count * one.exponential
    instructions += count * one.instructions
    busyTicks &+= needs.ticks &* Ticks(repeating: count)
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
  /// An atomic addition goes both ways.
  mutating func add(_ work: Work, bytes: Int) {
    if work.goesBothWays {
      readBytes += bytes / 2
      writeBytes += bytes / 2
    } else if work.isStore {
      writeBytes += bytes
    } else {
      readBytes += bytes
    }
  }
}
