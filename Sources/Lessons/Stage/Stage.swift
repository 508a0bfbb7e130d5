// What the screen shows at a beat.

import Machine

/// What the screen shows at a beat: a pure value, so that coming back shows the same.
package struct Stage: Sendable, Equatable {
  /// A part of a run's panel.
  package enum Panel: String, Sendable, CaseIterable { case hbm, bus, sram, units }

  /// A marked tile.
  package struct Highlight: Sendable, Equatable {
    /// Index in `Lesson.runs`.
    package var run: Int
    package var tile: TileName

    package init(run: Int, tile: TileName) {
      self.run = run
      self.tile = tile
    }
  }

  /// The time since the beat before, played.
  package struct Animation: Sendable, Equatable {
    /// The cycle it begins at.
    package var start: Int
    package var cyclesPerSecond: Double

    package init(start: Int, cyclesPerSecond: Double) {
      self.start = start
      self.cyclesPerSecond = cyclesPerSecond
    }
  }

  package var cycle: Int
  /// Indices in `Lesson.runs` of those on the screen, left to right; one or two.
  package var layout: [Int]
  /// Index in `Lesson.runs`; one of `layout`.
  package var focus: Int
  package var panel: Panel?
  /// A view's name, or `text`.
  package var view: String
  package var highlights: [Highlight]
  /// The query whose softmax is followed.
  package var row: Int?
  /// Only the run in focus is shown.
  package var isZoomed: Bool
  package var animation: Animation?
  /// Indices in `Lesson.timed` of those whose launches the view `launches` shows; none: those of the
  /// runs on the screen.
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
