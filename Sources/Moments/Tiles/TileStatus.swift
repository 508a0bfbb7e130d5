// The status of a tile: whether it holds data, and what is being done with it.

/// The status of a tile; where several apply, the highest is shown.
package enum TileStatus: Int, Sendable, Comparable, CaseIterable {
  /// Nobody has written it.
  case unwritten
  /// It was on chip only, and has been dropped.
  case dropped
  /// It holds data that will be moved.
  case waiting
  /// It holds data that nobody will move any more.
  case done
  /// A copy of it is on chip.
  case resident
  /// It crosses the bus.
  case inFlight
  /// It is an input or the output of a running op.
  case active

  package static func < (a: TileStatus, b: TileStatus) -> Bool { a.rawValue < b.rawValue }
}
