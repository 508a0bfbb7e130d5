// The operations of a thread block. `State` computes what they do to the tiles; `Schedule` times
// them by their cost.

/// What an op does to its tiles. Inputs are in the order in which `Block` records them.
package enum Operation: Sendable, Equatable {
  // Transfers. With a second input (a load: with any) they gather or scatter: the tile of numbers says which
  // rows of the tensor are meant, and the region only how many.
  /// HBM → SRAM, `copies` times: more than once where threads share nothing and each loads its own.
  case load(Region, copies: Int)
  /// SRAM → HBM, rounded to the tensor's format.
  case store(Region)
  /// SRAM added to HBM, atomically: each byte crosses the bus in both directions.
  case add(Region)
  // Arithmetic.
  /// out = a·b, a·bᵀ or aᵀ·b, added to what out holds if `accumulating`. If `weighted`, a holds
  /// weights or their gradients, and an entry 0 of a adds nothing, even where b holds NaN.
  case product(transposing: Transposed, accumulating: Bool, weighted: Bool)
  /// A formula, element by element, with reductions of rows.
  case compute(Expression)
  /// Scores to logits, in place: scale, softcap, bias, mask, in this order.
  case logits(Logits)
  /// The order of a column's entries.
  case arrange(Arrangement)
  /// Dropout of a tile, by the tile's region in the score matrix.
  case random(Dropout, Region, DropoutTarget)
  /// Values rounded to a storage format, in place.
  case convert(DataType)
  // Time without a value.
  /// The warps of a group wait for each other, or for another group.
  case barrier
  /// A part of the next op that runs before it, on another unit.
  case part
  // Bookkeeping.
  /// The start of a sample or of a fast-forward; only in sampled simulation.
  case sampleMark
  /// The tile's SRAM is freed.
  case free
  /// The tile's values are kept for the report: no traffic, no time.
  case keep(Region)
}

/// What is told of the order of a column's entries.
package enum Arrangement: Sendable, Equatable {
  /// The numbers of the entries in ascending order of the entries; equal ones stay in order.
  case sort
  /// The numbers of the largest entries, in ascending order of the numbers; of equal ones the first.
  case top
}

extension Operation {
  /// True for ops without cost that belong to no stream: they wait for their tiles only.
  package var isHousekeeping: Bool {
    switch self {
    case .free, .keep: true
    default: false
    }
  }

  /// True for ops whose cost a `CostModel` may change.
  var hasCost: Bool {
    switch self {
    case .free, .keep, .part, .sampleMark: false
    default: true
    }
  }

  /// True if bytes go from SRAM to HBM.
  package var isStore: Bool {
    switch self {
    case .store, .add: true
    default: false
    }
  }
}
