// The axes of a roofline plot: x is FLOPs per byte, y is FLOP/s, both logarithmic.

import Canvas
import Moments
import RealModule

/// Axes that hold the ridge and every point, and their place on the screen.
struct RooflineAxes {
  /// Columns of the y labels.
  static let left = 8
  let rect: Rect
  let x: PlotAxis
  let y: PlotAxis

  init(roof: Roof, intensities: [Double], speeds: [Double], _ rect: Rect) {
    self.rect = rect
    x = Self.axis(intensities + [roof.ridge], below: 0.5, above: 0.5)
    y = Self.axis(speeds + [roof.peak, roof.attainable(x.low)], below: 0.2, above: 0.3)
  }

  /// An axis wider than its values.
  /// - Parameters:
  ///   - below: decades to add below the smallest value.
  ///   - above: decades to add above the largest value.
  private static func axis(_ values: [Double], below: Double, above: Double) -> PlotAxis {
    let values = values.filter { $0 > 0 && $0.isFinite }
    let (low, high) = (values.min() ?? 1, values.max() ?? 1)
    return PlotAxis([low / .exp10(below), high * .exp10(above)], isLogarithmic: true)
  }

  private var width: Int { max(1, rect.width - Self.left - 1) }
  private var height: Int { max(1, rect.height - 1) }

  /// The column of an intensity in FLOPs per byte.
  func column(_ intensity: Double) -> Int {
    Self.left + min(max(-1, Int(clamping: x.position(intensity) * Double(width))), width)
  }

  /// The intensity of a column, FLOPs per byte.
  func intensity(_ column: Int) -> Double {
    x.value(at: Double(column - Self.left) / Double(width))
  }

  /// The row of a speed in FLOP/s.
  func row(_ speed: Double) -> Int {
    let rows = (y.position(speed) * Double(height)).rounded()
    return height - min(max(-1, Int(clamping: rows)), height + 1)
  }
}
