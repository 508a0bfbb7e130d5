// A program: what a kernel lowers to for one problem on one mapping. Blocks are recorded when they are
// dispatched to an SM, so a program of any size stays small.

/// Tensors and launches.
package struct Program: Sendable {
  package var tensors: [Tensor]
  package var launches: [Launch]
  /// Who sees whom, for ops that apply a mask.
  package var mask: Mask?
  /// Tiles of a loaded buffer that may be in SRAM at once.
  package var stages: Int
  /// Operand format of products.
  package var type: DataType

  package init(
    tensors: [Tensor], launches: [Launch], mask: Mask? = nil, stages: Int = 2,
    type: DataType = .fp32
  ) {
    self.tensors = tensors
    self.launches = launches
    self.mask = mask
    self.stages = stages
    self.type = type
  }

  /// The ops of one block.
  package func block(
    _ index: Int, of launch: Launch, samplesLoops: Bool = false, keepsOps: Bool = true
  ) -> Block {
    var block = Block(
      tensors: tensors, stages: launch.stages ?? stages, type: type, costModel: launch.costModel,
      samplesLoops: samplesLoops, keepsOps: keepsOps)
    launch.record(index, &block)
    block.seal()
    return block
  }

  /// What the tensors take up in HBM.
  package var hbmBytes: Int { tensors.filter { $0.role != .statistic }.reduce(0) { $0 + $1.bytes } }

  package func tensorIndex(_ name: String) -> Int? { tensors.firstIndex { $0.name == name } }
}
