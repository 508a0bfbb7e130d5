// Dropout without a stored mask: whether an element is kept is a function of the seed and of its
// position, so every kernel, tile size and pass drops the same elements.

/// Which weights of the softmax are set to 0, and the factor for the others.
package struct Dropout: Sendable, Equatable {
  /// Probability of dropping a weight: 0 ≤ p < 1.
  package var probability: Double
  package var seed: UInt64
  /// Query heads per batch entry: the batch entry and the head of a plane follow from it.
  package var heads: Int

  package init(probability: Double, seed: UInt64, heads: Int) {
    self.probability = probability
    self.seed = seed
    self.heads = heads
  }

  /// Factor for weights that are kept: 1 / (1 − p).
  package var keptScale: Float { Float(1 / (1 - probability)) }

  /// `keptScale` in double precision.
  package var exactScale: Double { 1 / (1 - probability) }

  /// A random 32-bit word below this value drops its element.
  private var threshold: UInt64 { UInt64(probability * 0x1p32) }

  /// The random words of four adjacent columns, which share one call of the generator.
  private func words(plane: Int, row: Int, group: Int) -> SIMD4<UInt32> {
    let (entry, head) = plane.quotientAndRemainder(dividingBy: heads)
    return philox(
      counter: SIMD4(UInt32(group), UInt32(row), UInt32(head), UInt32(entry)),
      key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
  }

  /// Whether the weight of query `row` for key `column` is kept.
  package func keeps(plane: Int, row: Int, column: Int) -> Bool {
    UInt64(words(plane: plane, row: row, group: column / 4)[column % 4]) >= threshold
  }

  /// Calls `use` for every element of a region of the score matrix, row by row, with its index in
  /// the region and whether it is kept.
  package func forEachElement(of region: Region, _ use: (_ index: Int, _ isKept: Bool) -> Void) {
    var index = 0
    for row in region.rows {
      var group = -1
      var words = SIMD4<UInt32>()
      for column in region.columns {
        if column / 4 != group {
          group = column / 4
          words = self.words(plane: region.plane, row: row, group: group)
        }
        use(index, UInt64(words[column % 4]) >= threshold)
        index += 1
      }
    }
  }

  /// Operations on the FP32 lanes per element: a quarter of a Philox call, then a comparison and a
  /// product. Each of the ten rounds has two products of two words each, four exclusive ors and two
  /// additions.
  package static let operationsPerElement = 10 * 10 / 4 + 2
}

/// Philox 4×32 with ten rounds (Salmon, Moraes, Dror, Shaw 2011, “Parallel random numbers: as easy
/// as 1, 2, 3”): four random words for a counter and a key.
package func philox(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
  var (x, k) = (counter, key)
  for _ in 0..<10 {
    let first = UInt64(0xD251_1F53) &* UInt64(x[0])
    let second = UInt64(0xCD9E_8D57) &* UInt64(x[2])
    x = SIMD4(
      UInt32(truncatingIfNeeded: second >> 32) ^ x[1] ^ k[0],
      UInt32(truncatingIfNeeded: second),
      UInt32(truncatingIfNeeded: first >> 32) ^ x[3] ^ k[1],
      UInt32(truncatingIfNeeded: first))
    k = SIMD2(k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85)
  }
  return x
}

/// What dropout is applied to. A dropped weight becomes 0, or stays NaN if it was NaN. The gradient
/// of a dropped weight becomes 0, even if it was NaN. A keep mask is 0 for dropped and 1 for kept.
package enum DropoutTarget: Sendable, Equatable { case weights, gradients, keepMask }
