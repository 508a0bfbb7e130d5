// A run that a lesson wants only the figures of: at any size, for it keeps neither events nor tiles.

import Kernels
import Machine

/// A plan that has been carried out with `timing-only: true`.
public struct TimedRun: Sendable {
  /// What it is called in expressions.
  public let name: String
  public let plan: Plan
  public let totals: Totals

  /// - Throws: `PlanError`.
  init(name: String, _ plan: Plan) throws(PlanError) {
    self.name = name
    self.plan = plan
    totals = try plan.totals()
  }
}

/// A run of a lesson's front matter.
enum LessonRun: Sendable {
  /// The screen can play it.
  case recorded(CompletedRun)
  case timed(TimedRun)

  var name: String {
    switch self {
    case .recorded(let run): run.name
    case .timed(let run): run.name
    }
  }

  var plan: Plan {
    switch self {
    case .recorded(let run): run.plan
    case .timed(let run): run.plan
    }
  }
}
