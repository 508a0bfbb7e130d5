// A run that a lesson wants only the figures of: at any size, for it keeps neither events nor tiles.

import Foundation
import Kernels
import Machine
import Runs
import Synchronization

/// A plan that has been carried out with `timing-only: true`.
package struct TimedRun: Sendable {
  /// What it is called in expressions.
  package let name: String
  package let plan: Plan
  package let totals: Totals

  init(_ planned: Planned) throws(Refusal) {
    (name, plan) = (planned.name, planned.plan)
    totals = try plan.timed()
  }

  /// A run that is still to be carried out.
  struct Planned: Sendable {
    var name: String
    var plan: Plan
  }

  /// Carries out all of them, side by side, in their order.
  static func all(_ planned: [Planned]) -> [Result<TimedRun, Refusal>] {
    let results = Mutex<[Int: Result<TimedRun, Refusal>]>([:])
    DispatchQueue.concurrentPerform(iterations: planned.count) { index in
      let result = Result { () throws(Refusal) in try TimedRun(planned[index]) }
      results.withLock { $0[index] = result }
    }
    return results.withLock { all in planned.indices.map { all[$0]! } }
  }
}
