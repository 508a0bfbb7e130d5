// How a problem is cut into tiles: the fourth of the independent inputs (device, kernel, problem, mapping).

/// Tile sizes, in elements.
package struct Mapping: Sendable, Equatable {
  /// Br, or bm.
  package var rows: Int
  /// Bc, or bn.
  package var columns: Int
  /// bk; attention has none.
  package var depth: Int
  /// Tiles of a loaded buffer that may be in SRAM at once: 2 is double buffering.
  package var stages: Int
  /// Warps of a block as a released kernel launches it; 0 where the algorithm is taken as printed.
  package var warps = 0
  /// Warp groups of a block that work side by side, each on its part of the rows.
  package var groups = 1
  /// Parts into which the rows of a head are split, each a block of its own.
  package var splits = 1
  /// The released kernel is known to run on the device with these tiles, whatever the sum of its
  /// buffers says: they share space.
  package var isKnownToFit = false
  /// What a backward pass has instead, where its released kernel has other tiles.
  package var backward: Tiles?

  package init(rows: Int, columns: Int, depth: Int, stages: Int = 2) {
    self.rows = rows
    self.columns = columns
    self.depth = depth
    self.stages = stages
  }

  package init(tile: Int, stages: Int = 2) {
    self.init(rows: tile, columns: tile, depth: tile, stages: stages)
  }

  /// A kernel as released: the tiles and warps of its passes.
  init(launching forward: Tiles, backward: Tiles) {
    self.init(rows: forward.rows, columns: forward.columns, depth: forward.columns)
    (stages, warps, groups) = (forward.stages, forward.warps, forward.groups)
    isKnownToFit = true
    self.backward = backward
  }

  /// The tiles of a backward pass.
  var goingBackward: Mapping {
    guard let backward else { return self }
    var mapping = self
    (mapping.rows, mapping.columns, mapping.stages) = (
      backward.rows, backward.columns, backward.stages
    )
    (mapping.warps, mapping.groups, mapping.splits) = (backward.warps, backward.groups, 1)
    return mapping
  }

  /// The same with other tiles in both passes, of which nobody knows whether they fit; an edge that is
  /// nil stays as it is.
  package func with(rows: Int?, columns: Int?) -> Mapping {
    guard rows != nil || columns != nil else { return self }
    var mapping = self
    mapping.isKnownToFit = false
    mapping.rows = rows ?? self.rows
    mapping.columns = columns ?? self.columns
    if let rows { mapping.backward?.rows = rows }
    if let columns { mapping.backward?.columns = columns }
    return mapping
  }

  /// True where costs and footprints are those of a released kernel.
  package var isAsLaunched: Bool { warps > 0 }
}

/// Tiles and warps of one pass of a released kernel.
package struct Tiles: Sendable, Equatable {
  package var rows: Int
  package var columns: Int
  package var warps: Int
  package var groups = 1
  package var stages = 2

  package init(_ rows: Int, _ columns: Int, warps: Int, groups: Int = 1, stages: Int = 2) {
    self.rows = rows
    self.columns = columns
    self.warps = warps
    self.groups = groups
    self.stages = stages
  }
}
