// Training as text: the parts of a step, and published times beside the model's.

import Machine
import Studies
import Views

/// A step's parts, each with its time and share.
package func text(_ step: TrainingStep, gpus: Int) -> String {
  var table = Table(columns: ["part", "launches", "FLOPs", "HBM", "ms", "share"])
  for part in step.parts {
    table.add(
      part.name,
      [
        "\(part.launches)", part.flops == 0 ? "" : "\(fixed(part.flops / 1e12, 2)) T",
        bytesText(Int(part.bytes)), fixed(part.seconds * 1e3, 2),
        "\(fixed(100 * part.seconds / step.seconds, 1)) %",
      ])
  }
  let tokens = step.sequences * step.context
  let lines = [
    "\(step.model.name), \(step.attention), context \(grouped(step.context)), \(step.sequences) sequences on each of \(gpus) \(step.device.name)",
    "",
  ]
  let rate = step.modelFlops / step.seconds / 1e12
  let end = [
    "",
    "step \(fixed(step.seconds * 1e3, 1)) ms, \(grouped(Int(Double(gpus * tokens) / step.seconds))) tokens per second on all GPUs, \(fixed(rate, 0)) TFLOP/s per GPU",
    "", "assumed:",
  ]
  return lines.map { $0 + "\n" }.joined() + table.text
    + (end + TrainingStep.assumptions.map { "  \($0)" }).map { $0 + "\n" }.joined()
}

/// Published training figures beside the model's.
package func text(_ training: TrainingReproduction) -> String {
  func table(_ rows: [TrainingReproduction.Row]) -> String {
    var table = Table(columns: ["", "method", "on", "published", "model", "error"])
    for row in rows {
      table.add(
        row.workload,
        [
          row.method, row.hardware, "\(fixed(row.published, 2)) \(row.unit)",
          row.predicted.map { "\(fixed($0, 2)) \(row.unit)" } ?? "no model",
          row.errorPercent.map(signed) ?? "",
        ])
    }
    return table.text
  }
  return table(training.rows) + "\nspeed-ups:\n" + table(training.ratios) + "\nassumed:\n"
    + training.assumptions.map { "  \($0)\n" }.joined()
}
