// For every SM, the cycles at which what it does changes. It is computed once per recording, from
// the spans, so that a view or a report can ask about any cycle without going through the spans
// again.

/// What every SM does in every cycle.
package struct SMTimeline: Sendable {
  /// From `cycle` on, the SM does something of this kind.
  private struct Change: Sendable {
    var cycle: Int
    var kind: CycleKind
  }

  /// The end of the last launch; the cycles before it are covered.
  package let lastCycle: Int
  package let smCount: Int
  /// The changes of all SMs, one SM after the other.
  private var changes: [Change] = []
  /// Per SM: index of its first change; and a last entry, the number of changes.
  private var firstChange: [Int] = [0]
  /// At every multiple of `spacing`: the breakdown of all cycles before, over all SMs.
  private var sums: [CycleBreakdown] = []
  /// At every multiple of `spacing`, for each SM: index of the change that applies.
  private var places: [Int32] = []
  /// Cycles between two entries of `sums`.
  private let spacing: Int
  /// Upper limit for the entries of `sums`.
  private static let mostSums = 1024

  init(_ edges: inout CycleClassifier, lastCycle: Int) {
    self.lastCycle = lastCycle
    smCount = edges.smCount
    spacing = max(1, tileCount(lastCycle, Self.mostSums))
    for sm in 0..<smCount {
      edges.sweep(sm) { changes.append(Change(cycle: $0, kind: $1)) }
      firstChange.append(changes.count)
    }
    addUp()
  }

  /// What SM `sm` does after all events up to and including `cycle`; `idle` after the last launch.
  package func kind(sm: Int, at cycle: Int) -> CycleKind {
    guard cycle < lastCycle else { return .idle }
    var change = Int(places[place(cycle) * smCount + sm])
    while change + 1 < firstChange[sm + 1], changes[change + 1].cycle <= cycle { change += 1 }
    return changes[change].kind
  }

  /// The cycle breakdown of all SMs from cycle 0 up to `cycle`.
  package func breakdown(until cycle: Int) -> CycleBreakdown {
    let end = min(max(0, cycle), lastCycle)
    var total = sums[place(end)]
    for sm in 0..<smCount {
      let change = Int(places[place(end) * smCount + sm])
      add(sm, from: place(end) * spacing, to: end, startingAt: change, &total)
    }
    return total
  }

  /// The cycle breakdown of one SM over a range of cycles.
  package func breakdown(sm: Int, in cycles: Range<Int>) -> CycleBreakdown {
    var total = CycleBreakdown()
    let end = min(cycles.upperBound, lastCycle)
    guard cycles.lowerBound < end else { return total }
    let change = Int(places[place(cycles.lowerBound) * smCount + sm])
    add(sm, from: cycles.lowerBound, to: end, startingAt: change, &total)
    return total
  }

  /// Index of the last entry of `sums` that is not after `cycle`.
  private func place(_ cycle: Int) -> Int { cycle / spacing }

  /// Adds the cycles of one SM from `start` to `end`.
  /// - Parameter change: index of a change that is not after `start`.
  /// - Returns: index of the change that applies at `end`.
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

  /// Fills `sums` and `places`.
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
