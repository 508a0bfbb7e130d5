// A run that a lesson wants only the figures of: at any size, for it keeps neither events nor tiles.

import Foundation
import Kernels
import Machine
import Runs
import Synchronization

/// A plan that has been carried out with `timing-only: true`.
public struct TimedRun: Sendable {
  /// What it is called in expressions.
  public let name: String
  public let plan: Plan
  public let totals: Totals

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
