// The softmax ledger of one query row: an entry for every block of keys that the row has met, with
// values from the run itself. It shows how online softmax updates m, l and O.

import Kernels
import Machine

/// The effect of one block of keys on the statistics of one row. A value is nil until its op has
/// finished, and where the kernel has no such value.
package struct LedgerEntry {
  /// The keys of the block.
  package var columns: Range<Int>
  /// Running maximum before this block.
  package var oldMaximum: Float?
  /// Largest logit of this block.
  package var tileMaximum: Float?
  /// Running maximum after this block.
  package var newMaximum: Float?
  /// Factor α by which the earlier sum and output are rescaled.
  package var alpha: Float?
  /// Running sum l after this block.
  package var sum: Float?
  /// Row of O before this block.
  package var outputBefore: [Float]?
  /// Row of O after this block.
  package var output: [Float]?
  /// True if O is still l times the mean of the values, because the kernel divides by l at the end.
  package var outputIsSum = false
  /// True if all ops of this block of keys have finished.
  package var isComplete = false
}

/// The entries of the followed row at one cycle.
package struct SoftmaxLedger {
  private let moment: Moment
  private let plane: Int
  private let row: Int

  package init(_ moment: Moment, _ selection: Selection) {
    self.moment = moment
    plane = selection.plane
    row = moment.followedRow(selection)
  }

  /// The latest entries up to this cycle, at most `count`, oldest first.
  package func entries(atMost count: Int) -> [LedgerEntry] {
    let visits = moment.run.softmaxVisits.filter { concernsRow($0) && hasBegun($0) }.suffix(
      count)
    var entries = visits.map { visit in
      var entry = LedgerEntry(columns: visit.place.columns)
      entry.isComplete = finished(visit, visit.ops.upperBound - 1)
      return entry
    }
    let wanted = visits.enumerated().flatMap { self.wanted(of: $1, entry: $0) }
    let tiles = moment.recording.tiles(wanted.map { ($0.events, $0.key) })
    for (figure, tile) in zip(wanted, tiles) {
      guard let tile, !tile.values.isEmpty else { continue }
      let row = row - figure.firstRow
      figure.put(
        Array(tile.values[row * tile.columns..<(row + 1) * tile.columns]), &entries[figure.entry])
    }
    return entries
  }

  private func concernsRow(_ visit: SoftmaxVisit) -> Bool {
    visit.place.plane == plane && visit.place.rows.contains(row)
  }

  private func hasBegun(_ visit: SoftmaxVisit) -> Bool {
    span(visit, visit.ops.lowerBound).start <= moment.cycle
  }

  private func finished(_ visit: SoftmaxVisit, _ op: Int) -> Bool {
    span(visit, op).finish <= moment.cycle
  }

  private func span(_ visit: SoftmaxVisit, _ op: Int) -> Span {
    let recording = moment.recording
    return recording.spans[recording.span(of: OpPlace(block: visit.block, op: OpID(op)))]
  }

  // MARK: Values

  /// A value that an entry needs: the followed row of tile `key` after `events` events, and how to
  /// store it in the entry.
  private struct Wanted {
    var entry: Int
    var events: Int
    var key: TileKey
    var firstRow: Int
    var put: ([Float], inout LedgerEntry) -> Void
  }

  /// The values that the finished ops of a visit give, in the order of the ops.
  private func wanted(of visit: SoftmaxVisit, entry: Int) -> [Wanted] {
    let block = moment.recording.blocks[visit.block]
    var wanted: [Wanted] = []
    for index in visit.ops where finished(visit, index) {
      let op = block.ops[index]
      let place = OpPlace(block: visit.block, op: OpID(index))
      let event = moment.recording.lastEvent(of: moment.recording.span(of: place))
      func ask(
        before: Bool = false, _ tile: TileID?, _ put: @escaping ([Float], inout LedgerEntry) -> Void
      ) {
        guard let tile else { return }
        wanted.append(
          Wanted(
            entry: entry, events: before ? event : event + 1,
            key: TileKey(block: visit.block, tile: tile),
            firstRow: visit.place.rows.lowerBound, put: put))
      }
      guard let info = block.tile(of: op) else { continue }
      let inputs = Array(block.inputs(of: op))
      func input(_ roles: TileRole...) -> TileID? {
        inputs.first { roles.contains(block.tiles[$0].kind.role) }
      }
      switch (op.verb, info.kind.role) {
      case (.rowmax, .tileMaximum): ask(op.tile) { $1.tileMaximum = $0.first }
      case (.rowmax, _):
        // A rowmax that includes the running maximum: the maximum of the block alone is that of S.
        ask(op.tile) { $1.newMaximum = $0.first }
        ask(before: true, input(.maximum)) { $1.oldMaximum = $0.first }
        ask(before: true, input(.scores)) { $1.tileMaximum = $0.max() }
      case (.max, _):
        ask(op.tile) { $1.newMaximum = $0.first }
        ask(before: true, input(.maximum)) { $1.oldMaximum = $0.first }
      case (.factor, .factor): ask(op.tile) { $1.alpha = $0.first }
      case (_, .sum), (_, .newSum): ask(op.tile) { $1.sum = $0.first }
      case (.accumulate, .output): ask(op.tile) { ($1.output, $1.outputIsSum) = ($0, true) }
      case (.rescale, .output):
        ask(before: true, op.tile) { $1.outputBefore = $0 }
        ask(op.tile) { $1.output = $0 }
      default: break
      }
    }
    return wanted
  }
}
