// What an op costs a released kernel, where that differs from the algorithm.

/// What a released kernel would pay for a step: it starts from what the algorithm says. What comes
/// back are parts of the step that come first, each on a unit of its own.
package typealias CostModel = @Sendable (_ op: CostedOp, _ cost: inout OpCost) -> [OpCost]

/// An op with its tiles, as `Price` sees it.
package struct CostedOp: Sendable {
  package var operation: Operation
  package var verb: Verb
  /// The tile written, or stored.
  package var tile: TileInfo?
  package var inputs: [TileInfo]
}
