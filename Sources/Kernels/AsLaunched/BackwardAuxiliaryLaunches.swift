// The launches before and after a released backward kernel. The kernel sums dQ in an fp32 buffer,
// which must be cleared first and converted to the storage format at the end; the algorithm has
// neither.

import Machine

/// The costs of the launches of a released backward pass.
enum BackwardAuxiliaryLaunches {
  /// A launch with its released cost: `delta` computes D, `convert` converts dQ, and `itself` gives
  /// the cost of all others.
  static func withReleasedCosts(
    _ launch: Launch, _ problem: AttentionProblem, _ device: Device,
    _ itself: (Launch) -> Launch
  ) -> Launch {
    switch launch.name {
    case "delta", "dot": delta(launch, problem, device)
    case "convert": conversion(launch, problem, device)
    default: itself(launch)
    }
  }

  /// The launch before: besides storing D, it clears the fp32 buffer of dQ.
  private static func delta(
    _ launch: Launch, _ problem: AttentionProblem, _ device: Device
  ) -> Launch {
    var launch = launch
    launch.bandwidthShare = device.elementwiseShare
    launch.costModel = { op, cost in
      guard case .store = op.operation else { return [] }
      let rows = op.tile?.rows ?? 0
      cost.launchedBytes = cost.hbmBytes + rows * problem.d * DataType.fp32.bytes
      return []
    }
    return launch
  }

  /// The launch after: it loads dQ in fp32 and stores it in the storage format.
  private static func conversion(
    _ launch: Launch, _ problem: AttentionProblem, _ device: Device
  ) -> Launch {
    var launch = launch
    launch.bandwidthShare = device.elementwiseShare
    launch.costModel = { op, cost in
      let isLoad = if case .load = op.operation { true } else { false }
      cost.launchedBytes = op.count * (isLoad ? DataType.fp32.bytes : problem.type.bytes)
      cost.hbmBytes = 0
      return []
    }
    return launch
  }
}
