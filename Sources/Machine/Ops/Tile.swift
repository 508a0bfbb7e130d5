// A tile of a thread block while the block is recorded: a handle without values, and its
// description.

/// A handle to a tile in SRAM, of `rows` × `columns` elements.
package struct Tile: Sendable {
  package var id: TileID
  package var rows: Int
  package var columns: Int
}

/// The description of a tile, known before anything runs.
package struct TileInfo: Sendable {
  package var kind: TileKind
  /// The region that it stands for, with its plane and its indices in the tiling.
  package var place: Region
  package var rows: Int
  package var columns: Int
  package var type: DataType
  /// True for a loaded tile, in shared memory; false for a computed one, in registers.
  package var isLoaded: Bool
  /// Index of its buffer in the block's `buffers`.
  var buffer: Int32

  /// Name of the buffer it lives in: `K`.
  package var name: String { kind.name }
  /// Size in SRAM, bytes.
  package var bytes: Int { rows * columns * type.bytes }
}

extension TileName {
  /// The name of a tile in SRAM.
  package init(_ info: TileInfo) {
    self.init(info.name, row: info.place.tileRow, column: info.place.tileColumn)
  }
}

/// Index of a tile in its block.
package typealias TileID = ID<TileInfo>
