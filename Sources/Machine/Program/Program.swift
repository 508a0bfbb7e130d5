// A program: what a kernel is lowered to, for one problem and one mapping. Blocks are recorded when
// they are dispatched to an SM, so a program of any size takes little memory.

/// The tensors in HBM and the launches, which run one after the other.
package struct Program: Sendable {
  package var tensors: [Tensor]
  package var launches: [Launch]
  /// The mask, for ops that apply one; nil for none.
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

  /// Records one block.
  /// - Parameters:
  ///   - samplesLoops: only a sample of a long loop is recorded, for sampled simulation.
  ///   - keepsOps: ops and tiles stay in memory, as a recording needs it.
  package func block(
    _ index: Int, of launch: Launch, samplesLoops: Bool = false, keepsOps: Bool = true
  ) -> Block {
    var block = Block(
      tensors: tensors, stages: launch.stages ?? stages, type: type, costModel: launch.costModel,
      samplesLoops: samplesLoops, keepsOps: keepsOps)
    launch.record(index, &block)
    block.addBufferDependencies()
    return block
  }

  /// Size of all tensors in HBM, bytes.
  package var hbmBytes: Int { tensors.filter { $0.role != .statistic }.reduce(0) { $0 + $1.bytes } }

  /// Index of the tensor with this name; nil if there is none.
  package func tensorIndex(_ name: String) -> Int? { tensors.firstIndex { $0.name == name } }
}
