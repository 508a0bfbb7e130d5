// Tiles before anything has run: handles without values, and the buffers they take turns in.

/// A handle to a tile in SRAM.
public struct Tile: Sendable {
  public var id: Int32
  public var rows: Int
  public var columns: Int
}

/// Along what a matrix runs.
public enum Axis: UInt8, Sendable {
  /// One entry per query, N; or per key, Nk.
  case queries, keys
  case other
  /// A column has no second axis.
  case none
}

/// What a tile or a tensor is to a softmax, as its kernel's text tells.
public enum TileRole: UInt8, Sendable {
  case other
  /// Logits, and what e^x makes of them.
  case scores, weights
  /// The largest score so far, of this tile alone, and of both.
  case maximum, tileMaximum, newMaximum
  /// The sum of weights, likewise.
  case sum, tileSum, newSum
  /// By which sums against an old maximum shrink, and those of this tile.
  case factor, tileFactor
  /// The weighted sum of values.
  case output
  /// How much each weight mattered.
  case weightGradient
  /// 0 or 1 for each weight.
  case keepMask
}

/// What all tiles of one name in a kernel have in common.
public struct TileKind: Sendable, Equatable {
  /// The name of the buffer they live in: `K`.
  public var name: String
  public var rows: Axis
  public var columns: Axis
  public var role: TileRole
  /// The gradient of something.
  public var isGradient: Bool

  public init(
    _ name: String, rows: Axis = .other, columns: Axis = .other, role: TileRole = .other,
    isGradient: Bool = false
  ) {
    (self.name, self.rows, self.columns) = (name, rows, columns)
    (self.role, self.isGradient) = (role, isGradient)
  }
}

/// How two tiles are multiplied.
public struct Product: Sendable, Equatable {
  public var transposing = Transposed.neither
  /// Added to what is there.
  public var accumulates = false
  /// The left operand holds weights or their gradients.
  public var isWeighted = false
  /// The forward pass has done it before.
  public var isRepeated = false
  /// Every thread multiplies for itself.
  public var isOnLanes = false

  public init() {}
}

/// What is known of a tile before anything has run.
public struct TileInfo: Sendable {
  public var kind: TileKind
  /// The rectangle it stands for, with its plane and its numbers in the tiling.
  public var place: Region
  public var rows: Int
  public var columns: Int
  public var type: DataType
  /// True in shared memory (loaded), false in registers (computed).
  public var isLoaded: Bool
  var buffer: Int32

  public var name: String { kind.name }
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
