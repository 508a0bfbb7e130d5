// The roofline (Williams, Waterman, Patterson 2009): FLOPs per byte against FLOP/s. Left of the
// ridge the bus is the limit, right of it the units. Each run is a point below the roof, and so is
// each launch of a run that has several.

import Canvas
import Machine
import Moments
import RealModule

/// The view `roofline`: the points of the whole runs and of their launches.
package struct RooflineView: View {
  package let name = "roofline"

  package init() {}

  package func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture) {
    let roof = Roof(scene.focused)
    let runs = scene.moments.enumerated().map {
      Mark(point: $1.run.rooflinePoint(named: $1.run.shortName), run: $0)
    }
    let launches = scene.moments.enumerated().map { run, moment in
      moment.run.rooflinePointsOfLaunches.map { Mark(point: $0, run: run) }
    }
    let drawn = (launches.joined() + runs).filter { $0.intensity > 0 }
    var rest = rect
    let legend = rest.takeBottom(runs.count + 2)
    let axes = RooflineAxes(
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

  /// Writes a point's name beside its marker, where the cells are free; a name that fits nowhere is
  /// left out.
  private func drawName(_ point: Mark, _ axes: RooflineAxes, on picture: inout Picture) {
    let (row, column) = (axes.row(point.speed), axes.column(point.intensity))
    let length = point.name.count
    let places = [
      (row, column + 2), (row, column - length - 1), (row + 1, column + 1), (row - 1, column + 1),
      (row + 1, column - length), (row - 1, column - length), (row + 2, column + 1),
    ]
    let free = places.first { row, column in
      column >= RooflineAxes.left && column <= axes.rect.width - length
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

  private func drawRoof(_ roof: Roof, _ axes: RooflineAxes, on picture: inout Picture) {
    for column in RooflineAxes.left..<max(RooflineAxes.left, axes.rect.width) {
      let speed = roof.attainable(axes.intensity(column))
      let isSlope = axes.intensity(column) < roof.ridge
      picture.canvas.put(
        isSlope ? "/" : "─", Style(.dim), row: axes.row(speed), column: column, in: axes.rect)
    }
    for row in 0..<axes.rect.height {
      picture.canvas.put("│", Style(.dim), row: row, column: RooflineAxes.left - 1, in: axes.rect)
    }
    let label = "\(roof.unit.name) \(prefixed(roof.peak, "FLOP/s"))"
    picture.canvas.put(
      label, Style(.dim), row: max(0, axes.row(roof.peak) - 1),
      column: max(RooflineAxes.left, axes.rect.width - label.count - 1), in: axes.rect)
    for tick in axes.y.ticks(axes.rect.height / 2) where axes.row(tick) > 0 {
      let label = engineering(tick, "").padded(RooflineAxes.left - 1)
      picture.canvas.put(label, Style(.dim), row: axes.row(tick), column: 0, in: axes.rect)
    }
    picture.canvas.put("FLOP/s", Style(.dim), row: 0, column: 0, in: axes.rect)
  }

  private func drawTicks(_ axes: RooflineAxes, in rect: Rect, on picture: inout Picture) {
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
    _ point: Mark, _ roof: Roof, isAlone: Bool, in rect: Rect,
    on picture: inout Picture
  ) {
    let share = 100 * point.speed / roof.attainable(point.intensity)
    let note = isAlone ? "" : "  \(point.launchMarker) its launches"
    picture.canvas.put(
      "\(point.marker) \(point.name.padded(9)) \(fixed(point.intensity, 2)) FLOP/B  \(prefixed(point.speed, "FLOP/s"))  \(fixed(share, 0))% of the roof\(note)",
      row: 0, column: 0, in: rect)
  }
}

/// A point with its marker: filled for a run, hollow for a launch.
private struct Mark {
  let point: RooflinePoint
  let run: Int

  var name: String { point.name }
  var intensity: Double { point.intensity }
  var speed: Double { point.speed }
  var isRun: Bool { point.isRun }
  var marker: Character { isRun ? (run == 0 ? "●" : "◆") : launchMarker }
  var launchMarker: Character { run == 0 ? "○" : "◇" }
}
