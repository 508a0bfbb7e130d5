// A picture: a canvas, and what its parts stand for, so that a click can be resolved.

import Canvas
import Machine

/// A rectangle on the screen that stands for something.
package struct Target: Sendable, Equatable {
  /// What a click on the rectangle selects. `run` is an index in `Scene.moments`.
  package enum Meaning: Sendable, Equatable {
    case tile(run: Int, TileName)
    /// An SM, by its index.
    case processor(run: Int, Int)
    /// A line of the view of one SM, by its index.
    case stream(run: Int, Int)
    /// A time axis from cycle 0 to `lastCycle`, left to right.
    case time(lastCycle: Int)
  }

  package var rect: Rect
  package var meaning: Meaning
}

/// A canvas and the targets on it.
package struct Picture: Sendable {
  package var canvas: Canvas
  package var targets: [Target] = []

  package init(width: Int, height: Int) { canvas = Canvas(width: width, height: height) }
}
