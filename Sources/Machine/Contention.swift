// What blocks on one SM do to each other where units serve fairly. Two blocks need not be in step:
// a unit is busy for a neighbour as large a part of the time as the neighbour spends on it, and an
// op takes longer by that part. In step it would be twice as long, in perfect turns not at all;
// hardware was measured halfway between.

/// How much longer an op takes on each unit for the block's neighbours.
typealias Stretch = SIMD8<Double>

/// What its neighbours do to a block.
struct Neighbours: Sendable {
  var stretch: Stretch
  /// Ticks that the block's longest stream takes with them.
  var strain: Double
}

/// What a block asks of the units over its whole life.
struct UnitLoad: Sendable {
  /// Equal ops of one stream of arithmetic: ticks on each unit and of latency, and how many there are.
  private struct Ops: Sendable {
    var ticks: Stretch
    var latency: Double
    var count: Double
  }

  /// Ticks on each unit, of all its ops.
  private var total = Stretch()
  private var streams: [[Ops]] = []
  /// SMs that share the memories, on the units that they share.
  private let shared: Stretch

  init(_ block: Block, _ needs: [Needs], busySMs: Int) {
    let nodes = block.dependencies.nodes
    var shared = Stretch(repeating: 1)
    shared[Unit.l2.rawValue] = Double(busySMs)
    self.shared = shared
    var times = Array(repeating: 1.0, count: nodes.count)
    for (range, extra) in block.folded { for op in range { times[op] += Double(extra) } }
    var counts: [Int8: [Double]] = [:]
    for (node, times) in zip(nodes, times) {
      total += Self.ticks(of: needs[Int(node.work)]) * times
      guard node.stream.isArithmetic else { continue }
      counts[node.stream.index, default: Array(repeating: 0, count: needs.count)][
        Int(node.work)] += times
    }
    total *= shared
    for stream in counts.keys.sorted() {
      streams.append(
        counts[stream]!.enumerated().filter { $1 > 0 }.map { work, count in
          Ops(
            ticks: Self.ticks(of: needs[work]) * shared,
            latency: Double(needs[work].latency * Units.ticksPerCycle), count: count)
        })
    }
  }

  private static func ticks(of needs: Needs) -> Stretch {
    var ticks = Stretch()
    for lane in ticks.indices { ticks[lane] = Double(needs.ticks[lane]) }
    return ticks
  }

  /// Ticks that the block's longest stream takes under `stretch`.
  fileprivate func duration(_ stretch: Stretch) -> Double {
    var longest = (total * stretch).max()
    for stream in streams {
      var sum = 0.0
      for op in stream { sum += op.count * ((op.ticks * stretch).max() + op.latency) }
      longest = max(longest, sum)
    }
    return longest
  }

  /// The part of its life that a block spends on each unit, if alone it takes `alone` ticks.
  fileprivate func occupancy(_ stretch: Stretch, alone: Double) -> Stretch {
    let free = Stretch(repeating: 1)
    let life = alone + duration(stretch) - duration(free)
    let part = total * stretch / max(1, life)
    return part.replacing(with: free, where: part .> free)
  }
}

/// What the blocks that share an SM do to each other, while `busySMs` have blocks like them.
func neighbours(_ blocks: [Shape], busySMs: Int) -> [Neighbours] {
  let none = Stretch(repeating: 1)
  var company = none
  company[Unit.hbm.rawValue] = Double(busySMs)
  var stretches = blocks.map { _ in none }
  for _ in 0..<rounds {
    let parts = zip(blocks, stretches).map { $0.load.occupancy($1, alone: $0.alone) }
    let all = parts.reduce(Stretch(), +) * company
    var change = 0.0
    for index in blocks.indices {
      let next = (stretches[index] + none + all - parts[index]) / 2
      change = max(change, (next - stretches[index]).max(), (stretches[index] - next).max())
      stretches[index] = next
    }
    if change < settled { break }
  }
  return zip(blocks, stretches).map {
    Neighbours(stretch: $1, strain: max(1, $0.load.duration($1)))
  }
}

/// Each stretch depends on all others: halfway to where they point, until none moves by more.
private let rounds = 40
private let settled = 1e-4
