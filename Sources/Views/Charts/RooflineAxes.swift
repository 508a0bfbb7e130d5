// The axes of a roofline: FLOPs per byte to the right, FLOP/s upwards, both logarithmic.

import Canvas
import Moments
import RealModule

/// Logarithmic axes that hold the ridge and every point.
struct RooflineAxes {
  static let left = 8
  let rect: Rect
  let x: PlotAxis
  let y: PlotAxis

  init(roof: Roof, intensities: [Double], speeds: [Double], _ rect: Rect) {
    self.rect = rect
    x = Self.axis(intensities + [roof.ridge], below: 0.5, above: 0.5)
    y = Self.axis(speeds + [roof.peak, roof.attainable(x.low)], below: 0.2, above: 0.3)
  }

  /// Wider than its values by shares of a factor of ten.
  private static func axis(_ values: [Double], below: Double, above: Double) -> PlotAxis {
    let values = values.filter { $0 > 0 && $0.isFinite }
    let (low, high) = (values.min() ?? 1, values.max() ?? 1)
    return PlotAxis([low / .exp10(below), high * .exp10(above)], isLogarithmic: true)
  }

  private var width: Int { max(1, rect.width - Self.left - 1) }
  private var height: Int { max(1, rect.height - 1) }

  func column(_ intensity: Double) -> Int {
    Self.left + min(max(-1, Int(clamping: x.position(intensity) * Double(width))), width)
  }

  func intensity(_ column: Int) -> Double {
    x.value(at: Double(column - Self.left) / Double(width))
  }

  func row(_ speed: Double) -> Int {
    let rows = (y.position(speed) * Double(height)).rounded()
    return height - min(max(-1, Int(clamping: rows)), height + 1)
  }
}
