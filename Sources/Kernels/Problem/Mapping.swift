// The mapping of a problem to blocks and tiles: the fourth of the independent inputs (device,
// kernel, problem, mapping).

/// Tile sizes in elements, and the stages, warps and splits of a run.
package struct Mapping: Sendable, Equatable {
  /// Rows of a tile: Br, or bm.
  package var rows: Int
  /// Columns of a tile: Bc, or bn.
  package var columns: Int
  /// Depth of a tile: bk; attention has none.
  package var depth: Int
  /// Tiles of a loaded buffer that may be in SRAM at once: 2 is double buffering.
  package var stages: Int
  /// Warps of a block, in a kernel as released; 0 for the algorithm as printed.
  package var warps = 0
  /// Warp groups of a block, each with its part of the rows.
  package var groups = 1
  /// Blocks among which the query rows of a head are split.
  package var splits = 1
  /// Whether the backward pass has a block for each tile of keys of a head, where the algorithm has one for the head.
  package var splitsKeys = false
  /// The released kernel is known to run on the device with these tiles. Its buffers share space,
  /// so their sum may be larger than what a block may own.
  package var isKnownToFit = false
  /// Tiles and warps of the backward pass of a released kernel; nil: as in the forward pass.
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

  /// The mapping of a kernel as released, with the tiles and warps of both passes.
  init(launching forward: Tiles, backward: Tiles) {
    self.init(rows: forward.rows, columns: forward.columns, depth: forward.columns)
    (stages, warps, groups) = (forward.stages, forward.warps, forward.groups)
    isKnownToFit = true
    self.backward = backward
  }

  /// The mapping of the backward pass.
  var backwardMapping: Mapping {
    guard let backward else { return self }
    var mapping = self
    (mapping.rows, mapping.columns, mapping.stages) = (
      backward.rows, backward.columns, backward.stages
    )
    (mapping.warps, mapping.groups, mapping.splits) = (backward.warps, backward.groups, 1)
    return mapping
  }

  /// The mapping with other tile sizes in both passes, which are then no longer known to fit. A
  /// size that is nil stays as it is.
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

  /// Whether costs and footprints are those of a released kernel.
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
