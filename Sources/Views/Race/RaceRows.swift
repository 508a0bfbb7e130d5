// Which lines of the race there is room for. HBM, the bus, SRAM, the byte counters and the clock
// are what the race is about; the other lines come back one by one as the screen grows.


/// The heights of the parts of a race.
package struct RaceRows: Sendable {
  let units: Int
  let statistics: Int
  let counters: Int
  let strips: Int
  private let sparesTileLine: Bool

  /// Title, bus, SRAM and one line of its tiles, counters, clock.
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

  /// A line of names, and the rows of the tallest grid up to four.
  private static func hbmRows(_ scene: Scene) -> Int {
    let grids = scene.moments.flatMap(\.program.tensors).filter { $0.role != .statistic }
    return 1 + min(4, grids.map(\.gridRows).max() ?? 1)
  }

  /// Rows for the names of tiles in SRAM, of `height` for HBM, bus and SRAM together.
  func tileLines(in height: Int) -> Int {
    sparesTileLine ? max(2, min(4, (height - 3) / 4)) : 1
  }

  /// The fewest rows that show each thing once.
  package static func least(_ scene: Scene) -> Int { needed + hbmRows(scene) }

  /// The rows at which nothing is left out.
  package static func comfortable(_ scene: Scene) -> Int { least(scene) + 4 + scene.moments.count }
}
