// The bookkeeping of one softmax row: an entry for every block of keys that the row has met, read
// from the run itself, with the exact value that the running ones must equal.

import Kernels
import Machine

/// What one block of keys did to one row.
struct LedgerEntry {
  /// The keys met.
  var columns: Range<Int>
  /// Running maximum before; nil where a kernel keeps none.
  var oldMaximum: Float?
  /// Largest logit of this block, and the running maximum after it.
  var tileMaximum: Float?
  var newMaximum: Float?
  var alpha: Float?
  var sum: Float?
  var outputBefore: [Float]?
  var output: [Float]?
  /// The output is l times the mean of the values: the division comes at the end.
  var outputIsSum = false
  /// False while the block is still being worked on.
  var isComplete = false
}

struct Ledger {
  private let moment: Moment
  private let plane: Int
  private let row: Int

  init(_ moment: Moment, _ selection: Selection) {
    self.moment = moment
    plane = selection.plane
    row = moment.followedRow(selection)
  }

  /// One visit: consecutive ops of a block, from the tile of S to the last op that uses it.
  private struct Visit {
    var block: Int
    var ops: Range<Int>
    var place: Region
  }

  /// Entries up to the moment, oldest first, at most `count` of the latest.
  func entries(atMost count: Int) -> [LedgerEntry] {
    visits().filter { hasBegun($0) }.suffix(count).map(entry)
  }

  private func hasBegun(_ visit: Visit) -> Bool {
    let span = moment.recording.spans[
      moment.recording.span(block: visit.block, op: visit.ops.lowerBound)]
    return span.start <= moment.cycle
  }

  /// A visit starts where a tile named S that holds the row is made or loaded.
  private func visits() -> [Visit] {
    var result: [Visit] = []
    for (number, block) in moment.recording.blocks.enumerated() {
      var open: Visit?
      for (index, op) in block.ops.enumerated() where op.tile >= 0 && op.operation != .free {
        let info = block.tiles[Int(op.tile)]
        if info.name == "S", startsVisit(op) {
          if let open { result.append(open) }
          let isMine = info.place.plane == plane && info.place.rows.contains(row)
          open = isMine ? Visit(block: number, ops: index..<index + 1, place: info.place) : nil
        } else if open != nil, isPartOfVisit(op) {
          open!.ops = open!.ops.lowerBound..<index + 1
        }
      }
      if let open { result.append(open) }
    }
    return result.filter { visit in
      moment.recording.blocks[visit.block].ops[visit.ops].contains { $0.operation == .rowMax }
    }
  }

  private func startsVisit(_ op: Op) -> Bool {
    switch op.operation {
    case .load, .multiply: true
    default: false
    }
  }

  private func isPartOfVisit(_ op: Op) -> Bool {
    switch op.operation {
    case .load, .store, .free, .keep, .fill, .logSumExp: false
    default: true
    }
  }

  private func entry(_ visit: Visit) -> LedgerEntry {
    let block = moment.recording.blocks[visit.block]
    var entry = LedgerEntry(columns: visit.place.columns)
    entry.isComplete = finished(visit, visit.ops.upperBound - 1)
    for index in visit.ops {
      let op = block.ops[index]
      guard let info = block.tile(of: op) else { continue }
      switch (op.operation, info.name) {
      case (.rowMax, "m~"): entry.tileMaximum = after(visit, index, op.tile)
      case (.rowMax, _): readMaximum(visit, index, op, block, &entry)
      case (.maximum, _):
        entry.newMaximum = after(visit, index, op.tile)
        entry.oldMaximum = before(visit, index, block.inputs(of: op).first)
      case (.factor, "alpha"): entry.alpha = after(visit, index, op.tile)
      case (.mix, _), (.mixRowSum, _), (.addRowSum, _), (.rowSum, "l"):
        entry.sum = after(visit, index, op.tile)
      case (.scaleRows, "O"), (.updateRows, "O"):
        entry.outputBefore = row(before: true, visit, index, op.tile)
        entry.output = row(before: false, visit, index, op.tile)
      case (.multiply, "O"):
        entry.output = row(before: false, visit, index, op.tile)
        entry.outputIsSum = true
      default: break
      }
    }
    return entry
  }

  /// A maximum that takes the running one along: its own block's maximum comes from S.
  private func readMaximum(
    _ visit: Visit, _ index: Int, _ op: Op, _ block: Block, _ entry: inout LedgerEntry
  ) {
    let inputs = Array(block.inputs(of: op))
    entry.newMaximum = after(visit, index, op.tile)
    entry.oldMaximum = inputs.count > 1 ? before(visit, index, inputs[1]) : nil
    entry.tileMaximum = row(before: true, visit, index, inputs[0])?.max()
  }

  // MARK: Values

  private func finished(_ visit: Visit, _ op: Int) -> Bool {
    moment.recording.spans[moment.recording.span(block: visit.block, op: op)].finish
      <= moment.cycle
  }

  private func after(_ visit: Visit, _ op: Int, _ tile: Int32) -> Float? {
    row(before: false, visit, op, tile)?.first
  }

  private func before(_ visit: Visit, _ op: Int, _ tile: Int32?) -> Float? {
    tile.flatMap { row(before: true, visit, op, $0)?.first }
  }

  /// The row of a tile just before or after an op has finished; nil if that is yet to come.
  private func row(before: Bool, _ visit: Visit, _ op: Int, _ tile: Int32) -> [Float]? {
    guard finished(visit, op) else { return nil }
    let span = moment.recording.span(block: visit.block, op: op)
    let event = moment.recording.lastEvent(ofSpan: span)
    let state = moment.recording.state(beforeEvent: before ? event : event + 1)
    let values = state.sram[TileKey(block: Int32(visit.block), tile: tile)]
    guard let values, !values.values.isEmpty else { return nil }
    let index = row - visit.place.rows.lowerBound
    return Array(values.values[index * values.columns..<(index + 1) * values.columns])
  }
}
