// The numbers that a sweep can plot: those of the JSON report by path, and a few that are computed
// from two of them, such as the arithmetic intensity.

import Library
import Runs

/// Looks up the numbers of a run by name.
package enum SweepFigure {
  /// Names of the numbers that are computed here and are not in the report.
  package static let derived = ["tflops", "intensity", "speedup", "memoryRatio"]

  /// True for numbers that compare a run with the baseline kernel.
  package static func isRatio(_ name: String) -> Bool { name == "speedup" || name == "memoryRatio" }

  /// The value of `name`; nil where the run has none. `tflops` is in 10¹² FLOP/s, `intensity` in
  /// FLOPs per byte of HBM traffic; `speedup` and `memoryRatio` are baseline ÷ run.
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

  /// Bytes on the HBM bus; L2 hits do not cross it.
  private static func busBytes(_ figures: ReportFigures) -> Double? {
    figures["hbm.bytes"].map { $0 - (figures["l2.hitBytes"] ?? 0) }
  }

  private static func ratio(_ a: Double?, _ b: Double?) -> Double? {
    guard let a, let b, b > 0 else { return nil }
    return a / b
  }

  /// Checks that every name is a number of at least one run.
  /// - Throws: `Failure` with the nearest name.
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
