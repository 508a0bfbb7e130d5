// A scene is what views draw: one or two moments on one clock, and what the viewer or a lesson
// points at.

import Canvas
import Machine
import Moments

/// All that a frame shows.
package struct Scene: Sendable {
  package var moments: [Moment]
  /// Index in `moments` of the run in focus.
  package var focus: Int
  package var selection: Selection
  /// The tile whose writes stop playing; nil for none.
  package var watch: TileName?
  package var highlights: [Highlight] = []
  /// The panel of the run in focus that a lesson points at.
  package var spotlight: Panel?
  /// Launch tables of runs that a lesson has timed; empty for those of the runs on the screen.
  package var tables: [LaunchTable] = []
  /// True while nothing may tell how the race ends: no last cycle, no total.
  package var hidesFuture = false
  /// The softmax of the followed row of each run; empty where views must find it themselves.
  package var traces: [SoftmaxTrace] = []

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

  /// The softmax of the followed row of run `index`.
  func trace(_ index: Int) -> SoftmaxTrace {
    let moment = moments[index]
    let row = moment.followedRow(selection)
    if traces.indices.contains(index), traces[index].row == row,
      traces[index].plane == selection.plane
    {
      return traces[index]
    }
    return SoftmaxTrace(moment.run, plane: selection.plane, row: row)
  }

  /// The moment of the run in focus.
  package var focused: Moment { moments[focus] }
  /// The current cycle, the same for all runs.
  package var cycle: Int { focused.cycle }
  /// The last cycle of the longest run.
  package var lastCycle: Int { moments.map(\.recording.lastCycle).max() ?? 0 }
}

extension Moment {
  /// What a view of values says about a run without values.
  static let noValues = "No values in this run (--timing-only): times and bytes only."
}

extension Highlight {
  /// The sign is drawn after the tile.
  static let sign: Character = "◆"
  static let style = Style(.accent, bold: true, underlined: true)
}
