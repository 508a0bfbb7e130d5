// A number and what it counts, so that a lesson cannot add bytes to cycles.

/// What a number counts, as powers: bytes per cycle are bytes¹ · cycles⁻¹.
public struct Dimension: Sendable, Hashable {
  var bytePower = 0
  var cyclePower = 0
  var secondPower = 0
  var flopPower = 0

  public static let plain = Dimension()
  public static let bytes = Dimension(bytePower: 1)
  public static let cycles = Dimension(cyclePower: 1)
  public static let seconds = Dimension(secondPower: 1)
  public static let flops = Dimension(flopPower: 1)

  private var powers: [Int] { [bytePower, cyclePower, secondPower, flopPower] }

  private init(_ powers: [Int]) {
    (bytePower, cyclePower, secondPower, flopPower) = (powers[0], powers[1], powers[2], powers[3])
  }

  private init(
    bytePower: Int = 0, cyclePower: Int = 0, secondPower: Int = 0, flopPower: Int = 0
  ) {
    self.init([bytePower, cyclePower, secondPower, flopPower])
  }

  static func * (a: Dimension, b: Dimension) -> Dimension {
    Dimension(zip(a.powers, b.powers).map { $0 + $1 })
  }

  static func / (a: Dimension, b: Dimension) -> Dimension {
    Dimension(zip(a.powers, b.powers).map { $0 - $1 })
  }

  func raised(to power: Int) -> Dimension { Dimension(powers.map { $0 * power }) }

  /// Beyond what anything counts; the powers of such a dimension are computed with no further.
  var isBeyondMeasure: Bool { powers.contains { $0.magnitude > 99 } }

  /// For messages: `bytes`, `bytes/cycles`, `a plain number`.
  var name: String {
    if self == .plain { return "a plain number" }
    let names = ["bytes", "cycles", "seconds", "FLOPs"]
    return symbol(names)
  }

  /// `B`, `FLOPs/B`; empty for a plain number.
  var symbol: String { symbol(["B", "cycles", "s", "FLOPs"]) }

  /// Below the line stands one of each: `B/cycle`.
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

/// A number with its dimension, in bytes, cycles, seconds, FLOPs or their quotients.
public struct Quantity: Sendable, Equatable {
  public var value: Double
  public var dimension: Dimension

  public init(_ value: Double, _ dimension: Dimension = .plain) {
    self.value = value
    self.dimension = dimension
  }
}

/// A unit that a lesson or a viewer can name.
public struct DisplayUnit: Sendable, Equatable {
  public var name: String
  public var dimension: Dimension
  /// How many of the base unit it is.
  public var size: Double

  /// As it is shown.
  public var symbol: String { name == "us" ? "µs" : name }

  public static let all: [DisplayUnit] = [
    DisplayUnit(name: "B", dimension: .bytes, size: 1),
    DisplayUnit(name: "KB", dimension: .bytes, size: 1e3),
    DisplayUnit(name: "MB", dimension: .bytes, size: 1e6),
    DisplayUnit(name: "GB", dimension: .bytes, size: 1e9),
    DisplayUnit(name: "TB", dimension: .bytes, size: 1e12),
    DisplayUnit(name: "KiB", dimension: .bytes, size: 0x1p10),
    DisplayUnit(name: "MiB", dimension: .bytes, size: 0x1p20),
    DisplayUnit(name: "GiB", dimension: .bytes, size: 0x1p30),
    DisplayUnit(name: "cycles", dimension: .cycles, size: 1),
    DisplayUnit(name: "s", dimension: .seconds, size: 1),
    DisplayUnit(name: "ms", dimension: .seconds, size: 1e-3),
    DisplayUnit(name: "us", dimension: .seconds, size: 1e-6),
    DisplayUnit(name: "ns", dimension: .seconds, size: 1e-9),
    DisplayUnit(name: "FLOP", dimension: .flops, size: 1),
    DisplayUnit(name: "MFLOP", dimension: .flops, size: 1e6),
    DisplayUnit(name: "GFLOP", dimension: .flops, size: 1e9),
    DisplayUnit(name: "TFLOP", dimension: .flops, size: 1e12),
    DisplayUnit(name: "MB/s", dimension: .bytes / .seconds, size: 1e6),
    DisplayUnit(name: "GB/s", dimension: .bytes / .seconds, size: 1e9),
    DisplayUnit(name: "TB/s", dimension: .bytes / .seconds, size: 1e12),
    DisplayUnit(name: "GFLOP/s", dimension: .flops / .seconds, size: 1e9),
    DisplayUnit(name: "TFLOP/s", dimension: .flops / .seconds, size: 1e12),
    DisplayUnit(name: "%", dimension: .plain, size: 0.01),
    DisplayUnit(name: "x", dimension: .plain, size: 1),
    DisplayUnit(name: "plain", dimension: .plain, size: 1),
  ]

  /// The unit of that name, in capitals or not where that is no other.
  public static func named(_ name: String) -> DisplayUnit? {
    if let unit = all.first(where: { $0.name == name }) { return unit }
    let synonyms = [
      "byte": "B", "bytes": "B", "cycle": "cycles", "cyc": "cycles", "times": "x", "×": "x",
      "µs": "us", "μs": "us", "flops": "FLOP", "flop": "FLOP", "gflops": "GFLOP", "mflops": "MFLOP",
      "percent": "%", "sec": "s", "seconds": "s", "second": "s", "millisecond": "ms",
      "milliseconds": "ms", "msec": "ms", "microsecond": "us", "microseconds": "us", "usec": "us",
      "nanosecond": "ns", "nanoseconds": "ns", "nsec": "ns", "kilobyte": "KB", "kilobytes": "KB",
      "megabyte": "MB", "megabytes": "MB", "gigabyte": "GB", "gigabytes": "GB", "kibibyte": "KiB",
      "kibibytes": "KiB", "mebibyte": "MiB", "mebibytes": "MiB", "tflops": "TFLOP",
    ]
    if let name = synonyms[name.lowercased()] { return named(name) }
    return all.first { $0.name.lowercased() == name.lowercased() }
  }
}
