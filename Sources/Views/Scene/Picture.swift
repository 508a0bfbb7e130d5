// A picture: cells, and which of them stand for which thing, so that a click finds it.

import Canvas
import Machine

/// A place on the screen that means something.
package struct Target: Sendable, Equatable {
  package enum Meaning: Sendable, Equatable {
    case tile(run: Int, TileName)
    /// An SM.
    case processor(run: Int, Int)
    /// A line of the view of one SM.
    case stream(run: Int, Int)
    /// A strip of time from cycle 0 to `lastCycle`.
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
