// Which elements of a tile dropout has set to 0: told from the rule and the values together, since a
// tile is whole until its block comes to drop.

import Machine

package struct DroppedWeights {
  package let rule: Dropout
  /// False while the tile still holds every weight.
  package let isApplied: Bool
  /// The tile holds the keep mask itself.
  package let isMask: Bool
  private let dropped: Set<Int>

  /// Nil for a tile that dropout does not concern.
  package init?(_ shown: ShownTile, _ moment: Moment) {
    guard case .attention(let problem) = moment.run.plan.problem, let rule = problem.dropout,
      [.weights, .weightGradient, .keepMask].contains(shown.role)
    else { return nil }
    self.rule = rule
    var places: [Int] = []
    rule.forEachElement(of: shown.place) { index, isKept in
      if !isKept { places.append(index) }
    }
    isMask = shown.role == .keepMask
    isApplied = places.allSatisfy { shown.values.values[$0] == 0 }
    dropped = isApplied ? Set(places) : []
  }

  package func contains(row: Int, column: Int, of values: TileValues) -> Bool {
    dropped.contains(row * values.columns + column)
  }
}
