// A scene: what views draw. One or two moments on one clock, and what the viewer or a lesson points at.

import Canvas
import Machine
import Moments

/// A part of a run's panel.
package enum Panel: String, Sendable, CaseIterable { case hbm, bus, sram, units }

/// A tile that a lesson marks, with `◆` after it.
package struct Highlight: Sendable, Equatable {
  /// Index in `Scene.moments`.
  package var run: Int
  package var tile: TileName

  package init(run: Int, tile: TileName) {
    self.run = run
    self.tile = tile
  }

  static let sign: Character = "◆"
  static let style = Style(.accent, bold: true, underlined: true)
}

/// All that a frame shows.
package struct Scene: Sendable {
  package var moments: [Moment]
  /// Which of them the viewer looks at.
  package var focus: Int
  package var selection: Selection
  /// A tile whose writes the viewer follows.
  package var watch: TileName?
  package var highlights: [Highlight] = []
  /// The panel of the run in focus that a lesson points at.
  package var spotlight: Panel?
  /// Launches of runs that a lesson has timed; none: those of the runs on the screen.
  package var tables: [LaunchTable] = []

  package init(moments: [Moment], focus: Int, selection: Selection, watch: TileName? = nil) {
    self.moments = moments
    self.focus = focus
    self.selection = selection
    self.watch = watch
  }

  /// Whether a lesson marks this tile of this run.
  func isHighlighted(_ tile: TileName, run: Int) -> Bool {
    highlights.contains { $0.run == run && $0.tile.isSame(as: tile) }
  }

  package var focused: Moment { moments[focus] }
  package var cycle: Int { focused.cycle }
  /// The last cycle of the longest run.
  package var lastCycle: Int { moments.map(\.recording.lastCycle).max() ?? 0 }
}

extension Moment {
  /// What a view of values says where there are none.
  static let noValues = "No values in this run (--timing-only): times and bytes only."
}
