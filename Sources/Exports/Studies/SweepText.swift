// The result of a sweep as text tables and as comma-separated values.

import Foundation
import Library
import Runs
import Studies
import Views

/// One table for each number and device, with a row for each value and a column for each kernel.
package func table(_ sweep: Sweep) -> String {
  var blocks: [String] = []
  for figure in sweep.figures {
    for device in sweep.devices { blocks.append(block(figure, device, sweep)) }
  }
  return blocks.joined(separator: "\n")
}

private func block(_ figure: String, _ device: String, _ sweep: Sweep) -> String {
  let versus = sweep.baseline.map {
    ["speedup", "memoryRatio"].contains(figure) ? " over \($0)" : ""
  }
  let columns = sweep.kernels.map { sweep.series($0, on: device) }
  var rows = [[sweep.option] + sweep.kernels]
  for index in (columns.first ?? []).indices {
    let cells = columns.map { point in cell(point[index], figure) }
    rows.append([exact(columns[0][index].value)] + cells)
  }
  let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  let lines = rows.map { row in
    zip(row, widths).map { $0.padded($1, right: true) }.joined(separator: "  ") + "\n"
  }
  let crossovers = sweep.crossovers.filter { ($0.figure, $0.device) == (figure, device) }.map {
    "\($0.kernel) falls below \($0.passes) between \(sweep.option) = \(exact($0.from)) and \(exact($0.to))\n"
  }
  return "\(figure)\(versus ?? "") on \(visible(device))\n" + lines.joined() + crossovers.joined()
}

private func cell(_ point: Sweep.Point, _ figure: String) -> String {
  if let value = point.figures[figure] { return engineering(value, unit(ofSwept: figure)) }
  return point.infeasibility ?? "–"
}

/// The value in full; a whole number has no decimal point.
func exact(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
}

/// The unit of a number of a sweep; empty where it has none.
func unit(ofSwept figure: String) -> String {
  switch figure {
  case "tflops": "TFLOP/s"
  case "intensity": "FLOP/B"
  case "speedup", "memoryRatio": "×"
  default: unit(ofFigure: figure)
  }
}

/// A header, and a line for each run, by device, then kernel, then value.
package func csv(_ sweep: Sweep) -> String {
  let header = ["device", "kernel", sweep.option] + sweep.figures + ["reason"]
  let lines = sweep.ordered.map { point in
    let figures = sweep.figures.map { point.figures[$0].map(exact) ?? "" }
    return [point.device, point.kernel, exact(point.value)] + figures + [point.reason ?? ""]
  }
  return ([header] + lines).map { $0.map(separated).joined(separator: ",") + "\n" }.joined()
}
