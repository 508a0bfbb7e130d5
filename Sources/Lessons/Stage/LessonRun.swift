// A run of a lesson: recorded, or timing-only.

import Kernels

/// A run that a lesson's front matter describes.
enum LessonRun: Sendable {
  /// A recording, which the screen can play.
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
