// What is noted of the values of a run while its checkpoints are made, so that nobody has to replay it
// for them: every factor by which a running sum was rescaled, and how large the scores are.

/// The values of one rescaling factor α: one for each row of its tile.
package struct RescaleFactors: Sendable {
  /// The cycle at which they were known.
  package var cycle: Int
  /// The tile that holds them.
  package var key: TileKey
  package var values: [Float]
}

/// How large the values of a matrix are: one by one, and averaged as a small picture averages them.
package struct Magnitude: Sendable {
  /// The largest finite magnitude of a value.
  private var value: Float = 0
  /// The largest magnitude of the mean of a quarter of a tile.
  private var mean: Float = 0

  package init() {}

  /// Takes a tile of `columns` columns into account.
  package mutating func add(_ tile: [Float], columns: Int) {
    guard columns > 0 else { return }
    let rows = tile.count / columns
    var sums: (Float, Float, Float, Float) = (0, 0, 0, 0)
    tile.withUnsafeBufferPointer { tile in
      for row in 0..<rows {
        var (left, right) = (Float(0), Float(0))
        for column in 0..<columns {
          let number = tile[row &* columns &+ column]
          let size = number.magnitude
          guard size < .infinity else { continue }
          if size > value { value = size }
          if column &* 2 < columns { left += number } else { right += number }
        }
        if row &* 2 < rows {
          sums = (sums.0 + left, sums.1 + right, sums.2, sums.3)
        } else {
          sums = (sums.0, sums.1, sums.2 + left, sums.3 + right)
        }
      }
    }
    let most = max(sums.0.magnitude, sums.1.magnitude, sums.2.magnitude, sums.3.magnitude)
    let quarter = Float(max(1, rows / 2) * max(1, columns / 2))
    if most / quarter < .infinity { mean = max(mean, most / quarter) }
  }

  /// The magnitude at the end of a picture's ramp, greater than 0: between those of single values and of
  /// means, so that neither a coarse picture is all faint nor a fine one all at its ends.
  package var forPictures: Float {
    let size = (value * max(mean, value / 100)).squareRoot()
    return size > 0 && size < .infinity ? size : 1
  }
}

/// Extracts from the values of a run; empty for a run without values.
package struct Extracts: Sendable {
  /// The factors of running sums, in the order of time.
  package private(set) var factors: [RescaleFactors] = []
  /// How large the tiles of queries against keys are, by the name of the tile.
  package private(set) var magnitudes: [String: Magnitude] = [:]

  /// Notes what an op has made.
  /// - Parameter state: the state after it.
  mutating func note(_ event: Event, _ place: OpPlace, _ state: State, _ blocks: [Block]) {
    let block = blocks[place.block]
    let op = block.ops[place.op]
    guard op.region == nil, let tile = block.tile(of: op), let number = op.tile else { return }
    let isFactor = op.verb == .factor && tile.kind.role == .factor
    guard isFactor || tile.kind.pairsQueriesWithKeys else { return }
    let key = TileKey(block: place.block, tile: number)
    guard let values = state.sram[key]?.values, !values.isEmpty else { return }
    if isFactor {
      factors.append(RescaleFactors(cycle: event.cycle, key: key, values: values))
    } else if tile.kind.role != .weights {
      magnitudes[tile.name, default: Magnitude()].add(values, columns: tile.columns)
    }
  }
}
