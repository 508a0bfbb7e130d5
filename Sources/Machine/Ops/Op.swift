// An op as a thread block has recorded it.

/// One recorded request of a block.
package struct Op: Sendable {
  package var operation: Operation
  /// The word for it in logs, cues and on the screen.
  package var verb: Verb
  /// What it costs, as an index into its block's different costs.
  var cost: Int16
  private var tileOrNone: TileID
  /// Range of the block's `inputPool`: the tiles read.
  var inputs: Range<Int32>
  /// Line of the kernel's text; 0 for none.
  package var line: Int16

  init(
    operation: Operation, verb: Verb, cost: Int16, tile: TileID?, inputs: Range<Int32>, line: Int16
  ) {
    self.operation = operation
    self.verb = verb
    self.cost = cost
    tileOrNone = tile ?? .none
    self.inputs = inputs
    self.line = line
  }

  /// The tile written, or for `store`, `free` and `keep` the tile concerned; nil for an op without one.
  package var tile: TileID? { tileOrNone == .none ? nil : tileOrNone }

  /// The rectangle of HBM that a transfer touches.
  package var region: Region? {
    switch operation {
    case .load(let region, _), .store(let region), .add(let region): region
    default: nil
    }
  }
}

/// An op of a thread block, in program order.
package typealias OpID = ID<Op>
