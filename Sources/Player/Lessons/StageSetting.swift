// Sets a player up as the stage of a beat says.

import Lessons
import Moments
import Views

extension Player {
  /// Shows what a stage says.
  /// - Parameter shown: indices in `Lesson.runs` of the runs that this player has, left to right.
  mutating func set(_ stage: Stage, shown: [Int]) {
    move(to: stage.cycle)
    focus = shown.firstIndex(of: stage.focus) ?? 0
    view = ViewCatalogue.index(of: stage.view) ?? 0
    highlights = stage.highlights.compactMap { mark in
      shown.firstIndex(of: mark.run).map { Highlight(run: $0, tile: mark.tile) }
    }
    spotlight = stage.panel
    // The tile views show the tile that the lesson marks.
    if ["tile", "heat", "difference"].contains(stage.view) {
      selection.tile = highlights.first { $0.run == focus }?.tile
    }
    home = Home(view: view, row: selection.row)
  }
}
