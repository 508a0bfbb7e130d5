// An axis of a plot: the position of a value between the smallest and the largest, and the values
// that get a label (1, 2, 5 and their multiples by powers of ten).

import Machine
import RealModule

/// An axis from `low` to `high`, linear or logarithmic.
struct PlotAxis {
  let low: Double
  let high: Double
  let isLogarithmic: Bool

  /// An axis that holds all finite `values`, which must be positive for a logarithmic axis.
  init(_ values: [Double], isLogarithmic: Bool) {
    self.isLogarithmic = isLogarithmic
    let values = values.filter(\.isFinite)
    let (least, most) = (values.min() ?? 1, values.max() ?? 1)
    if least == most {
      // A range for equal values, so that they lie in the middle.
      let margin = isLogarithmic ? 0 : max(abs(least) / 2, 0.5)
      (low, high) =
        isLogarithmic ? (least / 2, most * 2) : (least - margin, most + margin)
    } else {
      (low, high) = (least, most)
    }
  }

  /// Position of a value on the axis: 0 at `low`, 1 at `high`.
  func position(_ value: Double) -> Double {
    isLogarithmic
      ? .log(value / low) / .log(high / low) : (value - low) / (high - low)
  }

  /// Index of the cell of a value, of `count` cells from `low` to `high`; -1 or `count` for a value
  /// outside.
  func cell(_ value: Double, of count: Int) -> Int {
    let place = Int(clamping: (position(value) * Double(max(0, count - 1)) + 0.5).rounded(.down))
    return min(max(place, -1), max(0, count))
  }

  /// The value at position `share`, 0 to 1.
  func value(at share: Double) -> Double {
    isLogarithmic ? low * .pow(high / low, share) : low + share * (high - low)
  }

  /// At most about `count` round values on the axis, for labels.
  func ticks(_ count: Int) -> [Double] {
    if isLogarithmic, high / low > 3 { return logarithmicTicks(count) }
    let range = high - low
    var step = Double.exp10(Double.log10(range / Double(max(1, count))).rounded(.down))
    for factor in [2.0, 2.5, 2.0] where range / step > Double(count) { step *= factor }
    let first = (low / step - 1e-9).rounded(.up)
    let all = (0...max(0, count) + 1).map { (first + Double($0)) * step }
    return all.filter { $0 <= high + step * 1e-9 }
  }

  private func logarithmicTicks(_ count: Int) -> [Double] {
    let first = Int(clamping: Double.log10(low).rounded(.down))
    let last = max(first, Int(clamping: Double.log10(high).rounded(.up)))
    for digits in [[1.0, 2.0, 5.0], [1.0]] {
      let ticks = (first...last).flatMap { power in digits.map { $0 * Double.exp10(Double(power)) }
      }
      let shown = ticks.filter(isWithin)
      if shown.count <= count, !shown.isEmpty { return shown }
    }
    let every = (last - first) / max(1, count) + 1
    return stride(from: first, through: last, by: every).map { .exp10(Double($0)) }.filter(isWithin)
  }

  private func isWithin(_ value: Double) -> Bool {
    value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)
  }
}

/// A value with at most three digits, and a decimal prefix for seconds, bytes, FLOPs and large
/// numbers without a unit: `1.5 ms`, `40.3 GB`, `512`.
package func engineering(_ value: Double, _ unit: String) -> String {
  let large: [(Double, String)] = [
    (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"),
  ]
  let small: [(Double, String)] = [(1e-3, "m"), (1e-6, "µ"), (1e-9, "n")]
  let prefixes =
    switch unit {
    case "s": [(1, "")] + small
    case "B", "FLOP", "", "cycles": large + [(1, "")]
    default: [(1.0, "")]
    }
  // A value that rounds to 1000 takes the next prefix.
  let fitting = prefixes.first { abs(value) >= $0.0 * 0.9995 }
  let (factor, prefix) = fitting ?? (value == 0 || unit != "s" ? (1, "") : (1e-9, "n"))
  let text = threeDigits(value / factor)
  if unit == "×" { return text + unit }
  let name = unit == "cycles" ? prefix : prefix + unit
  return name.isEmpty ? text : "\(text) \(name)"
}

/// A number with three significant digits, without trailing zeros.
private func threeDigits(_ value: Double) -> String {
  let size = abs(value)
  if size > 0, size < 0.001 { return short(Float(value)) }
  let digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3
  var text = fixed(value, digits)
  guard text.contains(".") else { return text }
  while text.last == "0" { text.removeLast() }
  return text.last == "." ? String(text.dropLast()) : text
}
