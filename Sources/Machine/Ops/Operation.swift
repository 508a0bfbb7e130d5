// The vocabulary of a block: everything a kernel can ask of an SM. An op says what is computed
// (`State` evaluates it), what it costs (`Schedule` times it) and what it is called (`Event`).

/// What an op does to its tiles. `inputs` are listed in the order in which `Block` records them.
package enum Operation: Sendable, Equatable {
  // Transfers.
  /// HBM → SRAM; `copies` times where threads share nothing and each fetches for itself.
  case load(Region, copies: Int)
  /// SRAM → HBM, rounded to the tensor's format.
  case store(Region)
  /// SRAM added to what HBM holds, atomically: each byte crosses the bus in both directions.
  case add(Region)
  // Arithmetic.
  /// out = a·b, a·bᵀ or aᵀ·b, added to what out holds if `accumulating`. Where a is `weighted`, it
  /// holds weights or their gradients, and one that is 0 lets nothing through, whatever b holds.
  case product(transposing: Transposed, accumulating: Bool, weighted: Bool)
  /// Element by element, and reductions of rows.
  case compute(Expression)
  /// Scores to logits, in place: scale, softcap, bias, mask, in this order.
  case logits(Logits)
  /// What the generator says for the tile's place in the score matrix.
  case random(Dropout, Region, DropoutTarget)
  /// Round to a storage format, in place.
  case convert(DataType)
  // Time without a value.
  /// The warps of a group wait for each other, or for another group.
  case barrier
  /// The part of the next op that runs on another unit.
  case part
  // Bookkeeping.
  /// A mark of a sampled loop: in timing-only runs.
  case sampleMark
  /// Give the SRAM back.
  case free
  /// Note a value for the report: no traffic, no time.
  case keep(Region)
}

extension Operation {
  /// Housekeeping waits for its tiles only, not for its turn.
  package var isHousekeeping: Bool {
    switch self {
    case .free, .keep: true
    default: false
    }
  }

  /// True for what a released kernel may do at another cost.
  var hasCost: Bool {
    switch self {
    case .free, .keep, .part, .sampleMark: false
    default: true
    }
  }

  /// True where bytes go out to HBM.
  package var isStore: Bool {
    switch self {
    case .store, .add: true
    default: false
    }
  }
}
