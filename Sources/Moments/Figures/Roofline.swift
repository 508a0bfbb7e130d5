// The roofline model (Williams, Waterman, Patterson 2009): the FLOP/s that bandwidth and units
// allow at an arithmetic intensity, and the FLOP/s that a run and its launches reach.

import Kernels
import Machine

/// A run or one of its launches as a point of the roofline plot.
package struct RooflinePoint: Sendable {
  package let name: String
  /// False for a launch.
  package let isRun: Bool
  /// Arithmetic intensity: FLOPs of products per byte that crosses the HBM bus.
  package let intensity: Double
  /// FLOP/s of products.
  package let speed: Double

  fileprivate init(_ name: String, isRun: Bool, flops: Int, busBytes: Int, seconds: Double) {
    self.name = name
    self.isRun = isRun
    intensity = Double(flops) / Double(max(1, busBytes))
    speed = Double(flops) / seconds
  }
}

extension CompletedRun {
  /// The point of the whole run, up to its last cycle, launch overhead included.
  package func rooflinePoint(named name: String) -> RooflinePoint {
    let launches = recording.totals.launches
    return RooflinePoint(
      name, isRun: true, flops: launches.reduce(0) { $0 + $1.matmulFlops },
      busBytes: launches.reduce(0) { $0 + $1.busBytes },
      seconds: recording.device.seconds(max(1, recording.totals.cycles)))
  }

  /// One point per launch, without launch overhead; empty for a run of one launch.
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

/// The roof: the FLOP/s that a device allows for products of the program's format.
package struct Roof: Sendable {
  /// FLOP/s of all SMs together at full rate.
  package let peak: Double
  /// Bandwidth of HBM, bytes/s.
  package let bandwidth: Double
  /// The unit that multiplies tiles of this format.
  package let unit: Unit
  /// Intensity of the ridge point, FLOPs per byte: below it the bus is the limit, above it the
  /// unit.
  package var ridge: Double { peak / bandwidth }

  package init(_ moment: Moment) {
    let device = moment.recording.device
    let hertz = device.clockMHz * 1e6
    let multiplier = device.multiplier(for: moment.program.type)
    unit = multiplier.unit
    peak = multiplier.perCycle * Double(device.smCount) * hertz
    bandwidth = (device.rates[.hbm]?.perCycle ?? 1) * hertz
  }

  /// The FLOP/s that the roof allows at `intensity` FLOPs per byte.
  package func attainable(_ intensity: Double) -> Double { min(peak, intensity * bandwidth) }
}
