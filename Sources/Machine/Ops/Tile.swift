// A tile of a thread block before anything has run: a handle without values, and what is known of it.

/// A handle to a tile in SRAM.
package struct Tile: Sendable {
  package var id: TileID
  package var rows: Int
  package var columns: Int
}

/// What is known of a tile before anything has run.
package struct TileInfo: Sendable {
  package var kind: TileKind
  /// The rectangle it stands for, with its plane and its numbers in the tiling.
  package var place: Region
  package var rows: Int
  package var columns: Int
  package var type: DataType
  /// True in shared memory (loaded), false in registers (computed).
  package var isLoaded: Bool
  var buffer: Int32

  package var name: String { kind.name }
  package var bytes: Int { rows * columns * type.bytes }
}

extension TileName {
  /// The name of a tile in SRAM.
  package init(_ info: TileInfo) {
    self.init(info.name, row: info.place.tileRow, column: info.place.tileColumn)
  }
}

/// A tile of a thread block, in the order in which the block makes its tiles.
package typealias TileID = ID<TileInfo>
