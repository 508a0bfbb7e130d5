// What a sweep can report of a run: the report's own figures, and a few that put two of them
// together.

import Library
import Machine
import Runs

/// Figures by name.
package enum SweepFigure {
  /// Those that no report has.
  package static let derived = ["tflops", "intensity", "speedup", "memoryRatio"]

  /// True for what is said in relation to a baseline.
  package static func isRatio(_ name: String) -> Bool { name == "speedup" || name == "memoryRatio" }

  /// The value of `name`; nil where the run has no such figure.
  package static func value(
    _ name: String, _ figures: ReportFigures, baseline: ReportFigures?
  ) -> Double? {
    switch name {
    case "tflops": ratio(figures["flops.matmul"], figures["seconds"]).map { $0 / 1e12 }
    case "intensity": ratio(figures["flops.matmul"], busBytes(figures))
    case "speedup": ratio(baseline?["seconds"], figures["seconds"])
    case "memoryRatio": ratio(baseline?["memory.peakBytes"], figures["memory.peakBytes"])
    default: figures[name]
    }
  }

  /// What L2 serves does not cross the HBM bus.
  private static func busBytes(_ figures: ReportFigures) -> Double? {
    figures["hbm.bytes"].map { $0 - (figures["l2.hitBytes"] ?? 0) }
  }

  private static func ratio(_ a: Double?, _ b: Double?) -> Double? {
    guard let a, let b, b > 0 else { return nil }
    return a / b
  }

  /// Refuses a name that no run has a figure for.
  package static func check(_ names: [String], in runs: [ReportFigures]) throws {
    guard !runs.isEmpty else { return }
    let known = Set(runs.flatMap(\.names)).union(derived)
    for name in names where !known.contains(name) {
      let below = known.filter { $0.hasPrefix(name + ".") }.sorted()
      let guess = below.first ?? nearest(name, in: known.sorted())
      let advice = guess.map { " (did you mean \($0)?)" } ?? ""
      throw Failure.usage(
        "--figure: unknown figure “\(visible(name))”\(advice); there are those of run --format json, "
          + "such as seconds and hbm.readBytes, and \(derived.joined(separator: ", "))")
    }
  }
}
