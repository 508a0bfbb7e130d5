// The result of a sweep: numbers of many runs as a function of one option, and their JSON.

import Foundation

/// Numbers for every kernel, device and value of the option.
package struct Sweep: Sendable {
  /// One run of the sweep.
  package struct Point: Sendable {
    package var kernel: String
    package var device: String
    /// Value of the swept option.
    package var value: Double
    /// The requested numbers by name; those that the run does not have are missing.
    package var figures: [String: Double] = [:]
    /// Why the run has no numbers, or no ratio to the baseline; nil where it has.
    package var reason: String?
    /// The reason in two or three words.
    package var infeasibility: String?

    package init(kernel: String, device: String, value: Double) {
      (self.kernel, self.device, self.value) = (kernel, device, value)
    }
  }

  /// Name of the swept option: `n`, `tile-cols` …
  package var option: String
  /// True where successive values have a constant ratio; the axis is then logarithmic.
  package var isMultiplicative: Bool
  /// Names of the requested numbers.
  package var figures: [String]
  package var kernels: [String]
  package var devices: [String]
  /// The kernel that ratios are relative to; nil without ratios.
  package var baseline: String?
  /// In any order.
  package var points: [Point] = []

  package init(
    option: String, isMultiplicative: Bool, figures: [String], kernels: [String],
    devices: [String], baseline: String? = nil
  ) {
    (self.option, self.isMultiplicative, self.figures) = (option, isMultiplicative, figures)
    (self.kernels, self.devices, self.baseline) = (kernels, devices, baseline)
  }

  /// The points of one kernel on one device, by value.
  package func series(_ kernel: String, on device: String) -> [Point] {
    points.filter { $0.kernel == kernel && $0.device == device }.sorted { $0.value < $1.value }
  }

  /// All points, by device, then kernel, then value.
  package var ordered: [Point] {
    devices.flatMap { device in kernels.flatMap { series($0, on: device) } }
  }
}

extension Sweep {
  /// Between two values of the option the smaller figure is another kernel's.
  package struct Crossover: Sendable, Encodable, Equatable {
    package var figure: String
    package var device: String
    /// The kernel with the smaller figure from `to` on, and that with the smaller one up to `from`.
    package var kernel: String
    package var passes: String
    package var from: Double
    package var to: Double
  }

  /// Where one kernel's figure falls below another's, for every pair of kernels.
  package var crossovers: [Crossover] {
    var result: [Crossover] = []
    for figure in figures {
      for device in devices {
        for (index, first) in kernels.enumerated() {
          for second in kernels[(index + 1)...] {
            result += crossovers(figure, device, first, second)
          }
        }
      }
    }
    return result
  }

  private func crossovers(
    _ figure: String, _ device: String, _ first: String, _ second: String
  ) -> [Crossover] {
    let pairs = zip(series(first, on: device), series(second, on: device)).compactMap {
      a, b -> (value: Double, difference: Double)? in
      guard let x = a.figures[figure], let y = b.figures[figure], x != y else { return nil }
      return (a.value, x - y)
    }
    return zip(pairs, pairs.dropFirst()).compactMap { before, after in
      guard (before.difference < 0) != (after.difference < 0) else { return nil }
      let isFirst = after.difference < 0
      return Crossover(
        figure: figure, device: device, kernel: isFirst ? first : second,
        passes: isFirst ? second : first, from: before.value, to: after.value)
    }
  }
}

extension Sweep: Encodable {
  private enum CodingKeys: String, CodingKey {
    case schema, over, figures, baseline, points, crossovers
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(1, forKey: .schema)
    try container.encode(option, forKey: .over)
    try container.encode(figures, forKey: .figures)
    try container.encodeIfPresent(baseline, forKey: .baseline)
    try container.encode(ordered.map { NamedPoint(point: $0, names: figures) }, forKey: .points)
    if !crossovers.isEmpty { try container.encode(crossovers, forKey: .crossovers) }
  }

  /// A point with all requested numbers, null where it has none.
  private struct NamedPoint: Encodable {
    var point: Point
    var names: [String]

    private enum CodingKeys: String, CodingKey { case kernel, device, value, figures, reason }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(point.kernel, forKey: .kernel)
      try container.encode(point.device, forKey: .device)
      try container.encode(point.value, forKey: .value)
      let all = names.map { ($0, point.figures[$0]) }
      try container.encode(Dictionary(all, uniquingKeysWith: { $1 }), forKey: .figures)
      try container.encodeIfPresent(point.reason, forKey: .reason)
    }
  }
}
