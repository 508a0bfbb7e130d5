// The published measurements of a run that somebody has made for another reason.

import Kernels
import Library
import Runs

extension Reproduction {
  /// The rows of all tables that measured this plan's problem with its kernel on its device, each with the
  /// plan's own figure.
  package static func rows(
    beside plan: Plan, _ report: Report
  ) throws(FileError) -> [Row] {
    let figures = ReportFigures(report)
    return try PublishedLibrary.rows.compactMap { row in
      guard row.device == plan.device.name, row.metric == .time || row.metric == .memory else {
        return nil
      }
      let run = PublishedRun(row)
      guard run.kernel == plan.kernel.name, (try? run.plan())?.problem == plan.problem else {
        return nil
      }
      let result = prediction(of: row, run, .success(Simulated(plan: plan, figures: figures)))
      return result.predicted == nil ? nil : result
    }
  }
}
