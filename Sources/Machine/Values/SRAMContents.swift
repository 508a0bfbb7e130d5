// What the thread blocks hold in SRAM, and which spans are running. Each block keeps its own few
// tiles: a step changes one block, and the others stay shared between states.

/// A tile in SRAM, identified by its block and its index there.
package struct TileKey: Sendable, Hashable, Comparable {
  package var block: BlockID
  package var tile: TileID

  package init(block: BlockID, tile: TileID) {
    self.block = block
    self.tile = tile
  }

  package static func < (a: TileKey, b: TileKey) -> Bool { (a.block, a.tile) < (b.block, b.tile) }
}

/// The tiles in SRAM with their values, by block and index. In a run without values the tiles have
/// none.
package struct SRAMContents: Sendable, Equatable {
  /// The tiles and running spans of one block.
  fileprivate struct Part: Sendable, Equatable {
    /// The tiles in SRAM, in the order of their indices.
    var tiles: [(tile: TileID, values: TileValues)] = []
    /// Tiles whose load is running.
    var arriving: [TileID] = []
    /// Spans that have started and not finished.
    var running: [SpanID] = []

    var isEmpty: Bool { tiles.isEmpty && arriving.isEmpty && running.isEmpty }

    /// Index of a tile in `tiles`, or the index at which to insert it.
    func place(of tile: TileID) -> Int { tiles.firstIndex { $0.tile >= tile } ?? tiles.count }

    static func == (a: Part, b: Part) -> Bool {
      a.arriving == b.arriving && a.running == b.running
        && a.tiles.elementsEqual(b.tiles) { $0.tile == $1.tile && $0.values == $1.values }
    }
  }

  private var parts: [BlockID: Part] = [:]

  /// True if no tile is in SRAM.
  package var isEmpty: Bool { parts.values.allSatisfy(\.tiles.isEmpty) }

  /// The tiles in SRAM, in order.
  package var keys: [TileKey] {
    parts.keys.sorted().flatMap { block in
      parts[block]!.tiles.map { TileKey(block: block, tile: $0.tile) }
    }
  }

  /// The values of a tile; nil if it is not in SRAM.
  package subscript(key: TileKey) -> TileValues? {
    guard let part = parts[key.block] else { return nil }
    let place = part.place(of: key.tile)
    guard place < part.tiles.count, part.tiles[place].tile == key.tile else { return nil }
    return part.tiles[place].values
  }

  /// Tiles whose load is running.
  var arriving: Set<TileKey> {
    Set(parts.flatMap { block, part in part.arriving.map { TileKey(block: block, tile: $0) } })
  }

  /// Spans that have started and not finished, in the order of issue.
  var running: [SpanID] { parts.values.flatMap(\.running).sorted() }

  // MARK: Changes

  mutating func start(_ span: SpanID, of block: BlockID) {
    parts[block, default: Part()].running.append(span)
  }

  mutating func finish(_ span: SpanID, of block: BlockID) {
    change(block) { part in part.running.removeAll { $0 == span } }
  }

  /// Notes that the load of a tile has started.
  mutating func expect(_ key: TileKey) {
    parts[key.block, default: Part()].arriving.append(key.tile)
  }

  /// Sets the values of a tile; if it was being loaded, the load is over.
  mutating func put(_ values: TileValues, at key: TileKey) {
    change(key.block) { part in
      if let expected = part.arriving.firstIndex(of: key.tile) {
        part.arriving.remove(at: expected)
      }
      let place = part.place(of: key.tile)
      if place < part.tiles.count, part.tiles[place].tile == key.tile {
        part.tiles[place].values = values
      } else {
        part.tiles.insert((key.tile, values), at: place)
      }
    }
  }

  /// Removes a tile: for good, or to change its values without a copy.
  @discardableResult
  mutating func take(_ key: TileKey) -> TileValues? {
    var taken: TileValues?
    change(key.block) { part in
      let place = part.place(of: key.tile)
      guard place < part.tiles.count, part.tiles[place].tile == key.tile else { return }
      taken = part.tiles.remove(at: place).values
    }
    return taken
  }

  private mutating func change(_ block: BlockID, _ body: (inout Part) -> Void) {
    body(&parts[block, default: Part()])
    if parts[block]!.isEmpty { parts[block] = nil }
  }
}

extension SRAMContents: Sequence {
  /// Tiles and what they hold, in order.
  package func makeIterator() -> some IteratorProtocol<(key: TileKey, value: TileValues)> {
    parts.keys.sorted().flatMap { block in
      parts[block]!.tiles.map { (key: TileKey(block: block, tile: $0.tile), value: $0.values) }
    }.makeIterator()
  }
}
