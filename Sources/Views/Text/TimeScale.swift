// One unit for times that are compared, so that their digits line up.

import Machine

/// The unit of several times: s, ms or µs, whichever gives the longest a whole part.
package struct TimeScale: Sendable {
  private let size: Double
  private let name: String

  /// - Parameter times: all times that are compared, seconds.
  package init(_ times: [Double]) {
    let longest = times.max() ?? 0
    (size, name) = longest >= 1 ? (1, "s") : longest >= 1e-3 ? (1e-3, "ms") : (1e-6, "µs")
  }

  /// A time with three decimals: `0.018 ms`.
  package func text(_ seconds: Double) -> String { "\(fixed(seconds / size, 3)) \(name)" }
}
