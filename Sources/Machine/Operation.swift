// The vocabulary of a block: everything a kernel can ask of an SM. An op says what is computed
// (`State` evaluates it), what it costs (`Schedule` times it) and what it is called (`Event`).

/// What an op does to its tiles. `inputs` are listed in the order in which `Block` records them.
public enum Operation: Sendable, Equatable {
  /// HBM → SRAM; `copies` times where threads share nothing and each fetches for itself.
  case load(Region, copies: Int)
  /// SRAM → HBM, rounded to the tensor's format.
  case store(Region)
  /// SRAM added to what HBM holds, atomically: each byte crosses the bus in both directions.
  case add(Region)
  /// Set every element.
  case fill(Float)
  /// out = a·b, a·bᵀ or aᵀ·b, added to what out holds if `accumulating`. Where a lies at `masked`
  /// in the score matrix, hidden pairs take no part, whatever b holds.
  case multiply(transposing: Transposed, accumulating: Bool, masked: Region?)
  /// Scores to logits, in place: scale, softcap, bias, mask, in this order.
  case logits(Logits)
  /// Largest entry of each row, and of the column given as second input.
  case rowMax
  /// e^(s − m), row by row; 0 where m = −∞, unless it is not `guarded`: then −∞ − −∞ is NaN.
  case exponential(guarded: Bool)
  /// Sum of each row.
  case rowSum
  /// Larger of two columns.
  case maximum
  /// e^(a − b) for two columns.
  case factor
  /// Columns: a∘x + b∘y.
  case mix
  /// Column: a∘x + rowsum(p).
  case mixRowSum
  /// Column: x + rowsum(p), in place.
  case addRowSum
  /// Rows times a column, in place.
  case scaleRows
  /// Rows divided by a column, in place; a row whose divisor is 0 becomes 0.
  case divideRows
  /// O ← (diag(a∘l)·O + diag(b)·PV) / l′: Algorithm 1, line 12 of the 2022 paper.
  case updateRows
  /// m + ln l.
  case logSumExp
  /// Column: rowsum(a∘b); a hidden pair adds nothing, whatever it holds.
  case rowDot(masked: Region?)
  /// The same values in a tile of their own.
  case copy
  /// dS = scale · P∘(dP − D); a hidden pair has none, whatever dP holds.
  case scoreGradient(scale: Float, masked: Region?)
  /// dS ← dS·(1 − (s / cap)²), where s is the capped score without its bias.
  case softcapGradient(cap: Float, hasBias: Bool)
  /// Elements times 0 or 1/(1 − p), as the generator says for their place.
  case dropout(Dropout, Region)
  /// What the generator says for a place: 0 for dropped, 1 for kept.
  case keepMask(Dropout, Region)
  /// Elements times a keep mask and 1/(1 − p).
  case applyKeepMask(Dropout)
  /// Round to a storage format, in place.
  case convert(DataType)
  /// Give the SRAM back.
  case free
  /// Note a value for the report: no traffic, no time.
  case keep(Region)
}

extension Operation {
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

/// What an op uses up.
public struct Work: Sendable, Equatable {
  /// FLOPs of matrix products, 2 per multiply-add.
  public var matmul = 0
  /// Those of them that repeat a product of the forward pass.
  public var recomputed = 0
  /// Operations on the FP32 lanes, one by one.
  public var elementwise = 0
  /// Exponentials (and tanh, logarithm) on the SFU.
  public var exponential = 0
  /// Bytes between HBM and SRAM.
  public var hbmBytes = 0
  /// Bytes through the shared-memory port.
  public var sharedBytes = 0
  /// Format of the product's operands, which decides the unit that multiplies.
  public var type = DataType.fp32
  /// Every thread multiplies for itself, on the FP32 lanes.
  public var multipliesOnLanes = false

  public init() {}
}

/// One recorded request of a block.
public struct Op: Sendable {
  public var operation: Operation
  public var work: Work
  /// The tile written, or for `store`, `free` and `keep` the tile concerned.
  public var tile: Int32
  /// Range of the block's `inputPool`: the tiles read.
  public var inputs: Range<Int32>
  /// Line of the kernel's listing.
  public var line: Int16

  /// The word for this op in logs, cues and on the screen.
  public var verb: String {
    switch operation {
    case .load: "load"
    case .store: "store"
    case .add: "add"
    case .fill: "fill"
    case .multiply(_, let accumulating, _): accumulating ? "accumulate" : "multiply"
    case .logits(let rule): rule.masked == nil ? "scale" : "mask"
    case .rowMax: "rowmax"
    case .exponential: "exp"
    case .rowSum: "rowsum"
    case .maximum: "max"
    case .factor: "factor"
    case .mix, .mixRowSum, .scaleRows, .updateRows: "rescale"
    case .addRowSum: "accumulate"
    case .divideRows: "divide"
    case .logSumExp: "logsumexp"
    case .copy: "copy"
    case .rowDot: "rowdot"
    case .scoreGradient, .softcapGradient: "gradient"
    case .dropout, .applyKeepMask: "drop"
    case .keepMask: "draw"
    case .convert: "convert"
    case .free: "free"
    case .keep: "keep"
    }
  }

  /// The rectangle of HBM that a transfer touches.
  public var region: Region? {
    switch operation {
    case .load(let region, _), .store(let region), .add(let region): region
    default: nil
    }
  }

  /// The order in which the op waits its turn; nil: as soon as its inputs allow.
  var stream: Stream? {
    switch operation {
    case .load: .load
    case .store, .add: .store
    case .free, .keep: nil
    default: .compute
    }
  }
}

/// Ops of one stream of a block start in the order in which they were recorded; streams run ahead
/// of each other as far as data and SRAM allow. That is double buffering.
enum Stream: Int, CaseIterable { case load, compute, store }
