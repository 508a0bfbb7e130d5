// Times that stand beside each other are compared: they have one unit and as many decimals.

import Machine

/// The unit of some times: that in which the longest has a whole part.
package struct TimeScale: Sendable {
  private let size: Double
  private let name: String

  /// - Parameter times: all that are compared, seconds.
  package init(_ times: [Double]) {
    let longest = times.max() ?? 0
    (size, name) = longest >= 1 ? (1, "s") : longest >= 1e-3 ? (1e-3, "ms") : (1e-6, "µs")
  }

  /// With three decimals: `0.018 ms`.
  package func text(_ seconds: Double) -> String { "\(fixed(seconds / size, 3)) \(name)" }
}
