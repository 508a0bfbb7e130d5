// Short words for what the tests of the machine ask of a block: tiles of any name, updates of any cost.

@testable import Machine

extension Block {
  mutating func load(_ region: Region, copies: Int = 1, line: Int) -> Tile {
    load(region, copies: copies, as: TileKind(tensors[region.tensor].name), line: line)
  }

  mutating func fill(
    _ name: String, like place: Region, rows: Int, columns: Int, with value: Float, line: Int
  ) -> Tile {
    let tile = make(TileKind(name), at: place, rows: rows, columns: columns)
    compute(
      .compute(.number(value)), .fill, [], into: tile, elementwise: rows * columns, line: line)
    return tile
  }

  mutating func multiply(_ a: Tile, _ b: Tile, as name: String, at place: Region, line: Int) -> Tile
  {
    let tile = make(TileKind(name), at: place, rows: a.rows, columns: b.columns)
    multiply(a, b, Product(), into: tile, line: line)
    return tile
  }

  /// Changes a tile in place.
  mutating func update(
    _ tile: Tile, _ operation: Operation = .compute(.itself), elementwise: Int,
    exponential: Int = 0, line: Int
  ) {
    let verb: Verb = if case .convert = operation { .convert } else { .rescale }
    compute(
      operation, verb, [], into: tile, elementwise: elementwise, exponential: exponential,
      line: line)
  }

  mutating func free(_ first: Tile, _ second: Tile, _ others: Tile..., line: Int) {
    for tile in [first, second] + others { free(tile, line: line) }
  }
}
