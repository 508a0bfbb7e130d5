// The report of one or more runs as a text table: one column for each run, one line for each
// number. The launches of each run follow.

import Kernels
import Machine
import Runs
import Views

/// The output of `run` and `compare` as a text table.
package func textReport(_ reports: [Report], _ plans: [Plan]) -> String {
  var table = Table(columns: [""] + reports.map(\.kernel))
  table.add("device", reports.map(\.device))
  table.add("problem", plans.map(\.sizes))
  table.add("tiles", plans.map(\.tiles))
  table.add("cycles", reports.map { grouped($0.cycles) })
  let times = TimeScale(reports.map(\.seconds))
  table.add("time", reports.map { times.text($0.seconds) })
  table.add("HBM read", reports.map { bytesText($0.hbm.readBytes) })
  table.add("HBM written", reports.map { bytesText($0.hbm.writeBytes) })
  table.add("HBM in all", reports.map { bytesText($0.hbm.readBytes + $0.hbm.writeBytes) })
  table.add(
    "  as launched",
    reports.map { $0.launched.map { bytesText($0.readBytes + $0.writeBytes) } ?? "" })
  table.add("  served by L2", reports.map { $0.l2.map { bytesText($0.hitBytes) } ?? "" })
  for name in tensorNames(plans) {
    table.add("  \(name)", reports.map { $0.tensors[name].map(transfers) ?? "" })
  }
  table.add("HBM held", reports.map { bytesText($0.memory.peakBytes) })
  table.add("  K/V cache", reports.map { $0.cache.map { bytesText($0.bytes) } ?? "" })
  table.add("SRAM peak", reports.map { bytesText($0.sram.peakBytes) })
  table.add("matmul FLOPs", reports.map { grouped($0.flops.matmul) })
  table.add("elementwise", reports.map { grouped($0.flops.elementwise) })
  table.add("exponentials", reports.map { grouped($0.flops.exponential) })
  for unit in Unit.allCases {
    table.add(
      "\(unit.name) busy",
      reports.map { report in
        report.units[unit.name].map { "\(fixed(100 * $0.utilization, 1)) %" } ?? ""
      })
  }
  if plans.contains(where: \.kernel.keepsMaxima) {
    table.add(
      "rescales",
      reports.map {
        $0.rescales.map { "\(grouped($0.done)) of \(grouped($0.visited)) tiles" } ?? ""
      })
  }
  table.add("largest error", reports.map { $0.error.map(deviation) ?? "not computed" })
  if reports.contains(where: { $0.approximation != nil }) {
    let errors = reports.map(\.approximation)
    table.add(
      "from exact", errors.map { $0.map { percent($0.relativeFrobenius) } ?? "" })
    table.add("mean of V", errors.map { $0.map { percent($0.ofMeanOfV) } ?? "" })
  }
  return table.text + launches(reports) + notes(plans)
}

/// That tensor cores stand idle because they do not take the format.
private func notes(_ plans: [Plan]) -> String {
  for plan in plans where plan.device.multiplier(for: plan.program.type).unit != .tensor {
    let formats = DataType.allCases.filter { plan.device.multiplier(for: $0).unit == .tensor }
    guard let first = formats.first else { continue }
    return
      "\nnote: the tensor cores of \(plan.device.name) take \(formats.map(\.rawValue).joined(separator: ", ")); in \(plan.program.type.rawValue) products run on its FP32 lanes (--dtype \(first.rawValue))\n"
  }
  return ""
}

/// A relative Frobenius norm: `82.1 %`.
private func percent(_ error: Double) -> String { "\(fixed(100 * error, 1)) %" }

private func tensorNames(_ plans: [Plan]) -> [String] {
  var names: [String] = []
  for plan in plans {
    for tensor in plan.program.tensors
    where tensor.role != .statistic && !names.contains(tensor.name) {
      names.append(tensor.name)
    }
  }
  return names
}

private func transfers(_ bytes: Report.Bytes) -> String {
  "\(grouped(bytes.readBytes)) in, \(grouped(bytes.writeBytes)) out"
}

private func deviation(_ error: Report.Deviation) -> String {
  var text = error.compared == 0 ? "nothing to compare" : short(Float(error.maxAbsolute))
  if error.nonFinite > 0 { text += "; \(grouped(error.nonFinite)) entries are not finite" }
  if error.nonFiniteMismatches > 0 {
    text += ", \(grouped(error.nonFiniteMismatches)) of them wrongly"
  }
  return text
}

private func launches(_ reports: [Report]) -> String {
  var text = ""
  for report in reports {
    text += "\nlaunches of \(report.kernel):\n"
    for launch in report.launches {
      text +=
        "  \(launch.name): \(launch.blocks) block\(launch.blocks == 1 ? "" : "s"), \(grouped(launch.cycles)) cycles, \(bytesText(launch.hbmBytes))\(perSM(launch))\n"
    }
  }
  return text
}

private func perSM(_ launch: Report.LaunchUse) -> String {
  launch.blocksPerSM > 1 ? ", \(launch.blocksPerSM) blocks per SM" : ""
}

extension Plan {
  fileprivate var sizes: String {
    switch asked {
    case .attention(let p):
      var heads = p.planes > 1 ? ", \(p.batch) × \(p.heads) heads" : ""
      if headsAsRows > 1 { heads += ", \(headsAsRows) as rows of one tile" }
      return "N \(p.queries), Nk \(p.keys), d \(p.d), dv \(p.dv)\(heads), \(p.type.rawValue)"
    case .matmul(let p): return "\(p.m)×\(p.k) by \(p.k)×\(p.n), \(p.type.rawValue)"
    }
  }

  fileprivate var tiles: String {
    if case .matmul = problem { return "\(mapping.rows) × \(mapping.columns) × \(mapping.depth)" }
    var text = "\(mapping.rows) × \(mapping.columns)"
    if mapping.isAsLaunched { text += ", \(mapping.warps) warps" }
    if mapping.splits > 1 { text += ", \(mapping.splits) splits" }
    if let backward = mapping.backward, case .attention(let p) = problem, p.hasBackward {
      text += "; back \(backward.rows) × \(backward.columns * backward.groups), \(backward.warps)"
    }
    return text
  }
}

/// A text table; each column is as wide as its widest cell.
package struct Table {
  private var rows: [[String]]

  package init(columns: [String]) { rows = [columns] }

  /// Adds a row, unless all of its cells are empty.
  package mutating func add(_ label: String, _ cells: [String]) {
    if cells.contains(where: { !$0.isEmpty }) { rows.append([label] + cells) }
  }

  /// The rows as lines, each with a line end.
  package var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).map { $0.padded($1) }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
