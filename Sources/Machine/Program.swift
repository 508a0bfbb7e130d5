// What a kernel builds for one problem on one mapping: tensors in HBM and launches of blocks.
// Blocks are recorded when they are dealt to an SM, so a program of any size stays small.

/// One grid of blocks.
public struct Launch: Sendable {
  public var name: String
  public var blocks: Int
  /// Blocks of equal shape differ in nothing but the places they name; nil: each is its own.
  public var shape: (@Sendable (_ index: Int) -> Int)?
  /// What a block owns on an SM, where that is known of a released kernel; nil: what its tiles need.
  public var footprint: Footprint?
  /// Tiles of a loaded buffer that may be in SRAM at once; nil: as in the program's other launches.
  public var stages: Int?
  /// What its steps cost a released kernel; nil: what the algorithm says.
  public var price: Price?
  /// Its products are of the kind that reaches the tensor cores' full rate on every device.
  public var reachesFullRate = false
  /// Share of the achieved HBM bandwidth that it reaches.
  public var bandwidthShare = 1.0
  /// Records the ops of block `index`.
  public var record: @Sendable (_ index: Int, _ sm: inout Block) -> Void

  public init(
    _ name: String, blocks: Int, shape: (@Sendable (_ index: Int) -> Int)? = nil,
    record: @escaping @Sendable (_ index: Int, inout Block) -> Void
  ) {
    self.name = name
    self.blocks = blocks
    self.shape = shape
    self.record = record
  }
}

extension Launch {
  /// One block for each shape, in order, and how many blocks have that shape; without shapes, every
  /// block.
  func distinctBlocks() -> [(first: Int, blocks: Int)] {
    guard let shape else { return (0..<blocks).map { ($0, 1) } }
    var distinct: [(first: Int, blocks: Int)] = []
    var places: [Int: Int] = [:]
    for index in 0..<blocks {
      let shape = shape(index)
      if let place = places[shape] {
        distinct[place].blocks += 1
      } else {
        places[shape] = distinct.count
        distinct.append((index, 1))
      }
    }
    return distinct
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

  /// The ops of one block.
  public func block(
    _ index: Int, of launch: Launch, foldsLoops: Bool = false, keepsOps: Bool = true
  ) -> Block {
    var block = Block(
      tensors: tensors, stages: launch.stages ?? stages, type: type, price: launch.price,
      foldsLoops: foldsLoops, keepsOps: keepsOps)
    launch.record(index, &block)
    block.seal()
    return block
  }

  /// What the tensors take up in HBM.
  public var hbmBytes: Int { tensors.filter { $0.role != .statistic }.reduce(0) { $0 + $1.bytes } }

  public func tensorIndex(_ name: String) -> Int? { tensors.firstIndex { $0.name == name } }
}
