// The tile sizes of a run as text, and whether all runs on the screen have the same.

import Kernels

extension Plan {
  /// Rows and columns of a tile, `128×64`, in the forward or the backward pass: a released kernel
  /// may have different tiles in each. For a matrix product rows, columns and depth.
  package func tiles(backward isBackward: Bool) -> String {
    if case .matmul = problem { return "\(mapping.rows)×\(mapping.columns)×\(mapping.depth)" }
    if isBackward, let tiles = mapping.backward {
      return "\(tiles.rows)×\(tiles.columns * tiles.groups)"
    }
    return "\(mapping.rows)×\(mapping.columns)"
  }

  /// The tile sizes of the passes that run.
  fileprivate var tilesOfPasses: Set<String> {
    var tiles: Set<String> = []
    if forwardLaunches > 0 { tiles.insert(self.tiles(backward: false)) }
    if forwardLaunches < program.launches.count { tiles.insert(self.tiles(backward: true)) }
    return tiles
  }
}

extension [Plan] {
  /// True if all passes of all runs have the same tiles, so that the header can name them once.
  package var haveOneTiling: Bool {
    reduce(into: Set<String>()) { $0.formUnion($1.tilesOfPasses) }.count <= 1
  }
}

extension Scene {
  /// The run's name, followed by the tiles of its current pass if the runs differ in their tiles.
  func title(_ index: Int, isShort: Bool = false) -> String {
    let moment = moments[index]
    let name = isShort ? moment.run.shortName : moment.run.name
    guard !moments.map(\.run.plan).haveOneTiling else { return name }
    return "\(name) \(moment.run.plan.tiles(backward: moment.isBackward))"
  }
}
