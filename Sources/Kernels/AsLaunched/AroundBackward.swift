// What released backward kernels launch before and after: dQ is summed in fp32, in a buffer that must
// be cleared first and brought to the storage format at the end. The algorithm knows neither.

import Machine

enum AroundBackward {
  /// The launch of D, the conversion of dQ, and between them the backward pass itself.
  static func priced(
    _ launch: Launch, _ problem: AttentionProblem, _ device: Device,
    _ itself: (Launch) -> Launch
  ) -> Launch {
    switch launch.name {
    case "delta": delta(launch, problem, device)
    case "convert": conversion(launch, problem, device)
    default: itself(launch)
    }
  }

  /// Besides D, the launch before sets the fp32 sum of dQ to zero.
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

  /// The launch after: fp32 in, the storage format out.
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
