// An op as a thread block has recorded it.

/// One op of a thread block.
package struct Op: Sendable {
  package var operation: Operation
  /// The word that names it in logs, in cues and on the screen.
  package var verb: Verb
  /// Index of its cost in the block's `costs`.
  var cost: Int16
  private var tileOrNone: TileID
  /// The tiles that it reads, as a range of the block's `inputPool`.
  var inputs: Range<Int32>
  /// Who runs it.
  package let stream: Stream
  /// Line of the kernel's text, from 1; 0 for none.
  package var line: Int16

  init(
    operation: Operation, verb: Verb, cost: Int16, tile: TileID?, inputs: Range<Int32>,
    stream: Stream,
    line: Int16
  ) {
    self.operation = operation
    self.verb = verb
    self.cost = cost
    tileOrNone = tile ?? .none
    self.inputs = inputs
    self.stream = stream
    self.line = line
  }

  /// The tile that is written; for `store`, `free` and `keep` the tile that is read or freed; nil
  /// for an op without a tile.
  package var tile: TileID? { tileOrNone == .none ? nil : tileOrNone }

  /// The region of HBM that a transfer reads or writes; nil for other ops.
  package var region: Region? {
    switch operation {
    case .load(let region, _), .store(let region), .add(let region): region
    default: nil
    }
  }
}

/// Index of an op in its block, in program order.
package typealias OpID = ID<Op>
