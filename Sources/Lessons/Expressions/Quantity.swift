// Numbers with a dimension, so that a lesson cannot add bytes to cycles, and the units in which
// they are written.

import Runs

/// A number with its dimension, in bytes, cycles, seconds, FLOPs, or products and quotients of
/// them.
package struct Quantity: Sendable, Equatable {
  package var value: Double
  package var dimension: Dimension

  package init(_ value: Double, _ dimension: Dimension = .plain) {
    self.value = value
    self.dimension = dimension
  }
}

/// A unit that may be written behind a number.
package struct DisplayUnit: Sendable, Equatable {
  package var name: String
  package var dimension: Dimension
  /// The unit as a multiple of the base unit: 1,024 for KiB.
  package var size: Double

  /// The unit's symbol in output.
  package var symbol: String { name == "us" ? "µs" : name }

  package static let all: [DisplayUnit] = [
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

  /// The unit of that name or synonym; upper and lower case are the same where no other unit
  /// differs only in case. Nil for unknown names.
  package static func named(_ name: String) -> DisplayUnit? {
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
