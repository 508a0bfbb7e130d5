// The cycle breakdown: SM-cycles, counted by what the SMs did in them.

/// The number of SM-cycles of each kind.
package struct CycleBreakdown: Sendable, Equatable {
  private var counts = SIMD8<Int>()

  package init() {}

  /// SM-cycles of one kind.
  package subscript(kind: CycleKind) -> Int {
    get { counts[kind.rawValue] }
    set { counts[kind.rawValue] = newValue }
  }

  /// All SM-cycles: SMs × cycles.
  package var all: Int { counts.wrappedSum() }
  /// SM-cycles in which the SM had a block.
  package var busy: Int { all - self[.idle] - self[.launchOverhead] }

  /// The sum, kind by kind.
  package static func + (a: Self, b: Self) -> Self {
    var sum = a
    sum.counts &+= b.counts
    return sum
  }

  /// The difference, kind by kind.
  package static func - (a: Self, b: Self) -> Self {
    var difference = a
    difference.counts &-= b.counts
    return difference
  }
}
