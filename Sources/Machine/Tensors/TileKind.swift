// What all tiles of one name have in common: their axes, and their part in a softmax.

/// Along what a matrix runs.
package enum Axis: UInt8, Sendable {
  /// One entry per query, N; or per key, Nk.
  case queries, keys
  case other
  /// A column has no second axis.
  case none
}

/// What a tile or a tensor is to a softmax, as its kernel's text tells.
package enum TileRole: UInt8, Sendable {
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
package struct TileKind: Sendable, Equatable {
  /// The name of the buffer they live in: `K`.
  package var name: String
  package var rows: Axis
  package var columns: Axis
  package var role: TileRole
  /// The gradient of something.
  package var isGradient: Bool

  package init(
    _ name: String, rows: Axis = .other, columns: Axis = .other, role: TileRole = .other,
    isGradient: Bool = false
  ) {
    (self.name, self.rows, self.columns) = (name, rows, columns)
    (self.role, self.isGradient) = (role, isGradient)
  }
}
