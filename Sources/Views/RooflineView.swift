// Roofline (Williams, Waterman, Patterson 2009): FLOPs per byte against FLOP/s. Left of the ridge
// the bus decides, right of it the units; each run is a point below the roof, and so is each of its
// launches where it has several.

import Canvas
import Machine
import RealModule

public struct RooflineView: View {
  public let name = "roofline"

  public init() {}

  public func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    let roof = Roof(scene.focused)
    let runs = scene.moments.enumerated().map { RooflinePoint(run: $1, $0) }
    let launches = scene.moments.enumerated().map { RooflinePoint.launches(of: $1, $0) }
    let drawn = (launches.joined() + runs).filter { $0.intensity > 0 }
    var rest = rect
    let legend = rest.takeBottom(runs.count + 2)
    let axes = Axes(
      roof: roof, intensities: drawn.map(\.intensity), speeds: drawn.map(\.speed), rest)
    drawRoof(roof, axes, on: &picture)
    for point in drawn {
      picture.canvas.put(
        String(point.marker), Style(.alert, bold: point.isRun), row: axes.row(point.speed),
        column: axes.column(point.intensity), in: rest)
    }
    for point in drawn.reversed() { drawName(point, axes, on: &picture) }
    drawTicks(axes, in: legend.row(0), on: &picture)
    picture.canvas.put(
      "whole runs; ridge at \(fixed(roof.ridge, 1)) FLOP/B, bus \(prefixed(roof.bandwidth, "B/s")), \(scene.focused.recording.device.name)",
      Style(.dim), row: 1, column: 0, in: legend)
    for (row, point) in runs.enumerated() {
      let isAlone = launches[row].isEmpty
      drawFigures(point, roof, isAlone: isAlone, in: legend.row(row + 2), on: &picture)
    }
  }

  /// Beside its mark, where nothing is in the way; a launch whose name finds no room has none.
  private func drawName(_ point: RooflinePoint, _ axes: Axes, on picture: inout Picture) {
    let (row, column) = (axes.row(point.speed), axes.column(point.intensity))
    let length = point.name.count
    let places = [
      (row, column + 2), (row, column - length - 1), (row + 1, column + 1), (row - 1, column + 1),
      (row + 1, column - length), (row - 1, column - length), (row + 2, column + 1),
    ]
    let free = places.first { row, column in
      column >= Axes.left && column <= axes.rect.width - length
        && (0..<axes.rect.height).contains(row)
        && (column - 1..<column + length).allSatisfy {
          let cell = picture.canvas[axes.rect.row + row, axes.rect.column + $0].character
          return cell == " " || cell == point.marker
        }
    }
    guard let free else { return }
    picture.canvas.put(
      point.name, Style(point.isRun ? .title : .dim, bold: point.isRun), row: free.0,
      column: free.1, in: axes.rect)
  }

  private func drawRoof(_ roof: Roof, _ axes: Axes, on picture: inout Picture) {
    for column in Axes.left..<max(Axes.left, axes.rect.width) {
      let speed = roof.attainable(axes.intensity(column))
      let isSlope = axes.intensity(column) < roof.ridge
      picture.canvas.put(
        isSlope ? "/" : "─", Style(.dim), row: axes.row(speed), column: column, in: axes.rect)
    }
    for row in 0..<axes.rect.height {
      picture.canvas.put("│", Style(.dim), row: row, column: Axes.left - 1, in: axes.rect)
    }
    let label = "\(roof.unit.name) \(prefixed(roof.peak, "FLOP/s"))"
    picture.canvas.put(
      label, Style(.dim), row: max(0, axes.row(roof.peak) - 1),
      column: max(Axes.left, axes.rect.width - label.count - 1), in: axes.rect)
    for tick in axes.y.ticks(axes.rect.height / 2) where axes.row(tick) > 0 {
      let label = engineering(tick, "").padded(Axes.left - 1)
      picture.canvas.put(label, Style(.dim), row: axes.row(tick), column: 0, in: axes.rect)
    }
    picture.canvas.put("FLOP/s", Style(.dim), row: 0, column: 0, in: axes.rect)
  }

  private func drawTicks(_ axes: Axes, in rect: Rect, on picture: inout Picture) {
    let unit = "FLOP per bus byte"
    var free = 0
    for tick in axes.x.ticks((rect.width - unit.count) / 8) {
      let (label, column) = (engineering(tick, ""), axes.column(tick))
      guard column >= free, column + label.count < rect.width - unit.count else { continue }
      free = picture.canvas.put(label, Style(.dim), row: 0, column: column, in: rect) + 1
    }
    picture.canvas.putRight(unit, Style(.dim), row: 0, in: rect)
  }

  private func drawFigures(
    _ point: RooflinePoint, _ roof: Roof, isAlone: Bool, in rect: Rect,
    on picture: inout Picture
  ) {
    let share = 100 * point.speed / roof.attainable(point.intensity)
    let note = isAlone ? "" : "  \(point.launchMarker) its launches"
    picture.canvas.put(
      "\(point.marker) \(point.name.padded(9)) \(fixed(point.intensity, 2)) FLOP/B  \(prefixed(point.speed, "FLOP/s"))  \(fixed(share, 0))% of the roof\(note)",
      row: 0, column: 0, in: rect)
  }
}

