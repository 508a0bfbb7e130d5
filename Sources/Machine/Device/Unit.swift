// The units of a GPU, and how fast each works.

/// A unit that an op can occupy. HBM and L2 are shared by all SMs; the others belong to one SM.
package enum Unit: Int, Sendable, CaseIterable {
  case tensor, fp32, sfu, shared, copy, l2, hbm
  /// The lanes for integers, comparisons, minima, maxima, logic and conversions, beside those for FP32 multiply-adds
  /// (CUDA C++ Programming Guide, arithmetic throughput). A device without them does all on the FP32 lanes.
  case alu

  /// The name used in reports.
  package var name: String {
    switch self {
    case .tensor: "tensor"
    case .fp32: "fp32"
    case .sfu: "sfu"
    case .shared: "shared"
    case .copy: "copy"
    case .l2: "l2"
    case .hbm: "hbm"
    case .alu: "alu"
    }
  }

  /// True for a unit that serves every SM.
  package var isSharedBySMs: Bool { self == .l2 || self == .hbm }

  /// The units that serve every SM.
  static let sharedBySMs = allCases.filter(\.isSharedBySMs)
}

/// The throughput and the latency of a unit.
package struct Rate: Sendable, Equatable {
  /// Throughput per cycle: FLOPs (tensor), operations (fp32, sfu) or bytes (shared, copy, l2, hbm).
  package var perCycle: Double
  /// Cycles from the moment the op frees the unit to the arrival of its result.
  package var latency: Int

  package init(perCycle: Double, latency: Int) {
    self.perCycle = perCycle
    self.latency = latency
  }
}

/// Ticks on each unit; the index of a lane is `Unit.rawValue`.
typealias Ticks = SIMD8<Int>

/// The unit of time inside the simulator: 1/1024 of a cycle. Short transfers on a fast bus would
/// otherwise each be rounded up to a cycle.
enum Tick {
  static let perCycle = 1024

  /// `ticks` in whole cycles, rounded up.
  static func cycles(_ ticks: Int) -> Int { (ticks + perCycle - 1) / perCycle }
}
