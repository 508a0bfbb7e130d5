// Where the cycles went: for every SM, when what it does changes. Made once for a recording, from its
// spans, so that a view or a report can ask at any cycle without going through them again.

/// What every SM spends every cycle on.
package struct SMTimes: Sendable {
  private struct Change: Sendable {
    var cycle: Int
    var kind: CycleKind
  }

  /// Cycle 0 up to this one are told apart.
  package let lastCycle: Int
  package let smCount: Int
  /// The changes of one SM after another, and where each SM's begin.
  private var changes: [Change] = []
  private var firstChange: [Int] = [0]
  /// At every `spacing` cycles: SM-cycles spent before, and the change that each SM is at.
  private var sums: [CycleBreakdown] = []
  private var places: [Int32] = []
  private let spacing: Int
  private static let mostSums = 1024

  init(_ edges: inout SpanEdges, lastCycle: Int) {
    self.lastCycle = lastCycle
    smCount = edges.smCount
    spacing = max(1, tileCount(lastCycle, Self.mostSums))
    for sm in 0..<smCount {
      edges.sweep(sm) { changes.append(Change(cycle: $0, kind: $1)) }
      firstChange.append(changes.count)
    }
    addUp()
  }

  /// What SM `sm` does after all events up to and including `cycle`.
  package func kind(sm: Int, at cycle: Int) -> CycleKind {
    guard cycle < lastCycle else { return .empty }
    var change = Int(places[place(cycle) * smCount + sm])
    while change + 1 < firstChange[sm + 1], changes[change + 1].cycle <= cycle { change += 1 }
    return changes[change].kind
  }

  /// What all SMs together have spent from cycle 0 up to `cycle`.
  package func breakdown(until cycle: Int) -> CycleBreakdown {
    let end = min(max(0, cycle), lastCycle)
    var total = sums[place(end)]
    for sm in 0..<smCount {
      let change = Int(places[place(end) * smCount + sm])
      add(sm, from: place(end) * spacing, to: end, startingAt: change, &total)
    }
    return total
  }

  /// What one SM has spent in some cycles.
  package func breakdown(sm: Int, in cycles: Range<Int>) -> CycleBreakdown {
    var total = CycleBreakdown()
    let end = min(cycles.upperBound, lastCycle)
    guard cycles.lowerBound < end else { return total }
    let change = Int(places[place(cycles.lowerBound) * smCount + sm])
    add(sm, from: cycles.lowerBound, to: end, startingAt: change, &total)
    return total
  }

  private func place(_ cycle: Int) -> Int { cycle / spacing }

  /// Adds the cycles of one SM, beginning at a change that is not after `start`.
  /// - Returns: the change that the SM is at when `end` is reached.
  @discardableResult
  private func add(
    _ sm: Int, from start: Int, to end: Int, startingAt change: Int, _ total: inout CycleBreakdown
  ) -> Int {
    var (change, cycle) = (change, start)
    while true {
      let isLast = change + 1 == firstChange[sm + 1]
      let next = isLast ? lastCycle : changes[change + 1].cycle
      total[changes[change].kind] += max(0, min(next, end) - cycle)
      cycle = max(cycle, next)
      guard !isLast, next <= end else { return change }
      change += 1
    }
  }

  private mutating func addUp() {
    let count = lastCycle / spacing + 1
    sums = Array(repeating: CycleBreakdown(), count: count)
    places = Array(repeating: 0, count: count * smCount)
    for sm in 0..<smCount {
      var total = CycleBreakdown()
      var change = firstChange[sm]
      for index in 0..<count {
        let start = max(0, index - 1) * spacing
        change = add(sm, from: start, to: index * spacing, startingAt: change, &total)
        sums[index] = sums[index] + total
        places[index * smCount + sm] = Int32(change)
      }
    }
  }
}
