// Which rows of the race fit on the screen. HBM, bus, SRAM, byte counters and clock are always
// there; the other rows come back one by one as the screen grows.

/// Heights of the parts of a race, rows.
package struct RaceRows: Sendable {
  let units: Int
  let statistics: Int
  let counters: Int
  let strips: Int
  private let sparesTileLine: Bool

  /// Rows of title, bus, SRAM, tiles in SRAM, counters and clock, one each.
  private static let needed = 6

  init(_ scene: Scene, height: Int) {
    var spare = height - Self.needed - Self.hbmRows(scene)
    func take(_ rows: Int) -> Int {
      guard spare >= rows else { return 0 }
      spare -= rows
      return rows
    }
    units = take(1)
    statistics = take(1)
    strips = take(scene.moments.count)
    sparesTileLine = take(1) == 1
    counters = 1 + take(1)
  }

  /// Rows of HBM: one for names, and up to four for the tallest grid.
  private static func hbmRows(_ scene: Scene) -> Int {
    let grids = scene.moments.flatMap(\.program.tensors).filter { $0.role != .statistic }
    return 1 + min(4, grids.map(\.gridRows).max() ?? 1)
  }

  /// Rows for the tiles in SRAM.
  /// - Parameter height: rows of HBM, bus and SRAM together.
  func tileLines(in height: Int) -> Int {
    sparesTileLine ? max(2, min(4, (height - 3) / 4)) : 1
  }

  /// The fewest rows that show everything that is always there.
  package static func least(_ scene: Scene) -> Int { needed + hbmRows(scene) }

  /// Rows from which on nothing is left out.
  package static func comfortable(_ scene: Scene) -> Int { least(scene) + 4 + scene.moments.count }
}
