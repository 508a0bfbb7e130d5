// The tiles of a run, and whether they are the same for everything on the screen.

import Kernels

extension Plan {
  /// `128×64` of the forward or the backward pass: a released kernel has others in each.
  package func tiles(backward isBackward: Bool) -> String {
    if case .matmul = problem { return "\(mapping.rows)×\(mapping.columns)×\(mapping.depth)" }
    if isBackward, let tiles = mapping.backward {
      return "\(tiles.rows)×\(tiles.columns * tiles.groups)"
    }
    return "\(mapping.rows)×\(mapping.columns)"
  }

  /// Those of the passes that run.
  fileprivate var tilesOfPasses: Set<String> {
    var tiles: Set<String> = []
    if forwardLaunches > 0 { tiles.insert(self.tiles(backward: false)) }
    if forwardLaunches < program.launches.count { tiles.insert(self.tiles(backward: true)) }
    return tiles
  }
}

extension [Plan] {
  /// Every pass of every run has the same tiles: then one line can say them for all.
  package var haveOneTiling: Bool {
    reduce(into: Set<String>()) { $0.formUnion($1.tilesOfPasses) }.count <= 1
  }
}

extension Scene {
  /// The run's name, and where the runs on the screen differ in their tiles, those of the launch at
  /// hand.
  func title(_ index: Int, isShort: Bool = false) -> String {
    let moment = moments[index]
    let name = isShort ? moment.run.shortName : moment.run.name
    guard !moments.map(\.run.plan).haveOneTiling else { return name }
    return "\(name) \(moment.run.plan.tiles(backward: moment.isBackward))"
  }
}
