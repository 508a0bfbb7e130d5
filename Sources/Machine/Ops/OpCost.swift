// What an op costs: by the algorithm, and what a released kernel pays instead.

/// What an op uses up.
package struct OpCost: Sendable, Equatable {
  /// FLOPs of matrix products, 2 per multiply-add.
  package var matmul = 0
  /// Those of them that repeat a product of the forward pass.
  package var recomputed = 0
  /// Operations on the FP32 lanes, one by one, as the algorithm counts them.
  package var elementwise = 0
  /// Instructions that those are to the lanes, where a released kernel is known to fuse or add some;
  /// nil: as many as operations.
  package var issued: Int?
  /// Exponentials (and tanh, logarithm) on the SFU.
  package var exponential = 0
  /// Bytes between HBM and SRAM, as the algorithm counts them.
  package var hbmBytes = 0
  /// Bytes that a released kernel moves instead, where it keeps an operand in another format.
  package var launchedBytes: Int?
  /// Bytes that come from L2 once more, where a released kernel does not keep what it has read.
  package var rereadBytes = 0
  /// The tensor that they belong to; -1 for none.
  package var tensor: Int32 = -1
  package var isStore = false
  /// An atomic addition: each byte crosses in both directions.
  package var goesBothWays = false
  /// Bytes through the shared-memory port.
  package var sharedBytes = 0
  /// Format of the product's operands, which decides the unit that multiplies.
  package var type = DataType.fp32
  /// Every thread multiplies for itself, on the FP32 lanes.
  package var multipliesOnLanes = false
  /// Cycles that pass whatever the units do: a barrier, a trip through shared memory.
  package var latency = 0
  /// Cycles from the end of the work to the result; nil: those of the units.
  package var unitLatency: Int?
  /// Cycles that a product holds the tensor cores beside its FLOPs.
  package var heldCycles = 0
  /// All SMs move theirs at the same moment, so that each has an even share of the bus and no more.
  package var isInStep = false
  var mark = SampleMark.none

  package init() {}

  /// Takes out what an arithmetic step of a released kernel does on the lanes before it turns to the
  /// SFU.
  mutating func takeLanes() -> OpCost? {
    guard matmul == 0, exponential > 0, instructions > 0 else { return nil }
    var lanes = OpCost()
    lanes.issued = instructions
    issued = 0
    return lanes
  }

  /// Instructions for the FP32 lanes.
  package var instructions: Int { issued ?? elementwise }
  /// Bytes that cross the bus.
  package var movedBytes: Int { launchedBytes ?? hbmBytes }
}
