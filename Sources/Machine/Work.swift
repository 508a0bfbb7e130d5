// What an op costs: by the algorithm, and what a released kernel pays instead.

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
  public var verb: Verb
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
