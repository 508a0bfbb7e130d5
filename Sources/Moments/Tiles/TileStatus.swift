// What a tile of HBM is doing.

/// What a tile of HBM is doing, weakest first.
package enum TileStatus: Int, Sendable, Comparable {
  case untouched, done, resident, inFlight, active

  package static func < (a: TileStatus, b: TileStatus) -> Bool { a.rawValue < b.rawValue }
}
