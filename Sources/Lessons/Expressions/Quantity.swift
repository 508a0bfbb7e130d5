// A number and what it counts, so that a lesson cannot add bytes to cycles.

import Runs

/// A number with its dimension, in bytes, cycles, seconds, FLOPs or their quotients.
package struct Quantity: Sendable, Equatable {
  package var value: Double
  package var dimension: Dimension

  package init(_ value: Double, _ dimension: Dimension = .plain) {
    self.value = value
    self.dimension = dimension
  }
}

/// A unit that a lesson or a viewer can name.
package struct DisplayUnit: Sendable, Equatable {
  package var name: String
  package var dimension: Dimension
  /// How many of the base unit it is.
  package var size: Double

  /// As it is shown.
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

  /// The unit of that name, in capitals or not where that is no other.
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
