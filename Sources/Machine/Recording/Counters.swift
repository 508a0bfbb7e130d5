// What a state counts: transfers per tile, and FLOPs.

/// How often a tile of a tensor was loaded and stored.
package struct TileTransferCounts: Sendable, Equatable {
  package var reads: Int32 = 0
  package var writes: Int32 = 0
}

/// FLOPs of matrix products, 2 per multiply-add.
package struct Flops: Sendable, Equatable {
  package var all = 0
  /// FLOPs of `all` that repeat a product of the forward pass.
  package var recomputed = 0
}
