// Work: how much each block of a launch has to do, whatever the device. By this, blocks are assigned to places, so that
// a device that is a little faster gives every SM the same blocks.

/// The work of all blocks of a launch.
struct Work {
  /// Ops that take time, FLOPs of products as launched, bytes between SMs and the memories.
  private var ops = 0
  private var multiplied = 0
  private var bytes = 0

  mutating func add(_ block: BlockTotals, times: Int) {
    ops += block.timedOps * times
    multiplied += block.multiplied * times
    bytes += block.movedBytes * times
  }

  /// What a block has of the launch's ops, and of its products, or of its bytes if it has no products.
  func share(of block: BlockTotals) -> Double {
    func part(_ one: Int, of all: Int) -> Double { Double(one) / Double(max(1, all)) }
    return part(block.timedOps, of: ops)
      + (multiplied > 0
        ? part(block.multiplied, of: multiplied) : part(block.movedBytes, of: bytes))
  }
}
