// The vocabulary of a block: everything a kernel can ask of an SM. An op says what is computed
// (`State` evaluates it), what it costs (`Schedule` times it) and what it is called (`Event`).

/// What an op does to its tiles. `inputs` are listed in the order in which `Block` records them.
public enum Operation: Sendable, Equatable {
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
  case random(Dropout, Region, Drawn)
  /// Round to a storage format, in place.
  case convert(DataType)
  // Time without a value.
  /// The warps of a group wait for each other, or for another group.
  case barrier
  /// The part of the next op that runs on another unit.
  case part
  // Bookkeeping.
  /// Where a loop is measured, and where it is taken to go on as measured: in timing-only runs.
  case lap
  case skip
  /// Give the SRAM back.
  case free
  /// Note a value for the report: no traffic, no time.
  case keep(Region)
}

extension Operation {
  /// True for what a released kernel may do at another cost.
  var isPriced: Bool {
    switch self {
    case .free, .keep, .part, .lap, .skip: false
    default: true
    }
  }

  /// True where bytes go out to HBM.
  public var isStore: Bool {
    switch self {
    case .store, .add: true
    default: false
    }
  }
}

/// Which operand of a product is read by columns.
public enum Transposed: Sendable, Equatable { case neither, left, right }

/// What chance changes. A dropped weight is 0, but NaN if its row is; the gradient of a dropped weight is
/// 0, whatever it was; a keep mask is 0 for dropped and 1 for kept.
public enum Drawn: Sendable, Equatable { case weights, gradients, keepMask }

/// How scores become logits.
public struct Logits: Sendable, Equatable {
  public var scale: Float
  /// c in c·tanh(x / c); nil for none.
  public var softcap: Float?
  /// A bias tile is among the inputs.
  public var hasBias: Bool
  /// Where the tile lies in the score matrix, if the mask must be applied to it.
  public var masked: Region?

  public init(scale: Float, softcap: Float?, hasBias: Bool, masked: Region?) {
    self.scale = scale
    self.softcap = softcap
    self.hasBias = hasBias
    self.masked = masked
  }
}
