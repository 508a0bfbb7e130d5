// The tiles in the SRAM of one SM, and how much of it its blocks own.

import Machine

/// A tile in SRAM with its status.
package struct TileOnSM: Sendable {
  package var key: TileKey
  package var info: TileInfo
  package var status: TileStatus
}

extension Moment {
  /// Bytes of SRAM that the resident blocks of an SM own; nil unless the footprint of the launch is
  /// known. A released kernel shares space among its tiles, so that the sum of the tiles is more.
  package func ownedBytes(onSM sm: Int) -> Int? {
    let launches = program.launches
    guard launches.indices.contains(state.launch), launches[state.launch].footprint != nil else {
      return nil
    }
    let residencies = recording.residencies
    return residencies.indices.filter { residencies[$0].sm == sm && residencies[$0].holds(cycle) }
      .reduce(0) { $0 + recording.footprint(of: BlockID($1)).total }
  }

  /// The tiles on an SM, in the order in which its blocks made them.
  package func tiles(onSM sm: Int) -> [TileOnSM] {
    var active = Set<TileKey>()
    for place in running.compactMap(\.place) where op(at: place).region == nil {
      for tile in tiles(at: place) { active.insert(TileKey(block: place.block, tile: tile)) }
    }
    let keys = Set(state.sram.keys).union(state.arriving)
    return keys.filter { recording.placement[$0.block.index].sm == sm }.sorted().map { key in
      let isArriving = state.arriving.contains(key)
      return TileOnSM(
        key: key, info: recording.blocks[key.block].tiles[key.tile],
        status: isArriving ? .inFlight : active.contains(key) ? .active : .resident)
    }
  }
}
