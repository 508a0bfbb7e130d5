// Contention: what co-resident thread blocks do to each other where units are shared. Two blocks need not
// be in step. A unit is busy with the other block for that part of the time which the other block spends on
// it, and an op takes longer by that part. In step it would take twice as long, in perfect turns no longer
// at all; hardware was measured halfway between.

/// How many times longer an op takes on each unit beside the co-resident blocks.
typealias Slowdown = SIMD8<Double>

/// What the co-resident blocks do to one block.
struct CoResidency: Sendable {
  var slowdown: Slowdown
  /// Ticks that the block's longest stream takes beside them.
  var criticalTicks: Double
}

/// What a block asks of the units from its first op to its last.
struct UnitLoad: Sendable {
  /// Equal ops of one stream of arithmetic.
  private struct Ops: Sendable {
    /// Ticks of one op on each unit, and of its latency.
    var ticks: Slowdown
    var latency: Double
    var count: Double
  }

  /// Ticks of all its ops on each unit.
  private var total = Slowdown()
  private var streams: [[Ops]] = []
  /// SMs that share a unit, for each unit.
  private let sharers: Slowdown
  /// Ticks that the block takes on an SM of its own.
  private let aloneTicks: Double

  init(_ block: Block, _ demands: [UnitDemand], busySMs: Int, aloneTicks: Int) {
    self.aloneTicks = Double(aloneTicks)
    let nodes = block.dependencies.nodes
    var sharers = Slowdown(repeating: 1)
    sharers[Unit.l2.rawValue] = Double(busySMs)
    self.sharers = sharers
    var times = Array(repeating: 1.0, count: nodes.count)
    for (range, extra) in block.fastForwarded { for op in range { times[op] += Double(extra) } }
    var counts: [Int8: [Double]] = [:]
    for (node, times) in zip(nodes, times) {
      total += Self.ticks(of: demands[Int(node.cost)]) * times
      guard node.stream.isArithmetic else { continue }
      counts[node.stream.index, default: Array(repeating: 0, count: demands.count)][
        Int(node.cost)] += times
    }
    total *= sharers
    for stream in counts.keys.sorted() {
      streams.append(
        counts[stream]!.enumerated().filter { $1 > 0 }.map { cost, count in
          Ops(
            ticks: Self.ticks(of: demands[cost]) * sharers,
            latency: Double(demands[cost].latency * Tick.perCycle), count: count)
        })
    }
  }

  private static func ticks(of demand: UnitDemand) -> Slowdown {
    var ticks = Slowdown()
    for lane in ticks.indices { ticks[lane] = Double(demand.ticks[lane]) }
    return ticks
  }

  /// Ticks that the block's longest stream takes under `slowdown`.
  fileprivate func criticalTicks(_ slowdown: Slowdown) -> Double {
    var longest = (total * slowdown).max()
    for stream in streams {
      var sum = 0.0
      for op in stream { sum += op.count * ((op.ticks * slowdown).max() + op.latency) }
      longest = max(longest, sum)
    }
    return longest
  }

  /// The part of its time that the block spends on each unit.
  fileprivate func occupancy(_ slowdown: Slowdown) -> Slowdown {
    let none = Slowdown(repeating: 1)
    let residency = aloneTicks + criticalTicks(slowdown) - criticalTicks(none)
    let part = total * slowdown / max(1, residency)
    return part.replacing(with: none, where: part .> none)
  }
}

/// What the blocks that share an SM do to each other, while `busySMs` SMs have blocks like them.
func coResidency(of blocks: [UnitLoad], busySMs: Int) -> [CoResidency] {
  let none = Slowdown(repeating: 1)
  var sharers = none
  sharers[Unit.hbm.rawValue] = Double(busySMs)
  var slowdowns = blocks.map { _ in none }
  // Each slowdown depends on all others: each goes halfway to where they point, until none moves any more.
  for _ in 0..<rounds {
    let parts = zip(blocks, slowdowns).map { $0.occupancy($1) }
    let all = parts.reduce(Slowdown(), +) * sharers
    var change = 0.0
    for index in blocks.indices {
      let next = (slowdowns[index] + none + all - parts[index]) / 2
      change = max(change, (next - slowdowns[index]).max(), (slowdowns[index] - next).max())
      slowdowns[index] = next
    }
    if change < settled { break }
  }
  return zip(blocks, slowdowns).map {
    CoResidency(slowdown: $1, criticalTicks: max(1, $0.criticalTicks($1)))
  }
}

/// Rounds at most, and the change below which a slowdown is taken as settled.
private let rounds = 40
private let settled = 1e-4
