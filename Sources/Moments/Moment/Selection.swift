// What the viewer points at.

import Machine

/// What the viewer points at.
package struct Selection: Sendable, Equatable {
  /// (Batch, head) plane of Q.
  package var plane = 0
  /// Query row whose softmax to follow; nil: the first of the tile that is being worked on.
  package var row: Int?
  package var sm = 0
  /// The line of the view of one SM that the viewer is at.
  package var stream = 0
  /// The first column of a tile's values that is shown.
  package var firstColumn = 0
  /// A tile by its label without plane; nil: the tile of the current event.
  package var tile: TileName?

  package init() {}
}
