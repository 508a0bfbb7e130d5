// The tiles that an op reads and writes, and where in HBM it does. A barrier has none; neither has the part of a released
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

extension Moment {
  /// Where in HBM the op at `place` reads or writes, which is running: for a gather or a scatter in a run with
  /// values, the rows that are meant.
  package func regions(at place: OpPlace) -> [Region] {
    let op = op(at: place)
    return op.region.map { state.places(of: $0, op, place.block, recording.blocks) } ?? []
  }

  /// The part of HBM for which a tile in SRAM stands; for gathered rows each of them, as long as the tile of
  /// their numbers is in SRAM.
  package func regions(of key: TileKey) -> [Region] {
    let block = recording.blocks[key.block]
    let place = block.tiles[key.tile].place
    guard place.rowsPerNumber != nil else { return [place] }
    let gather = block.ops.first { $0.tile == key.tile && $0.region?.rowsPerNumber != nil }
    return gather.map { state.places(of: place, $0, key.block, recording.blocks) } ?? []
  }
}
