// A timing-only run: a lesson shows its report but no events, so it may have any size.

import Kernels
import Machine
import Runs

/// A run that was simulated with `timing-only: true`.
package struct TimedRun: Sendable {
  /// The run's name in expressions.
  package let name: String
  package let plan: Plan
  package let totals: Totals

  /// A run that has not been simulated yet.
  struct Planned: Sendable {
    var name: String
    var plan: Plan

    func simulate() throws(Refusal) -> TimedRun {
      TimedRun(name: name, plan: plan, totals: try plan.simulatedTotals())
    }
  }

  /// Simulates all runs in parallel; the results have the order of `planned`.
  static func all(_ planned: [Planned]) -> [Result<TimedRun, Refusal>] {
    concurrently(planned) { planned in
      Result { () throws(Refusal) in try planned.simulate() }
    }
  }
}
