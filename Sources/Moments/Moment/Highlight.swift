// What a lesson points at: a panel of a run, and tiles.

import Machine

/// A part of a run's panel that a lesson can point at.
package enum Panel: String, Sendable, CaseIterable { case hbm, bus, sram, units }

/// A tile that a lesson marks.
package struct Highlight: Sendable, Equatable {
  /// Index of the run, among those of whoever marks the tile.
  package var run: Int
  package var tile: TileName

  package init(run: Int, tile: TileName) {
    self.run = run
    self.tile = tile
  }
}
