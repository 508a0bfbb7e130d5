// The tiles that an op reads and writes. A barrier has none; neither has the part of a released
// kernel's op that runs on another unit.

import Machine

extension Block {
  /// The name of the op's tile, `S[0,1]`; for an op without a tile its verb.
  package func tileText(of op: Op) -> String {
    tile(of: op).map { TileName($0).shown } ?? op.verb.text
  }
}

extension Moment {
  /// The tile of the op at `place`; nil for an op without a tile.
  package func tile(at place: OpPlace) -> TileInfo? { block(at: place).tile(of: op(at: place)) }

  /// The tiles that the op at `place` reads, then the one that it writes.
  package func tiles(at place: OpPlace) -> [TileID] {
    let op = op(at: place)
    return block(at: place).inputs(of: op) + [op.tile].compactMap { $0 }
  }
}
