// What all tiles of one name have in common: their axes, and their role in the softmax.

/// The dimension of the problem that an axis of a matrix stands for.
package enum Axis: UInt8, Sendable {
  /// Queries (length N), or keys (length Nk).
  case queries, keys
  case other
  /// The missing second axis of a column.
  case none
}

/// The role of a tile or a tensor in the softmax, derived from the kernel's text.
package enum TileRole: UInt8, Sendable {
  case other
  /// Logits, and their exponentials.
  case scores, weights
  /// Row maximum: the running one, that of this tile alone, and the larger of both.
  case maximum, tileMaximum, newMaximum
  /// Row sum of the weights, in the same three forms.
  case sum, tileSum, newSum
  /// Factor that rescales a row sum from its old maximum to the new one: for the running sum, and
  /// for the sum of this tile.
  case factor, tileFactor
  /// The weighted sum of the values, O.
  case output
  /// Gradient with respect to the weights, dP.
  case weightGradient
  /// Keep mask of the dropout: 1 for a weight that is kept, 0 for one that is dropped.
  case keepMask
}

/// What all tiles of one name in a kernel have in common.
package struct TileKind: Sendable, Equatable {
  /// Name of the buffer that the tiles share: `K`.
  package var name: String
  package var rows: Axis
  package var columns: Axis
  package var role: TileRole
  /// True for a gradient, such as dK.
  package var isGradient: Bool

  package init(
    _ name: String, rows: Axis = .other, columns: Axis = .other, role: TileRole = .other,
    isGradient: Bool = false
  ) {
    (self.name, self.rows, self.columns) = (name, rows, columns)
    (self.role, self.isGradient) = (role, isGradient)
  }

  /// True for tiles of a matrix of queries against keys, such as S, P and their gradients.
  package var pairsQueriesWithKeys: Bool { rows == .queries && columns == .keys }
}
