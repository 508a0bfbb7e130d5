// A product of two tiles: which operand is transposed, and what becomes of the result.

/// How two tiles are multiplied.
package struct Product: Sendable, Equatable {
  package var transposing = Transposed.neither
  /// Added to what is there.
  package var accumulates = false
  /// The left operand holds weights or their gradients.
  package var isWeighted = false
  /// The forward pass has done it before.
  package var isRepeated = false
  /// Every thread multiplies for itself.
  package var isOnLanes = false

  package init() {}
}

/// Which operand of a product is read by columns.
package enum Transposed: Sendable, Equatable { case neither, left, right }
