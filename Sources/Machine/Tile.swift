// Tiles before anything has run: handles without values, and the buffers they take turns in.

/// A handle to a tile in SRAM.
public struct Tile: Sendable {
  public var id: Int32
  public var rows: Int
  public var columns: Int
}

/// What is known of a tile before anything has run.
public struct TileInfo: Sendable {
  /// The name of the buffer it lives in: `K`.
  public var name: String
  /// The rectangle it stands for, with its plane and its numbers in the tiling.
  public var place: Region
  public var rows: Int
  public var columns: Int
  public var type: DataType
  /// True in shared memory (loaded), false in registers (computed).
  public var isLoaded: Bool
  var buffer: Int32

  public var bytes: Int { rows * columns * type.bytes }
}

/// A run of tiles of one name that take turns in the same SRAM.
struct Buffer: Sendable {
  var name: String
  var group: Int
  var isLoaded: Bool
  var bytes = 0
  var live = 0
  var slots = 0
  /// Op that first writes the nth tile, and op that frees it.
  var allocations: [Int32] = []
  var frees: [Int32] = []
}
