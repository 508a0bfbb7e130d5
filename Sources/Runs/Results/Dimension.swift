// Physical dimensions of numbers (bytes, cycles, seconds, FLOPs), so that a lesson cannot add bytes
// to cycles.

/// The dimension of a number as powers of four base units: bytes per cycle are bytes¹ · cycles⁻¹.
package struct Dimension: Sendable, Hashable {
  package var bytePower = 0
  package var cyclePower = 0
  package var secondPower = 0
  package var flopPower = 0

  package static let plain = Dimension()
  package static let bytes = Dimension(bytePower: 1)
  package static let cycles = Dimension(cyclePower: 1)
  package static let seconds = Dimension(secondPower: 1)
  package static let flops = Dimension(flopPower: 1)

  private var powers: [Int] { [bytePower, cyclePower, secondPower, flopPower] }

  private init(_ powers: [Int]) {
    (bytePower, cyclePower, secondPower, flopPower) = (powers[0], powers[1], powers[2], powers[3])
  }

  private init(
    bytePower: Int = 0, cyclePower: Int = 0, secondPower: Int = 0, flopPower: Int = 0
  ) {
    self.init([bytePower, cyclePower, secondPower, flopPower])
  }

  /// The dimension of a product: the powers add up.
  package static func * (a: Dimension, b: Dimension) -> Dimension {
    Dimension(zip(a.powers, b.powers).map { $0 + $1 })
  }

  /// The dimension of a quotient: the powers are subtracted.
  package static func / (a: Dimension, b: Dimension) -> Dimension {
    Dimension(zip(a.powers, b.powers).map { $0 - $1 })
  }

  /// The dimension of a power: all powers multiplied by `power`.
  package func raised(to power: Int) -> Dimension { Dimension(powers.map { $0 * power }) }

  /// True where a power exceeds 99. Such a number is refused, before further products overflow.
  package var isOutOfRange: Bool { powers.contains { $0.magnitude > 99 } }

  /// The dimension in words for messages: `bytes`, `bytes/cycle`, `a plain number`.
  package var name: String {
    if self == .plain { return "a plain number" }
    let names = ["bytes", "cycles", "seconds", "FLOPs"]
    return symbol(names)
  }

  /// The unit as it stands behind a number: `B`, `FLOPs/B`; empty for a plain number.
  package var symbol: String { symbol(["B", "cycles", "s", "FLOPs"]) }

  /// Units as a quotient; those in the denominator are singular: `B/cycle`.
  private func symbol(_ names: [String]) -> String {
    func part(_ names: [String], _ wanted: (Int) -> Bool) -> String {
      zip(names, powers).filter { wanted($1) }
        .map { abs($1) == 1 ? $0 : "\($0)^\(abs($1))" }.joined(separator: "·")
    }
    let single = names.map { $0.count > 1 && $0.hasSuffix("s") ? String($0.dropLast()) : $0 }
    let (above, below) = (part(names) { $0 > 0 }, part(single) { $0 < 0 })
    return below.isEmpty ? above : "\(above.isEmpty ? "1" : above)/\(below)"
  }
}

extension Dimension {
  /// The dimension of a value of the report, derived from its name and the names above it.
  package init(figure path: [String]) {
    let name = path.last ?? ""
    let lower = name.lowercased()
    if lower.hasSuffix("percycle") {
      self = Dimension(figure: [String(name.dropLast(8))]) / .cycles
    } else if lower.hasSuffix("persecond") {
      self = Dimension(figure: [String(name.dropLast(9))]) / .seconds
    } else if lower.hasSuffix("bytes") || lower == "bytesperblock" {
      self = .bytes
    } else if lower.hasSuffix("cycles") || lower == "cycle" {
      self = .cycles
    } else if lower == "seconds" {
      self = .seconds
    } else if lower.hasSuffix("flops")
      || (path.dropLast().last == "flops" && ["matmul", "recomputed"].contains(lower))
    {
      self = .flops
    } else {
      self = lower == "sharedbytesperblock" ? .bytes : .plain
    }
  }
}
