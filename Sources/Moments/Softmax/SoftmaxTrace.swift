// The online softmax of one query row through a whole run: what every block of keys did to m, l and O,
// and when. It is made once for a row; what holds at a cycle is then looked up.

import Kernels
import Machine
import RealModule

/// Everything that happens to the softmax of one row.
package struct SoftmaxTrace: Sendable {
  /// Index of the (batch, head) plane of Q, and of the row.
  package let plane: Int
  package let row: Int
  private var visits: [Visit] = []

  /// One block of keys.
  private struct Visit {
    var columns: Range<Int>
    /// The cycles at which its first op starts and its last one finishes.
    var cycles: ClosedRange<Int>
    /// The cycles in which the exponentials are taken, and in which l is brought up to date.
    var weighing: ClosedRange<Int>?
    var summing: ClosedRange<Int>?
    var facts: [Fact] = []
  }

  /// A value, and the cycle from which on it is known.
  fileprivate struct Fact {
    var cycle: Int
    var field: Field
    var values: [Float]
  }

  fileprivate enum Field {
    case scores, oldMaximum, tileMaximum, newMaximum, alpha, oldSum, sum
    case outputBefore, output, summedOutput
  }

  /// Follows the row `row` of plane `plane`; empty for a run without values.
  package init(_ run: CompletedRun, plane: Int, row: Int) {
    self.plane = plane
    self.row = row
    guard run.hasValues else { return }
    var wanted: [Wanted] = []
    for visit in run.softmaxVisits
    where visit.place.plane == plane && visit.place.rows.contains(row) {
      add(visit, run.recording, &wanted)
    }
    let tiles = run.recording.tiles(wanted.map { ($0.events, $0.key) })
    for (wanted, tile) in zip(wanted, tiles) {
      guard let tile, !tile.values.isEmpty else { continue }
      let row = row - wanted.firstRow
      let values = Array(tile.values[row * tile.columns..<(row + 1) * tile.columns])
      visits[wanted.visit].facts.append(
        Fact(
          cycle: wanted.cycle, field: wanted.field,
          values: wanted.takesMaximum ? [values.max() ?? -.infinity] : values))
    }
    visits.sort { $0.cycles.lowerBound < $1.cycles.lowerBound }
  }

  // MARK: Reading a run

  /// A tile whose values are needed, after a number of events.
  private struct Wanted {
    var visit: Int
    var cycle: Int
    var field: Field
    var events: Int
    var key: TileKey
    var firstRow: Int
    var takesMaximum = false
  }

  private mutating func add(
    _ visit: SoftmaxVisit, _ recording: Recording, _ wanted: inout [Wanted]
  ) {
    let block = recording.blocks[visit.block]
    func span(_ op: Int) -> Span {
      recording.spans[recording.span(of: OpPlace(block: visit.block, op: OpID(op)))]
    }
    let (first, last) = (visit.ops.lowerBound, visit.ops.upperBound - 1)
    var entry = Visit(
      columns: visit.place.columns, cycles: span(first).start...span(last).finish)
    for index in visit.ops {
      let op = block.ops[index]
      guard let info = block.tile(of: op), let tile = op.tile else { continue }
      let span = span(index)
      let place = OpPlace(block: visit.block, op: OpID(index))
      let event = recording.lastEvent(of: recording.span(of: place))
      func ask(_ field: Field, _ tile: TileID?, before: Bool = false, takesMaximum: Bool = false) {
        guard let tile else { return }
        wanted.append(
          Wanted(
            visit: visits.count, cycle: span.finish, field: field,
            events: before ? event : event + 1, key: TileKey(block: visit.block, tile: tile),
            firstRow: visit.place.rows.lowerBound, takesMaximum: takesMaximum))
      }
      let inputs = Array(block.inputs(of: op))
      func input(_ roles: TileRole...) -> TileID? {
        inputs.first { roles.contains(block.tiles[$0].kind.role) }
      }
      switch (op.verb, info.kind.role) {
      case (.rowmax, .tileMaximum):
        ask(.tileMaximum, tile)
        ask(.scores, input(.scores), before: true)
      case (.rowmax, _):
        // A rowmax that includes the running maximum: the maximum of the block alone is that of S.
        ask(.newMaximum, tile)
        ask(.oldMaximum, input(.maximum), before: true)
        ask(.tileMaximum, input(.scores), before: true, takesMaximum: true)
        ask(.scores, input(.scores), before: true)
      case (.max, _):
        ask(.newMaximum, tile)
        ask(.oldMaximum, input(.maximum), before: true)
      case (.exp, .weights) where entry.weighing == nil: entry.weighing = span.start...span.finish
      case (.factor, .factor): ask(.alpha, tile)
      case (_, .sum), (_, .newSum):
        ask(.sum, tile)
        ask(.oldSum, info.kind.role == .sum ? tile : input(.sum), before: true)
        entry.summing = span.start...span.finish
      case (.accumulate, .output): ask(.summedOutput, tile)
      case (.rescale, .output):
        ask(.outputBefore, tile, before: true)
        ask(.output, tile)
      default: break
      }
    }
    visits.append(entry)
  }

  // MARK: At a cycle

  /// The entries of the blocks that have begun, at most the last `count`, oldest first.
  package func entries(at cycle: Int, atMost count: Int = .max) -> [LedgerEntry] {
    visits.prefix { $0.cycles.lowerBound <= cycle }.suffix(count).map { visit in
      var entry = LedgerEntry(columns: visit.columns)
      entry.isComplete = visit.cycles.upperBound <= cycle
      for fact in visit.facts where fact.cycle <= cycle { fact.put(into: &entry) }
      return entry
    }
  }

  /// How far the running sum is on its way to the new maximum in the latest block: 0 before, 1 after.
  package func rescaleProgress(at cycle: Int) -> Double {
    progress(at: cycle) { $0.summing }
  }

  /// How far the exponentials of the latest block are.
  package func weighingProgress(at cycle: Int) -> Double {
    progress(at: cycle) { $0.weighing }
  }

  /// Whether the weights of the latest block are taken against its own maximum, because the new one is
  /// found later: FlashAttention of 2022 does so, and brings both sums to the new maximum.
  package func weighsAgainstOwnMaximum(at cycle: Int) -> Bool {
    guard let visit = visits.last(where: { $0.cycles.lowerBound <= cycle }),
      let weighing = visit.weighing,
      let known = visit.facts.first(where: { $0.field == .newMaximum })?.cycle
    else { return false }
    return known > weighing.lowerBound
  }

  private func progress(at cycle: Int, of part: (Visit) -> ClosedRange<Int>?) -> Double {
    guard let visit = visits.last(where: { $0.cycles.lowerBound <= cycle }) else { return 0 }
    guard let cycles = part(visit) else { return cycle >= visit.cycles.upperBound ? 1 : 0 }
    let length = cycles.upperBound - cycles.lowerBound
    guard length > 0 else { return cycle >= cycles.upperBound ? 1 : 0 }
    return min(1, max(0, Double(cycle - cycles.lowerBound) / Double(length)))
  }

  /// A rise of the maximum.
  package struct Rise: Sendable {
    /// The cycles of its block of keys, and the one at which α is known.
    package var cycles: ClosedRange<Int>
    package var known: Int
    package var alpha: Float
  }

  /// All rises of the maximum, in the order of time: where α is between 0 and 1.
  package var rises: [Rise] {
    visits.flatMap { visit in
      visit.facts.compactMap { fact -> Rise? in
        guard fact.field == .alpha, fact.values[0] > 0, fact.values[0] < 1 else { return nil }
        return Rise(cycles: visit.cycles, known: fact.cycle, alpha: fact.values[0])
      }
    }
  }

  /// The cycles of the first block of keys; nil if the row meets none.
  package var firstKeys: ClosedRange<Int>? { visits.first?.cycles }

  /// The rise in which most is to be seen, that of the largest −α ln α; nil if the maximum never rises.
  package var greatestRise: Rise? {
    rises.max { -$0.alpha * .log($0.alpha) < -$1.alpha * .log($1.alpha) }
  }
}

extension SoftmaxTrace.Fact {
  fileprivate func put(into entry: inout LedgerEntry) {
    switch field {
    case .scores: entry.scores = values
    case .oldMaximum: entry.oldMaximum = values.first
    case .tileMaximum: entry.tileMaximum = values.first
    case .newMaximum: entry.newMaximum = values.first
    case .alpha: entry.alpha = values.first
    case .oldSum: entry.oldSum = values.first
    case .sum: entry.sum = values.first
    case .outputBefore: entry.outputBefore = values
    case .output: (entry.output, entry.outputIsSum) = (values, false)
    case .summedOutput: (entry.output, entry.outputIsSum) = (values, true)
    }
  }
}
