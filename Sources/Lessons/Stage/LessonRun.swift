// A run of a lesson: one that can be played, or figures alone.

import Kernels
import Runs

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
