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
  /// True for a projector: fewer panels, larger shapes.
  package var isLarge = false
  /// The figures that must not be seen until a question is answered.
  package var hidden = HiddenFigures()
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

  /// The text of a figure of run `index`, hidden if its name is.
  func figure(_ text: String, _ name: FigureName, of index: Int) -> String {
    hidden.text(text, name, of: moments[index].run.name)
  }

  /// The same for a figure of the report, by its path.
  func figure(_ text: String, _ path: String, of index: Int) -> String {
    hidden.isEmpty ? text : figure(text, .report(path), of: index)
  }

  /// The same for a statistic of the followed row, or an element of its row of O.
  func statistic(_ text: String, _ roles: [TileRole], column: Int? = nil, of index: Int) -> String {
    guard !hidden.isEmpty else { return text }
    let row = moments[index].followedRow(selection)
    let names = roles.flatMap { moments[index].run.facts.names[$0] ?? [] }
    return names.reduce(text) {
      figure($0, .value(of: $1, row: row, column: column), of: index)
    }
  }

  /// The cycle at which an op of the run in focus starts or finishes.
  package func time(_ cycle: Int) -> String { figure(grouped(cycle), .duration, of: focus) }

  /// The text of a number of cycles on the common clock: hidden where it tells the length of a run.
  func clock(_ cycle: Int) -> String {
    let text = grouped(cycle)
    let told = moments.indices.first { index in
      moments[index].recording.lastCycle == cycle && figure(text, "cycles", of: index) != text
    }
    return told.map { figure(text, "cycles", of: $0) } ?? text
  }

  /// The softmax of the followed row of run `index`.
  func trace(_ index: Int) -> SoftmaxTrace {
    let moment = moments[index]
    let row = moment.followedRow(selection)
    if traces.indices.contains(index), traces[index].row == row,
      traces[index].plane == moment.plane(selection)
    {
      return traces[index]
    }
    return SoftmaxTrace(moment.run, plane: moment.plane(selection), row: row)
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
