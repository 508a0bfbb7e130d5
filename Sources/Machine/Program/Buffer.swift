// A buffer: the piece of SRAM that the tiles of one name share, one after the other.

/// A run of tiles of one name that take turns in the same SRAM.
struct Buffer: Sendable {
  var name: String
  var group: Int
  var isLoaded: Bool
  var bytes = 0
  var live = 0
  var slots = 0
  /// Op that first writes the nth tile, and op that frees it.
  var allocations: [OpID] = []
  var frees: [OpID] = []
}
