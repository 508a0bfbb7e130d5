// What the viewer has selected: a head, a query row, an SM, a tile. It is the same for both runs.

import Machine

/// The head, row, SM, line and tile that the viewer has selected.
package struct Selection: Sendable, Equatable {
  /// Index of the (batch, head) plane of Q.
  package var plane = 0
  /// Index of the query row whose softmax is followed; nil for the one in which most is to be seen.
  package var row: Int?
  /// Index of the SM that views of one SM show.
  package var sm = 0
  /// Index of the selected line in the view of one SM.
  package var stream = 0
  /// Index of the first column of a tile's values that is shown.
  package var firstColumn = 0
  /// The selected tile, without its plane; nil for the tile of the current event.
  package var tile: TileName?

  package init() {}
}
