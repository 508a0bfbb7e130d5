// The tiles that an op is about. Barriers, and parts of a released kernel's op on another unit, have none.

import Machine

extension Block {
  package func tile(of op: Op) -> TileInfo? { op.tile.map { tiles[$0] } }

  /// `S[0,1]`; an op without a tile is called by what it does.
  package func tileText(of op: Op) -> String {
    tile(of: op).map { TileName($0).text } ?? op.verb.text
  }
}

extension Moment {
  package func tile(at place: OpPlace) -> TileInfo? { block(at: place).tile(of: op(at: place)) }

  /// The tiles that an op reads, and the one that it writes.
  package func tiles(at place: OpPlace) -> [TileID] {
    let op = op(at: place)
    return block(at: place).inputs(of: op) + [op.tile].compactMap { $0 }
  }
}
