// A buffer: the piece of SRAM that all tiles of one name in a block share.

/// A buffer of a block. It has slots for tiles; a new tile takes the slot of a freed one.
struct Buffer: Sendable {
  var name: String
  /// The warp group that owns it; 0 for loaded tiles, which all groups share.
  var group: Int
  /// True in shared memory (loaded), false in registers (computed).
  var isLoaded: Bool
  /// True if a product has filled it: on a device with tensor memory it lies there.
  var isAccumulator = false
  /// Size of a slot: that of the largest tile.
  var bytes = 0
  /// Tiles that are recorded and not freed yet.
  var allocatedTiles = 0
  /// Tiles that it holds at once.
  var slots = 0
  /// The op that writes the nth tile first, and the nth op that frees one.
  var allocations: [OpID] = []
  var frees: [OpID] = []
}
