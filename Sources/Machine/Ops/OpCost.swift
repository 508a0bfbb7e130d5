// The cost of an op: as the algorithm counts it, and where a released kernel differs.

/// The work, the bytes and the fixed cycles of one op.
package struct OpCost: Sendable, Equatable {
  /// FLOPs of matrix products, 2 per multiply-add.
  package var matmul = 0
  /// FLOPs that a released kernel spends on the product, which computes whole tiles; nil: as many as `matmul`.
  package var launchedMatmul: Int?
  /// FLOPs of `matmul` that repeat a product of the forward pass.
  package var recomputed = 0
  /// Operations on the FP32 lanes, as the algorithm counts them.
  package var elementwise = 0
  /// Instructions on the FP32 lanes, where a released kernel fuses or adds operations; nil: as many
  /// as `elementwise`.
  package var issuedInstructions: Int?
  /// Instructions of a released kernel on the lanes for integers, comparisons, maxima and conversions.
  package var integerInstructions = 0
  /// Exponentials, hyperbolic tangents and logarithms on the SFU.
  package var exponential = 0
  /// How many of them a released kernel computes; nil: as many as `exponential`.
  package var launchedExponential: Int?
  /// Bytes between HBM and SRAM, as the algorithm counts them.
  package var hbmBytes = 0
  /// Bytes that a released kernel moves where it keeps an operand in another format; nil: as many
  /// as `hbmBytes`.
  package var launchedBytes: Int?
  /// Bytes that a released kernel loads from L2 a second time, because it has not kept them.
  package var rereadBytes = 0
  /// Index of the tensor that is moved; -1 for none.
  package var tensor: Int32 = -1
  package var isStore = false
  /// True for an atomic addition: half of the bytes are read, half are written.
  package var isAtomicAdd = false
  /// Bytes through the shared-memory port.
  package var sharedBytes = 0
  /// Operand format of a product, which decides the unit that multiplies.
  package var type = DataType.fp32
  /// True if the threads multiply on the FP32 lanes, without tensor cores.
  package var multipliesOnLanes = false
  /// Cycles that occupy no unit: a barrier, a round trip through shared memory.
  package var latency = 0
  /// Cycles from the moment the units are free again to the result; nil: the latency of the units.
  package var unitLatency: Int?
  /// True if a released kernel issues its FP32 instructions between those on the SFU, not before them.
  package var interleavesLanes = false
  /// True if all SMs make such a transfer at the same time, so that each gets an even share of the
  /// bus and no more.
  package var isSimultaneousOnAllSMs = false
  /// True for a load that must have come before the block asks for the next one.
  package var isAwaited = false
  /// True for a load with which a block begins: blocks that start together make it together, so that each gets an even
  /// share of the bus.
  var isAtStart = false
  /// True if the warp groups of the block, which began together, all do such an op at the same time.
  var isInStep = false
  var mark = SampleMark.none

  package init() {}

  /// Splits off the FP32 instructions of an op that also uses the SFU, because a released kernel
  /// issues them first. Nil if there are none to split off.
  mutating func takeLanes() -> OpCost? {
    guard !interleavesLanes, matmul == 0, exponential > 0, instructions + integerInstructions > 0
    else { return nil }
    var lanes = OpCost()
    lanes.issuedInstructions = instructions
    lanes.integerInstructions = integerInstructions
    (issuedInstructions, integerInstructions) = (0, 0)
    return lanes
  }

  /// The cost without what the algorithm counts: the units are busy as before.
  var ofWorkAlone: OpCost {
    var cost = self
    (cost.launchedMatmul, cost.matmul, cost.recomputed) = (multiplied, 0, 0)
    (cost.issuedInstructions, cost.elementwise) = (instructions, 0)
    (cost.launchedExponential, cost.exponential) = (special, 0)
    return cost
  }

  /// Instructions that the FP32 lanes issue.
  package var instructions: Int { issuedInstructions ?? elementwise }
  /// FLOPs of products for which the units are busy.
  package var multiplied: Int { launchedMatmul ?? matmul }
  /// Results for which the SFU is busy.
  package var special: Int { launchedExponential ?? exponential }
  /// Bytes that a released kernel moves between the SM and HBM or L2.
  package var movedBytes: Int { launchedBytes ?? hbmBytes }
}
