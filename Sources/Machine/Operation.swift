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
  /// out = a·b, a·bᵀ or aᵀ·b, added to what out holds if `accumulating`. Where a is `weighted`, it
  /// holds weights or their gradients, and one that is 0 lets nothing through, whatever b holds.
  case multiply(transposing: Transposed, accumulating: Bool, weighted: Bool)
  /// Scores to logits, in place: scale, softcap, bias, mask, in this order.
  case logits(Logits)
  /// Largest entry of each row, and of the column given as second input.
  case rowMax
  /// e^(s − m), row by row; 0 where s = −∞, unless it is not `guarded`: then −∞ − −∞ is NaN.
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
  /// Rows times a column, in place; a factor of 0 leaves 0, whatever there was.
  case scaleRows
  /// Rows divided by a column, in place; a row whose divisor is 0 becomes 0, and what is 0 stays 0.
  case divideRows
  /// O ← (diag(a∘l)·O + diag(b)·PV) / l′: Algorithm 1, line 12 of the 2022 paper.
  case updateRows
  /// m + ln l.
  case logSumExp
  /// Column: rowsum(a∘b); where a is `weighted`, a weight of 0 adds nothing, whatever b holds.
  case rowDot(weighted: Bool)
  /// The same values in a tile of their own.
  case copy
  /// dS = scale · P∘(dP − D); a weight of 0 has none, whatever dP holds.
  case scoreGradient(scale: Float)
  /// dS ← dS·(1 − (s / cap)²), where s is the capped score without its bias; what is 0 stays 0.
  case softcapGradient(cap: Float, hasBias: Bool)
  /// Elements times 0 or 1/(1 − p), as the generator says for their place.
  case dropout(Dropout, Region, Dropped)
  /// What the generator says for a place: 0 for dropped, 1 for kept.
  case keepMask(Dropout, Region)
  /// Elements times a keep mask and 1/(1 − p).
  case applyKeepMask(Dropout, Dropped)
  /// Round to a storage format, in place.
  case convert(DataType)
  /// The warps of a group wait for each other, or for another group: time, and no value.
  case barrier
  /// The part of the next op that runs on another unit: time, and no value.
  case part
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

/// What dropout is applied to. A dropped weight is 0, but NaN if its row is; the gradient of a dropped
/// weight is 0, whatever it was.
public enum Dropped: Sendable, Equatable { case weights, gradients }

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
  /// Operations on the FP32 lanes, one by one, as the algorithm counts them.
  public var elementwise = 0
  /// Instructions that those are to the lanes, where a released kernel is known to fuse or add some;
  /// nil: as many as operations.
  public var issued: Int?
  /// Exponentials (and tanh, logarithm) on the SFU.
  public var exponential = 0
  /// Bytes between HBM and SRAM, as the algorithm counts them.
  public var hbmBytes = 0
  /// Bytes that a released kernel moves instead, where it keeps an operand in another format.
  public var launchedBytes: Int?
  /// Bytes that come from L2 once more, where a released kernel does not keep what it has read.
  public var rereadBytes = 0
  /// The tensor that they belong to; -1 for none.
  public var tensor: Int32 = -1
  public var isStore = false
  /// An atomic addition: each byte crosses in both directions.
  public var goesBothWays = false
  /// Bytes through the shared-memory port.
  public var sharedBytes = 0
  /// Format of the product's operands, which decides the unit that multiplies.
  public var type = DataType.fp32
  /// Every thread multiplies for itself, on the FP32 lanes.
  public var multipliesOnLanes = false
  /// Cycles that pass whatever the units do: a barrier, a trip through shared memory.
  public var latency = 0
  /// Cycles from the end of the work to the result; nil: those of the units.
  public var unitLatency: Int?
  /// Cycles that a product holds the tensor cores beside its FLOPs.
  public var heldCycles = 0
  /// All SMs move theirs at the same moment, so that each has an even share of the bus and no more.
  public var isInStep = false
  var fold = Fold.none

  public init() {}

  /// Takes out what an arithmetic step of a released kernel does on the lanes before it turns to the
  /// SFU.
  mutating func takeLanes() -> Work? {
    guard matmul == 0, exponential > 0, instructions > 0 else { return nil }
    var lanes = Work()
    lanes.issued = instructions
    issued = 0
    return lanes
  }

  /// Instructions for the FP32 lanes.
  public var instructions: Int { issued ?? elementwise }
  /// Bytes that cross the bus.
  public var movedBytes: Int { launchedBytes ?? hbmBytes }
}

/// What a released kernel would pay for a step: it starts from what the algorithm says. What comes
/// back are parts of the step that come first, each on a unit of its own.
public typealias Price = @Sendable (_ step: Step, _ work: inout Work) -> [Work]

/// An op with its tiles, as `Price` sees it.
public struct Step: Sendable {
  public var operation: Operation
  /// The tile written, or stored.
  public var tile: TileInfo?
  public var inputs: [TileInfo]
}

/// What a loop's marks do to time.
enum Fold: Sendable, Equatable {
  case none
  case lap
  /// `iterations` more, each as long as the `measured` ones since the lap were on average; none if it
  /// goes on from the skip before.
  case skip(iterations: Int, measured: Int)
}

/// One recorded request of a block.
public struct Op: Sendable {
  public var operation: Operation
  /// What it uses up, as an index into its block's different works.
  var work: Int16
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
    case .barrier: "sync"
    case .part: "prepare"
    case .lap: "lap"
    case .skip: "skip"
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

  /// Housekeeping waits for its tiles only, not for its turn.
  var isHousekeeping: Bool {
    switch operation {
    case .free, .keep: true
    default: false
    }
  }
}

/// Ops of one stream of a block run in the order in which they were recorded; streams run ahead of
/// each other as far as data and SRAM allow. That is double buffering, and it is how the warp groups
/// of a block work side by side.
struct Stream: Sendable, Equatable {
  var index: Int8

  static let load = Stream(index: 0)
  static let compute = Stream(index: 1)
  static let store = Stream(index: 2)
  /// Housekeeping.
  static let none = Stream(index: -1)

  var isArithmetic: Bool { index > 0 && self != .store }

  /// The arithmetic of a warp group; its asynchronous products have a queue of their own.
  static func compute(of group: Int, asynchronous: Bool) -> Stream {
    group == 0 && !asynchronous
      ? .compute : Stream(index: Int8(3 + 2 * group + (asynchronous ? 1 : 0)))
  }
}
