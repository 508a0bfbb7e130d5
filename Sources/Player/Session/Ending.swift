// The end of a race: both runs compared, once both are over.

import Views

extension Player {
  /// Shows what the race has come to, where two runs have raced.
  mutating func endRace() {
    hidesFuture = false
    if runs.count == 2, ViewCatalogue.views[view].name == "race", depth == nil, overlay == nil {
      overlay = .finale
    }
  }

  /// Goes to the end and compares the runs.
  mutating func showFinale() {
    guard runs.count == 2 else {
      message = "The finale compares two runs; there is one."
      return
    }
    move(to: lastCycle)
    overlay = .finale
  }
}
