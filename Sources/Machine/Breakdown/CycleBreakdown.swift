// SM-cycles, added up by what they went to.

/// SM-cycles by what they were spent on.
package struct CycleBreakdown: Sendable, Equatable {
  private var counts = SIMD8<Int>()

  package init() {}

  package subscript(kind: CycleKind) -> Int {
    get { counts[kind.rawValue] }
    set { counts[kind.rawValue] = newValue }
  }

  /// SMs × cycles.
  package var all: Int { counts.wrappedSum() }
  /// Those in which the SM had a block.
  package var busy: Int { all - self[.empty] - self[.launch] }

  package static func + (a: Self, b: Self) -> Self {
    var sum = a
    sum.counts &+= b.counts
    return sum
  }

  package static func - (a: Self, b: Self) -> Self {
    var difference = a
    difference.counts &-= b.counts
    return difference
  }
}
