// Which rows of the race fit on the screen. HBM, bus, chip, byte counters and clock are always there; the
// other rows come back one by one as the screen grows. They depend on the runs and the screen alone, never
// on the cycle, so that nothing moves while a run is played.

import Moments

/// Heights of the parts of a race, rows.
package struct RaceRows: Sendable {
  let figure: Int
  let tiles: Int
  let units: Int
  let softmax: Int
  let counters: Int
  let strips: Int
  /// Whether the looks of tiles are explained in a row of their own.
  let hasLegend: Bool

  /// Rows of title, bus, SRAM, tiles in SRAM, counters and clock, one each.
  private static let needed = 6

  /// - Parameter figures: those of the runs.
  init(_ scene: Scene, _ figures: [Figure], height: Int) {
    var figure = Self.rows(of: figures)
    var spare = max(0, height - Self.needed - figure)
    func take(_ rows: Int, atLeast least: Int? = nil) -> Int {
      let taken = spare >= rows ? rows : spare >= least ?? rows ? spare : 0
      spare -= taken
      return taken
    }
    // From the back of a room few large shapes are seen better than many small ones.
    units = scene.isLarge ? 0 : take(1)
    var softmax = scene.showsSoftmax ? take(4, atLeast: 2) : 0
    counters = 1 + take(scene.isLarge ? 2 : 1)
    figure += take(1)
    var tiles = 1 + (scene.isLarge ? 0 : take(1))
    // The strips tell how long each run takes.
    strips = scene.hidesFuture || scene.isLarge ? 0 : take(scene.moments.count)
    hasLegend = strips > 0 && take(1) > 0
    // What is left over makes the pictures larger: those of HBM by a row for each row of tiles,
    // or, where several share a cell, by some.
    let rowsOfTiles = figures.map(\.rowsOfTiles).max() ?? 1
    var hasGrown = true
    while spare > 0, hasGrown {
      let before = spare
      if scene.showsSoftmax { softmax += take(2, atLeast: 1) }
      if tiles < 3, !scene.isLarge { tiles += take(1) }
      figure += take(min(rowsOfTiles, 8), atLeast: min(rowsOfTiles, 4))
      hasGrown = spare < before
    }
    // The rest is too little for another row of tiles.
    figure += spare
    (self.softmax, self.figure, self.tiles) = (softmax, figure, tiles)
  }

  /// Rows of HBM at least: K and V across, and up to four for the tallest grid.
  private static func rows(of figures: [Figure]) -> Int {
    figures.map { figure in
      let top = figure.parts(.top).map(\.tilesDown).max() ?? 1
      return min(4, top) + min(4, figure.rowsOfTiles)
    }.max() ?? 2
  }

  /// The fewest rows that show everything that is always there.
  package static func least(_ scene: Scene) -> Int {
    needed + rows(of: scene.moments.map { Figure($0.run) })
  }

  /// Rows from which on nothing is left out but the strips of time.
  package static func comfortable(_ scene: Scene) -> Int {
    least(scene) + 4 + (scene.showsSoftmax ? 4 : 0)
  }
}

extension Scene {
  /// Whether any run on the screen has a softmax to follow.
  var showsSoftmax: Bool { moments.contains { $0.run.hasSoftmax && $0.run.hasValues } }
}
