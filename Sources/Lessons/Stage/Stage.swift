// What the screen shows at a beat: the cycle, runs, view and highlights.

import Machine
import Moments

/// What the screen shows at a beat. A value without state, so that going back to a beat shows the
/// same.
package struct Stage: Sendable, Equatable {
  /// An animation of the cycles since the previous beat.
  package struct Animation: Sendable, Equatable {
    /// First cycle of the animation.
    package var start: Int
    package var cyclesPerSecond: Double

    package init(start: Int, cyclesPerSecond: Double) {
      self.start = start
      self.cyclesPerSecond = cyclesPerSecond
    }
  }

  package var cycle: Int
  /// Indices in `Lesson.runs` of the one or two runs on the screen, left to right.
  package var layout: [Int]
  /// Index in `Lesson.runs` of the run in focus, one of `layout`.
  package var focus: Int
  package var panel: Panel?
  /// Name of a view, or `text` for the beat's text alone.
  package var view: String
  /// Marked tiles, by indices in `Lesson.runs`.
  package var highlights: [Highlight]
  /// Index of the query whose softmax is followed; nil for none.
  package var row: Int?
  /// True where only the run in focus is shown.
  package var isZoomed: Bool
  package var animation: Animation?
  /// Indices in `Lesson.timed` of the runs whose launches the view `launches` shows; empty for
  /// those of the runs on the screen.
  package var timed: [Int] = []

  package init(
    cycle: Int = 0, layout: [Int] = [0], focus: Int = 0, panel: Panel? = nil,
    view: String = "race", highlights: [Highlight] = [], row: Int? = nil, isZoomed: Bool = false,
    animation: Animation? = nil
  ) {
    self.cycle = cycle
    self.layout = layout
    self.focus = focus
    self.panel = panel
    self.view = view
    self.highlights = highlights
    self.row = row
    self.isZoomed = isZoomed
    self.animation = animation
  }
}
