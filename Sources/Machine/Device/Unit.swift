// The units of a GPU, and how fast each works.

/// What an op can reserve. HBM and L2 are shared by all SMs; the others belong to one SM.
package enum Unit: Int, Sendable, CaseIterable {
  case tensor, fp32, sfu, shared, copy, l2, hbm

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
    }
  }

  /// True for a unit that serves every SM.
  package var isSharedBySMs: Bool { self == .l2 || self == .hbm }

  static let sharedBySMs = allCases.filter(\.isSharedBySMs)
}

/// How fast a unit works and how long one result takes to come out of it.
package struct Rate: Sendable, Equatable {
  /// OpCost per cycle: FLOPs (tensor), operations (fp32, sfu) or bytes (shared, copy, l2, hbm).
  package var perCycle: Double
  /// Cycles from the end of the occupation to the arrival of the result.
  package var latency: Int

  package init(perCycle: Double, latency: Int) {
    self.perCycle = perCycle
    self.latency = latency
  }
}

/// Ticks on every unit; the lanes are `Unit.rawValue`.
typealias Ticks = SIMD8<Int>

/// A tick is 1/1024 of a cycle, so that short transfers on a fast bus do not each round up to a cycle.
enum Tick {
  static let perCycle = 1024

  /// Whole cycles, rounded up.
  static func cycles(_ ticks: Int) -> Int { (ticks + perCycle - 1) / perCycle }
}