/// A run, or a launch of it, as a point.
struct RooflinePoint {
  let name: String
  let isRun: Bool
  /// FLOPs per HBM byte, and FLOP/s.
  let intensity: Double
  let speed: Double
  private let run: Int

  var marker: Character { isRun ? (run == 0 ? "●" : "◆") : launchMarker }
  var launchMarker: Character { run == 0 ? "○" : "◇" }

  /// The whole run, whatever has been played of it.
  init(run moment: Moment, _ index: Int) {
    let work = moment.recording.launchWork
    let total = LaunchWork(
      matmulFlops: work.reduce(0) { $0 + $1.matmulFlops },
      hbmBytes: work.reduce(0) { $0 + $1.hbmBytes })
    self.init(
      moment.run.shortName, total, cycles: moment.recording.totals.cycles, moment, run: index,
      isRun: true)
  }

  /// Each launch without its overhead; none where there is only one.
  static func launches(of moment: Moment, _ index: Int) -> [RooflinePoint] {
    let launches = moment.recording.totals.launches
    guard launches.count > 1 else { return [] }
    return zip(launches, moment.recording.launchWork).map { launch, work in
      RooflinePoint(
        launch.name, work, cycles: launch.cycles, moment, run: index, isRun: false)
    }
  }

  private init(
    _ name: String, _ work: LaunchWork, cycles: Int, _ moment: Moment, run: Int, isRun: Bool
  ) {
    self.name = name
    self.isRun = isRun
    self.run = run
    intensity = Double(work.matmulFlops) / Double(max(1, work.hbmBytes))
    speed = Double(work.matmulFlops) / moment.recording.device.seconds(max(1, cycles))
  }
}

/// The device's limits for matrix FLOPs.
struct Roof {
  /// FLOP/s of all SMs, and bytes/s of HBM.
  let peak: Double
  let bandwidth: Double
  /// Which unit multiplies.
  let unit: Unit
  var ridge: Double { peak / bandwidth }

  init(_ moment: Moment) {
    let device = moment.recording.device
    let hertz = device.clockMHz * 1e6
    let multiplier = device.multiplier(for: moment.program.type)
    unit = multiplier.unit
    peak = multiplier.perCycle * Double(device.smCount) * hertz
    bandwidth = (device.rates[.hbm]?.perCycle ?? 1) * hertz
  }

  func attainable(_ intensity: Double) -> Double { min(peak, intensity * bandwidth) }
}

/// Logarithmic axes that hold the ridge and every point.
struct Axes {
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
