// Contention of co-resident thread blocks under processor sharing. While one block uses a unit, the
// unit is busy for the others: an op takes longer by the fraction of time for which other blocks
// use its unit. Two blocks in step would take twice as long, two that alternate perfectly no longer
// at all; measurements on hardware lie halfway.

/// Factor by which an op takes longer on each unit because of co-resident blocks; the index of a
/// lane is `Unit.rawValue`.
typealias Slowdown = SIMD8<Double>

/// The effect of the co-resident blocks on one block.
struct CoResidency: Sendable {
  var slowdown: Slowdown
  /// Ticks that the block needs at least under `slowdown`: its longest stream, or its busiest unit.
  var criticalTicks: Double
}

/// The demand of a whole block.
struct BlockDemand: Sendable {
  /// Ops of equal cost in one stream of arithmetic.
  private struct Ops: Sendable {
    /// Ticks of one op on each unit.
    var ticks: Slowdown
    /// Ticks from the moment the op frees its units to its result.
    var latency: Double
    var count: Double
  }

  /// Ticks of all ops of the block on each unit.
  private var total = Slowdown()
  private var streams: [[Ops]] = []
  /// SMs that share each unit. HBM counts as 1 here; `coResidency` accounts for it.
  private let sharers: Slowdown
  /// Ticks that the block takes without co-resident blocks.
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

  /// Ticks that the block needs at least under `slowdown`: its longest stream, or its busiest unit.
  fileprivate func criticalTicks(_ slowdown: Slowdown) -> Double {
    var longest = (total * slowdown).max()
    for stream in streams {
      var sum = 0.0
      for op in stream { sum += op.count * ((op.ticks * slowdown).max() + op.latency) }
      longest = max(longest, sum)
    }
    return longest
  }

  /// The part of its time, at most 1, for which the block uses each unit.
  fileprivate func occupancy(_ slowdown: Slowdown) -> Slowdown {
    let none = Slowdown(repeating: 1)
    let residency = aloneTicks + criticalTicks(slowdown) - criticalTicks(none)
    let part = total * slowdown / max(1, residency)
    return part.replacing(with: none, where: part .> none)
  }
}

/// The slowdown of each of the blocks that share an SM, while `busySMs` SMs hold blocks like them.
func coResidency(of blocks: [BlockDemand], busySMs: Int) -> [CoResidency] {
  let none = Slowdown(repeating: 1)
  var sharers = none
  sharers[Unit.hbm.rawValue] = Double(busySMs)
  var slowdowns = blocks.map { _ in none }
  // Each slowdown depends on all others: a fixed-point iteration, in half steps so that it
  // converges.
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

/// Iterations, at most.
private let rounds = 40
/// The change below which the slowdowns count as converged.
private let settled = 1e-4
