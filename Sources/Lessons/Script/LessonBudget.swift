// Limits the cost of all runs of a lesson, so that it opens in a few seconds and needs much less
// than a gigabyte, wherever it comes from. Costs are estimated before anything is simulated.

import Kernels
import Machine

/// The cost of a lesson's runs so far, and its limits.
struct LessonBudget {
  /// The estimated cost of a run.
  struct Cost {
    var events = 0.0
    /// FLOPs to compute the values, those of the exact formula included.
    var flops = 0.0
    /// Bytes of the tensors and of every tile that is written.
    var bytes = 0.0
    /// Tile products of a timing-only run.
    var timedSteps = 0.0
  }

  /// A limit, and the name of what it limits in error messages.
  private struct Limit: Sendable {
    var most: Double
    var name: String
    var cost: @Sendable (Cost) -> Double
  }

  private static let limits = [
    Limit(most: 750_000, name: "events", cost: \.events),
    Limit(most: 2e9, name: "FLOPs of values", cost: \.flops),
    Limit(most: 400e6, name: "bytes of tiles", cost: \.bytes),
    Limit(most: 0x1p24, name: "tile steps without events", cost: \.timedSteps),
  ]

  private var spent = Cost()

  /// Adds the cost of a run.
  /// - Returns: the error message where a limit is exceeded; else nil.
  mutating func take(_ cost: Cost) -> String? {
    spent.events += cost.events
    spent.flops += cost.flops
    spent.bytes += cost.bytes
    spent.timedSteps += cost.timedSteps
    guard let limit = Self.limits.first(where: { $0.cost(spent) > $0.most }) else { return nil }
    let (own, all) = (limit.cost(cost), limit.cost(spent))
    let others = own < all ? ", and with the runs above \(Quantity(all).text)" : ""
    return
      "too large for a lesson: about \(Quantity(own.rounded()).text) \(limit.name)\(others); at "
      + "most \(Quantity(limit.most).text) for all runs together"
  }
}

extension LessonBudget.Cost {
  /// - Parameter hasValues: true where the values of tiles are computed.
  init(recording plan: Plan, hasValues: Bool) {
    let passes = plan.recordedPrograms(hasValues: hasValues)
    for program in passes {
      let ops = program.countOps()
      events += 2 * ops.count
      if hasValues { bytes += ops.bytes + program.tensors.reduce(0) { $0 + Double($1.bytes) } }
    }
    if hasValues { flops = plan.problem.valueFlops }
  }

  init(timing plan: Plan) {
    // Long loops of a released kernel are sampled; those of other kernels are simulated in full.
    let steps = plan.problem.tileProducts(plan.mapping)
    timedSteps = plan.mapping.isAsLaunched ? steps : steps * 400
  }
}

extension Plan {
  /// The programs to record: a backward pass alone needs the results of the forward pass, which is
  /// recorded first.
  fileprivate func recordedPrograms(hasValues: Bool) -> [Program] {
    guard hasValues, case .attention(var forward) = problem, forward.pass == .backward else {
      return [program]
    }
    forward.pass = .forward
    let before = kernel.program(for: .attention(forward), mapping: mapping, device: device)
    return [program] + (before.map { [$0] } ?? [])
  }
}

extension Program {
  /// Estimate of the number of ops and of the bytes of the tiles that they write: each block counts
  /// as the largest of three blocks.
  fileprivate func countOps() -> (count: Double, bytes: Double) {
    var (count, bytes) = (0.0, 0.0)
    for launch in launches where launch.blocks > 0 {
      let blocks = Set([0, launch.blocks / 2, launch.blocks - 1]).map { block($0, of: launch) }
      count += Double(launch.blocks) * Double(blocks.map(\.ops.count).max() ?? 0)
      bytes += Double(launch.blocks) * (blocks.map(\.writtenBytes).max() ?? 0)
    }
    return (count, bytes)
  }
}

extension Block {
  fileprivate var writtenBytes: Double {
    ops.reduce(0) { $0 + ($1.tile.map { Double(tiles[$0].bytes) } ?? 0) }
  }
}

extension Problem {
  /// FLOPs to compute the values and the exact results; an exponential counts as ten.
  fileprivate var valueFlops: Double {
    switch self {
    case .attention(let p):
      let pairs = Double(p.planes) * Double(p.queries) * Double(p.keys)
      let forward = pairs * 2 * Double(p.d + p.dv + 10)
      return 2 * (p.hasBackward ? 4 * forward : forward)
    case .matmul(let p): return 4 * Double(p.m) * Double(p.n) * Double(p.k)
    }
  }
}
