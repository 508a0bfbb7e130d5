// Roofline (Williams, Waterman, Patterson 2009): what the bus and the units allow, and where a run and its
// launches lie below that.

import Kernels
import Machine

/// A run, or a launch of it, as a point below the roof.
package struct RooflinePoint: Sendable {
  package let name: String
  /// False for a launch.
  package let isRun: Bool
  /// FLOPs per byte that crosses the HBM bus.
  package let intensity: Double
  /// FLOP/s.
  package let speed: Double

  fileprivate init(_ name: String, isRun: Bool, flops: Int, busBytes: Int, seconds: Double) {
    self.name = name
    self.isRun = isRun
    intensity = Double(flops) / Double(max(1, busBytes))
    speed = Double(flops) / seconds
  }
}

extension CompletedRun {
  /// The whole run, whatever has been played of it.
  package func rooflinePoint(named name: String) -> RooflinePoint {
    let launches = recording.totals.launches
    return RooflinePoint(
      name, isRun: true, flops: launches.reduce(0) { $0 + $1.matmulFlops },
      busBytes: launches.reduce(0) { $0 + $1.busBytes },
      seconds: recording.device.seconds(max(1, recording.totals.cycles)))
  }

  /// Each launch without its overhead; none where there is only one.
  package var rooflinePointsOfLaunches: [RooflinePoint] {
    let launches = recording.totals.launches
    guard launches.count > 1 else { return [] }
    return launches.map {
      RooflinePoint(
        $0.name, isRun: false, flops: $0.matmulFlops, busBytes: $0.busBytes,
        seconds: recording.device.seconds(max(1, $0.cycles)))
    }
  }
}

/// The device's limits for matrix FLOPs.
package struct Roof: Sendable {
  /// FLOP/s of all SMs, and bytes/s of HBM.
  package let peak: Double
  package let bandwidth: Double
  /// Which unit multiplies.
  package let unit: Unit
  package var ridge: Double { peak / bandwidth }

  package init(_ moment: Moment) {
    let device = moment.recording.device
    let hertz = device.clockMHz * 1e6
    let multiplier = device.multiplier(for: moment.program.type)
    unit = multiplier.unit
    peak = multiplier.perCycle * Double(device.smCount) * hertz
    bandwidth = (device.rates[.hbm]?.perCycle ?? 1) * hertz
  }

  package func attainable(_ intensity: Double) -> Double { min(peak, intensity * bandwidth) }
}
