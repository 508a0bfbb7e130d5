// The status of a tile of a tensor: moving, on chip, in use.

/// The status of a tile; where several apply, the highest is shown. `untouched`: no transfer yet;
/// `done`: transferred earlier, not on chip now; `active`: an input or output of a running op.
package enum TileStatus: Int, Sendable, Comparable {
  case untouched, done, resident, inFlight, active

  package static func < (a: TileStatus, b: TileStatus) -> Bool { a.rawValue < b.rawValue }
}
