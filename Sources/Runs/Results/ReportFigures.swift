// The numbers of a run without values, by their paths in the JSON report: `hbm.readBytes`,
// `units.tensor.utilization`, `launches.scores.cycles`. A new number of the report needs no change
// here.

import Kernels
import Library
import Machine

/// A JSON report as a flat table from path to number.
package struct ReportFigures: Sendable {
  private var numbers: [String: Double] = [:]

  /// The numbers of a run of `plan`; where the report has `readBytes` and `writeBytes`, their sum
  /// is `bytes`.
  package init(_ plan: Plan, _ totals: Totals) {
    self.init(Report(plan, totals, error: nil))
  }

  /// The numbers of a report.
  package init(_ report: Report) { add(FigureTree(report), at: "") }

  /// The number at a path such as `tensors.K.readBytes`; nil where there is none.
  package subscript(path: String) -> Double? { numbers[path] }

  /// All paths, sorted.
  package var names: [String] { numbers.keys.sorted() }

  private mutating func add(_ tree: FigureTree, at path: String) {
    let start = path.isEmpty ? "" : path + "."
    switch tree {
    case .number(let value): numbers[path] = value
    case .level(let entries): for (name, entry) in entries { add(entry, at: start + name) }
    // A launch is found by its name instead of its index.
    case .list(let items):
      for case .level(let entries) in items {
        if case .text(let name)? = entries["name"] { add(.level(entries), at: start + name) }
      }
    case .flag, .text, .missing: break
    }
  }
}

/// The unit of a number of the report, derived from the last part of its path: `B`, `cycles`, `s`,
/// `FLOP` or nothing.
package func unit(ofFigure path: String) -> String {
  switch Dimension(figure: path.split(separator: ".").map(String.init)) {
  case .bytes: "B"
  case .cycles: "cycles"
  case .seconds: "s"
  case .flops: "FLOP"
  default: ""
  }
}
