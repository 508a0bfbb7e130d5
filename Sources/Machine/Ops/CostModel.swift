// What an op costs in a released kernel, where that differs from the algorithm.

/// The cost of an op in a released kernel. It gets the algorithm's cost and changes it. It returns
/// parts of the op that come before it, each on another unit.
package typealias CostModel = @Sendable (_ op: CostedOp, _ cost: inout OpCost) -> [OpCost]

/// An op with its tiles, as a `CostModel` sees it.
package struct CostedOp: Sendable {
  package var operation: Operation
  package var verb: Verb
  /// The tile written, or stored.
  package var tile: TileInfo?
  package var inputs: [TileInfo]
}
