// What the thread blocks hold in SRAM, and what they are at. Each block keeps its own few tiles, so
// that a step, which changes one block, leaves the others shared with every other state.

/// A tile in SRAM, named by its block and its number there.
package struct TileKey: Sendable, Hashable, Comparable {
  package var block: BlockID
  package var tile: TileID

  package init(block: BlockID, tile: TileID) {
    self.block = block
    self.tile = tile
  }

  package static func < (a: TileKey, b: TileKey) -> Bool { (a.block, a.tile) < (b.block, b.tile) }
}

/// The tiles in SRAM with their values, or with none if the run has none; by block and number.
package struct SRAMContents: Sendable, Equatable {
  /// One block's part.
  fileprivate struct Part: Sendable, Equatable {
    /// In the order of their numbers.
    var tiles: [(tile: TileID, values: TileValues)] = []
    /// Tiles whose load is under way, and spans that have started and not finished.
    var arriving: [TileID] = []
    var running: [SpanID] = []

    var isEmpty: Bool { tiles.isEmpty && arriving.isEmpty && running.isEmpty }

    /// Where a tile is, or would be.
    func place(of tile: TileID) -> Int { tiles.firstIndex { $0.tile >= tile } ?? tiles.count }

    static func == (a: Part, b: Part) -> Bool {
      a.arriving == b.arriving && a.running == b.running
        && a.tiles.elementsEqual(b.tiles) { $0.tile == $1.tile && $0.values == $1.values }
    }
  }

  private var parts: [BlockID: Part] = [:]

  package var isEmpty: Bool { parts.values.allSatisfy(\.tiles.isEmpty) }

  /// The tiles there, in order.
  package var keys: [TileKey] {
    parts.keys.sorted().flatMap { block in
      parts[block]!.tiles.map { TileKey(block: block, tile: $0.tile) }
    }
  }

  /// Nil for a tile that is not there.
  package subscript(key: TileKey) -> TileValues? {
    guard let part = parts[key.block] else { return nil }
    let place = part.place(of: key.tile)
    guard place < part.tiles.count, part.tiles[place].tile == key.tile else { return nil }
    return part.tiles[place].values
  }

  /// Tiles whose load is under way.
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

  mutating func expect(_ key: TileKey) {
    parts[key.block, default: Part()].arriving.append(key.tile)
  }

  /// Puts a tile there; one that was expected has arrived.
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

  /// Takes a tile away, to change it without a copy or for good.
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
