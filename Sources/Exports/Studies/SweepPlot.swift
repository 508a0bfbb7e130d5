// Plots a number of a sweep: one series for each kernel and device. The legend says why points are
// missing.

import Library
import Runs
import Studies
import Views

extension Plot {
  /// The plot of one number. Axes may be logarithmic where the swept values have a constant ratio.
  package init(_ sweep: Sweep, _ figure: String) {
    let unit = unit(ofSwept: figure)
    self.init(
      title: figure + (unit.isEmpty ? "" : " (\(unit))"), xName: sweep.option, yUnit: unit,
      isLogarithmic: sweep.isMultiplicative)
    ticks = Set(sweep.points.map(\.value)).sorted()
    for device in sweep.devices {
      for kernel in sweep.kernels {
        let name = sweep.devices.count > 1 ? "\(kernel) on \(visible(device))" : kernel
        series.append(Series(sweep.series(kernel, on: device), figure, name))
      }
    }
    if sweep.devices.count == 1, let device = sweep.devices.first {
      title += " on \(visible(device))"
    }
    if let baseline = sweep.baseline, unit == "×" { title += ", over \(baseline)" }
  }
}

extension Plot.Series {
  fileprivate init(_ points: [Sweep.Point], _ figure: String, _ name: String) {
    self.init(name: name, points: points.map { Plot.Point(x: $0.value, y: $0.figures[figure]) })
    if let gap = points.first(where: { $0.figures[figure] == nil }) {
      self.name += " (\(gap.infeasibility ?? "no value") from \(exact(gap.value)))"
    }
  }
}
