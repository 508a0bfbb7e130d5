// What a kernel builds for one problem on one mapping: tensors in HBM and launches of blocks.
// Blocks are recorded when they are dealt to an SM, so a program of any size stays small.

/// One grid of blocks.
public struct Launch: Sendable {
  public var name: String
  public var blocks: Int
  /// Records the ops of block `index`.
  public var record: @Sendable (_ index: Int, _ sm: inout Block) -> Void

  public init(
    _ name: String, blocks: Int, record: @escaping @Sendable (_ index: Int, inout Block) -> Void
  ) {
    self.name = name
    self.blocks = blocks
    self.record = record
  }
}

/// Tensors and launches.
public struct Program: Sendable {
  public var tensors: [Tensor]
  public var launches: [Launch]
  /// Who sees whom, for ops that apply a mask.
  public var mask: Mask?
  /// Tiles of a loaded buffer that may be in SRAM at once.
  public var stages: Int
  /// Operand format of products.
  public var type: DataType

  public init(
    tensors: [Tensor], launches: [Launch], mask: Mask? = nil, stages: Int = 2,
    type: DataType = .fp32
  ) {
    self.tensors = tensors
    self.launches = launches
    self.mask = mask
    self.stages = stages
    self.type = type
  }

  /// The ops of one block, which may be about as many as those of `other`.
  public func block(_ index: Int, of launch: Launch, like other: Block? = nil) -> Block {
    var block = Block(tensors: tensors, stages: stages, type: type)
    if let other { block.reserveCapacity(like: other) }
    launch.record(index, &block)
    block.seal()
    return block
  }

  /// What the tensors take up in HBM.
  public var hbmBytes: Int { tensors.filter { $0.role != .statistic }.reduce(0) { $0 + $1.bytes } }

  public func tensorIndex(_ name: String) -> Int? { tensors.firstIndex { $0.name == name } }
}
