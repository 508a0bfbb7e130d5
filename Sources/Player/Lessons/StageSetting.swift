// A player as a beat's stage wants it.

import Lessons
import Views

extension Player {
  /// Shows what a stage says; `shown` are the lesson's runs that this player has.
  mutating func set(_ stage: Stage, shown: [Int]) {
    move(to: stage.cycle)
    focus = shown.firstIndex(of: stage.focus) ?? 0
    view = ViewCatalogue.index(of: stage.view) ?? 0
    selection.row = stage.row
    highlights = stage.highlights.compactMap { mark in
      shown.firstIndex(of: mark.run).map { Highlight(run: $0, tile: mark.tile) }
    }
    spotlight = stage.panel.map { panel in
      switch panel {
      case .hbm: .hbm
      case .bus: .bus
      case .sram: .sram
      case .units: .units
      }
    }
    // The views of one tile show the marked one.
    if ["tile", "heat"].contains(stage.view) {
      selection.tile = highlights.first { $0.run == focus }?.tile
    }
    home = Home(view: view, row: selection.row)
  }
}
