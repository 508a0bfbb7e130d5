// A product of two tiles: which operand is transposed, and whether the result is added.

/// The kind of a product of two tiles.
package struct Product: Sendable, Equatable {
  package var transposing = Transposed.neither
  /// True if the product is added to what the output tile holds.
  package var accumulates = false
  /// True if the left operand holds weights or their gradients.
  package var isWeighted = false
  /// True if the forward pass has computed the same product.
  package var isRepeated = false
  /// True if the threads multiply on the FP32 lanes, without tensor cores.
  package var isOnLanes = false

  package init() {}
}

/// Which operand of a product is transposed.
package enum Transposed: Sendable, Equatable { case neither, left, right }
