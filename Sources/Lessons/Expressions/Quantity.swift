// A number and what it counts, so that a lesson cannot add bytes to cycles; and its text.

import Foundation
import Kernels

/// What a number counts.
public enum Dimension: String, Sendable {
  case plain = "a plain number"
  case bytes, cycles, seconds
  case flops = "FLOPs"
}

/// A number with its dimension, in bytes, cycles, seconds or FLOPs.
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
    DisplayUnit(name: "%", dimension: .plain, size: 0.01),
    DisplayUnit(name: "x", dimension: .plain, size: 1),
  ]
}
