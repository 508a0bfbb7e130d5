// Roofline (Williams, Waterman, Patterson 2009): FLOPs per byte against FLOP/s. Left of the ridge
// the bus decides, right of it the units; each run is a point below the roof.

import Canvas
import Machine
import RealModule

public struct RooflineView: View {
  public let name = "roofline"

  public init() {}

  private struct Point {
    var name: String
    var marker: Character
    /// FLOPs per HBM byte, and FLOP/s.
    var intensity: Double
    var speed: Double
  }

  public func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    let roof = Roof(scene.focused)
    let points = scene.moments.enumerated().map { index, moment in point(moment, index) }
    var rest = rect
    let legend = rest.takeBottom(points.count + 2)
    let axes = Axes(
      roof: roof, intensities: points.map(\.intensity), speeds: points.map(\.speed), rest)
    drawRoof(roof, axes, on: &picture)
    for point in points where point.intensity > 0 {
      picture.canvas.put(
        String(point.marker), Style(.alert, bold: true), row: axes.row(point.speed),
        column: axes.column(point.intensity), in: rest)
    }
    drawLegend(points, roof, axes, in: legend, on: &picture)
  }

  private func point(_ moment: Moment, _ index: Int) -> Point {
    let totals = moment.recording.totals
    let seconds = moment.recording.device.seconds(max(1, totals.cycles))
    return Point(
      name: moment.run.name, marker: index == 0 ? "●" : "◆",
      // What L2 serves does not cross the HBM bus.
      intensity: Double(totals.matmulFlops)
        / Double(max(1, totals.hbm.bytes - totals.l2HitBytes)),
      speed: Double(totals.matmulFlops) / seconds)
  }

  private func drawRoof(_ roof: Roof, _ axes: Axes, on picture: inout Picture) {
    for column in Axes.left..<axes.rect.width {
      let speed = roof.attainable(axes.intensity(column))
      let isSlope = axes.intensity(column) < roof.ridge
      picture.canvas.put(
        isSlope ? "/" : "─", Style(.dim), row: axes.row(speed), column: column, in: axes.rect)
    }
    for row in 0..<axes.rect.height {
      picture.canvas.put("│", Style(.dim), row: row, column: Axes.left - 1, in: axes.rect)
    }
    picture.canvas.put(
      "\(prefixed(roof.peak, "FLOP/s")) units", Style(.dim), row: max(0, axes.row(roof.peak) - 1),
      column: max(Axes.left, axes.rect.width - 24), in: axes.rect)
    for row in stride(from: 0, to: axes.rect.height, by: 4) {
      let label = prefixed(axes.speed(row), "").padded(Axes.left - 1)
      picture.canvas.put(label, Style(.dim), row: row, column: 0, in: axes.rect)
    }
  }

  private func drawLegend(
    _ points: [Point], _ roof: Roof, _ axes: Axes, in rect: Rect, on picture: inout Picture
  ) {
    for column in stride(from: Axes.left, to: rect.width - 12, by: 16) {
      picture.canvas.put(
        fixed(axes.intensity(column), 2), Style(.dim), row: 0, column: column, in: rect)
    }
    picture.canvas.put(
      "FLOP/s over FLOPs per HBM byte, whole runs; ridge at \(fixed(roof.ridge, 1)), bus \(prefixed(roof.bandwidth, "B/s"))",
      Style(.dim), row: 1, column: 0, in: rect)
    for (row, point) in points.enumerated() {
      let share = 100 * point.speed / roof.attainable(point.intensity)
      picture.canvas.put(
        "\(point.marker) \(point.name.padded(20)) \(fixed(point.intensity, 2)) FLOP/B  \(prefixed(point.speed, "FLOP/s"))  \(fixed(share, 0))% of the roof",
        row: row + 2, column: 0, in: rect)
    }
  }
}

/// The device's limits for matrix FLOPs.
struct Roof {
  /// FLOP/s of all SMs, and bytes/s of HBM.
  let peak: Double
  let bandwidth: Double
  var ridge: Double { peak / bandwidth }

  init(_ moment: Moment) {
    let device = moment.recording.device
    let hertz = device.clockMHz * 1e6
    peak =
      device.multiplier(for: moment.program.type).perCycle * Double(device.smCount) * hertz
    bandwidth = (device.rates[.hbm]?.perCycle ?? 1) * hertz
  }

  func attainable(_ intensity: Double) -> Double { min(peak, intensity * bandwidth) }
}

/// Logarithmic axes that hold the ridge and every point.
struct Axes {
  static let left = 8
  let rect: Rect
  private let x: (low: Double, high: Double)
  private let y: (low: Double, high: Double)

  init(roof: Roof, intensities: [Double], speeds: [Double], _ rect: Rect) {
    self.rect = rect
    let xs = intensities.filter { $0 > 0 } + [roof.ridge]
    x = (.log10(xs.min()!) - 0.5, .log10(xs.max()!) + 0.5)
    let ys = speeds.filter { $0 > 0 } + [roof.peak, roof.attainable(.exp10(x.low))]
    y = (.log10(ys.min()!) - 0.2, .log10(ys.max()!) + 0.3)
  }

  private var width: Int { max(1, rect.width - Self.left - 1) }
  private var height: Int { max(1, rect.height - 1) }

  func column(_ intensity: Double) -> Int {
    Self.left + Int((.log10(intensity) - x.low) / (x.high - x.low) * Double(width))
  }

  func intensity(_ column: Int) -> Double {
    .exp10(x.low + Double(column - Self.left) / Double(width) * (x.high - x.low))
  }

  func speed(_ row: Int) -> Double {
    .exp10(y.low + Double(height - row) / Double(height) * (y.high - y.low))
  }

  func row(_ speed: Double) -> Int {
    let fraction = (.log10(speed) - y.low) / (y.high - y.low)
    return height - Int((fraction * Double(height)).rounded())
  }
}
