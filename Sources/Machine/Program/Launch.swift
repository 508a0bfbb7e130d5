// A launch: one grid of thread blocks.

/// One grid of blocks.
package struct Launch: Sendable {
  package var name: String
  package var blocks: Int
  /// The number of a block's profile: blocks of one number differ in nothing but the places that they name. Nil:
  /// each block is taken to be different.
  package var profile: (@Sendable (_ index: Int) -> Int)?
  /// What a block owns on an SM, where that is known of a released kernel; nil: what its tiles need.
  package var footprint: Footprint?
  /// Tiles of a loaded buffer that may be in SRAM at once; nil: as in the program's other launches.
  package var stages: Int?
  /// What its steps cost a released kernel; nil: what the algorithm says.
  package var costModel: CostModel?
  /// Its products are of the kind that reaches the tensor cores' full rate on every device.
  package var reachesFullRate = false
  /// Share of the achieved HBM bandwidth that it reaches.
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
  /// One block for each profile, in order, and how many blocks have it; without profiles, every
  /// block.
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
