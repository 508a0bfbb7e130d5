// Parses the values of a sweep: `512..65536*2`, `128..1024+128` or `16,32,64`.

import Foundation
import Library
import Runs

/// An option and the values that it takes: `OPTION=RANGE`.
package struct SweepRange: Sendable {
  package let option: SweptOption
  package let values: [Double]
  /// True where successive values have a constant ratio, not a constant difference; the axis is
  /// then logarithmic.
  package let isMultiplicative: Bool

  /// Most values of a sweep; a longer range is taken for a typing error.
  private static let limit = 1000

  /// - Parameter own: the sizes that the kernels' own texts declare.
  package init(_ text: String, own: [String] = []) throws {
    guard let sign = text.firstIndex(of: "=") else {
      throw Failure.usage(
        "--over \(visible(text)): expected OPTION=RANGE, such as 'n=512..65536*2', "
          + "n=128..1024+128 or tile=16,32,64")
    }
    option = try SweptOption.find(String(text[..<sign]), own: own)
    let range = String(text[text.index(after: sign)...])
    guard let values = Self.values(range), !values.isEmpty, values.allSatisfy(\.isFinite) else {
      throw Failure.usage(
        "--over \(visible(text)): expected FROM..TO*FACTOR or FROM..TO+STEP, growing from FROM to TO, "
          + "or A,B,C, with at most \(Self.limit) values")
    }
    if !option.takesFractions, let odd = values.first(where: { $0 != $0.rounded() }) {
      throw Failure.usage("--over \(visible(text)): found \(odd), expected whole numbers")
    }
    if let large = values.first(where: { abs($0) > 1e15 }) {
      throw Failure.usage("--over \(visible(text)): found \(large), expected at most 16,777,216")
    }
    guard Set(values).count == values.count else {
      throw Failure.usage("--over \(visible(text)): expected every value once")
    }
    self.values = values
    isMultiplicative = range.contains("*") || Self.growsByRatio(values)
  }

  private static func values(_ text: String) -> [Double]? {
    guard let dots = text.range(of: "..") else {
      let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
      return parts.contains(nil) || parts.count > limit ? nil : parts.compactMap { $0 }
    }
    let rest = text[dots.upperBound...]
    guard let sign = rest.dropFirst().firstIndex(where: { $0 == "*" || $0 == "+" }),
      let first = Double(text[..<dots.lowerBound]), let last = Double(rest[..<sign]),
      let step = Double(rest[rest.index(after: sign)...]), first <= last
    else { return nil }
    return rest[sign] == "*" ? series(first, last) { $0 * step } : series(first, last) { $0 + step }
  }

  /// The values from `first` up to `last`; nil where they do not grow, or are too many.
  private static func series(
    _ first: Double, _ last: Double, _ next: (Double) -> Double
  ) -> [Double]? {
    var values = [first]
    while values.count <= limit {
      // Rounding errors of steps such as 0.1 must not drop the last value.
      let value = (next(values.last!) * 1e12).rounded() / 1e12
      if value > last { return values }
      guard value > values.last! else { return nil }
      values.append(value)
    }
    return nil
  }

  private static func growsByRatio(_ values: [Double]) -> Bool {
    guard values.count > 2, values.allSatisfy({ $0 > 0 }) else { return false }
    let ratios = zip(values.dropFirst(), values).map { $0 / $1 }
    return ratios.allSatisfy { $0 > 1.2 && abs($0 / ratios[0] - 1) < 0.01 }
  }
}
