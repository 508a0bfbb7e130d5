// Which elements of a tile dropout has set to 0. The rule alone does not tell: a tile holds every
// weight until the op that drops some has finished, so its values are checked as well.

import Machine

/// The elements of one tile that dropout has set to 0.
package struct DroppedWeights {
  /// Rate and seed of the dropout.
  package let rule: Dropout
  /// True if the tile holds 0 at every dropped element.
  package let isApplied: Bool
  /// True if the tile is the keep mask itself.
  package let isMask: Bool
  private let dropped: Set<Int>

  /// Nil for a tile that dropout does not change.
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

  /// True if the element in this row and column of the tile is dropped.
  package func contains(row: Int, column: Int, of values: TileValues) -> Bool {
    dropped.contains(row * values.columns + column)
  }
}
