// A launch: one grid of thread blocks.

/// What the start of a block costs besides its ops.
package enum BlockStarts: Sendable {
  /// Nothing: blocks are short and many.
  case unfelt
  /// The blocks that begin a wave ask for their first tiles at the same time, and a place that becomes free is not
  /// filled at once.
  case felt
  /// As felt for the blocks that begin the launch. They are persistent: each goes on with another block's work, whose
  /// first tiles are under way while it ends the one before.
  case persistent
}

/// One launch of a kernel, with a grid of `blocks` thread blocks.
package struct Launch: Sendable {
  package var name: String
  package var blocks: Int
  /// Number of the block profile of block `index`. Blocks with the same number have the same ops
  /// and differ only in the regions that they touch. Nil: each block is taken to be different.
  package var profile: (@Sendable (_ index: Int) -> Int)?
  /// Footprint of a block of a released kernel, where it is known; nil: what the block's tiles
  /// need.
  package var footprint: Footprint?
  /// Tiles of a loaded buffer that may be in SRAM at once; nil: the program's `stages`.
  package var stages: Int?
  /// The costs in a released kernel; nil: those of the algorithm.
  package var costModel: CostModel?
  package var starts = BlockStarts.unfelt
  /// True if its products reach the full rate of the tensor cores on every device (asynchronous
  /// products).
  package var reachesFullRate = false
  /// True if an FP32 instruction of its works on two numbers of a thread (Blackwell's fma.rn.f32x2). The lanes are as
  /// long busy, but fewer instructions draw power.
  package var pairsNumbers = false
  /// Share of the device's HBM bandwidth that it reaches.
  package var bandwidthShare = 1.0
  /// Records the ops of block `index`.
  package var record: @Sendable (_ index: Int, _ block: inout Block) -> Void

  package init(
    _ name: String, blocks: Int, profile: (@Sendable (_ index: Int) -> Int)? = nil,
    record: @escaping @Sendable (_ index: Int, inout Block) -> Void
  ) {
    self.name = name
    self.blocks = blocks
    self.profile = profile
    self.record = record
  }
}

extension Launch {
  /// The launch with its blocks in another order.
  /// - Parameter place: for each place in the new order, the place that the block had before.
  package func ordered(by place: @escaping @Sendable (Int) -> Int) -> Launch {
    var launch = self
    let (record, profile) = (record, profile)
    launch.record = { record(place($0), &$1) }
    if let profile { launch.profile = { profile(place($0)) } }
    return launch
  }

  /// The first block of each profile and the number of blocks with that profile, in order; without
  /// profiles, every block once.
  func distinctBlocks() -> [(first: Int, blocks: Int)] {
    guard let profile else { return (0..<blocks).map { ($0, 1) } }
    var distinct: [(first: Int, blocks: Int)] = []
    var places: [Int: Int] = [:]
    for index in 0..<blocks {
      let number = profile(index)
      if let place = places[number] {
        distinct[place].blocks += 1
      } else {
        places[number] = distinct.count
        distinct.append((index, 1))
      }
    }
    return distinct
  }
}
