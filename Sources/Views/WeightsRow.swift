// One row of a tile of P as a backward pass has computed it again, beside what the standard kernel
// has stored of the same row, or beside the exact weights.

import Kernels
import Machine

struct WeightsRow {
  let tile: TileName
  let query: Int
  let keys: Range<Int>
  let again: [Float]
  let beside: [Float]
  /// `stored` or `exact`.
  let source: String

  /// Nil until the run has computed a tile of P again that holds the followed row.
  init?(_ moment: Moment, beside other: Moment?, _ selection: Selection) {
    guard let found = Self.newest(moment, selection) else { return nil }
    let (info, values) = (found.info, found.values)
    let wanted = selection.row ?? moment.followedRow(selection)
    let query = info.place.rows.contains(wanted) ? wanted : info.place.rows.lowerBound
    self.query = query
    tile = TileName(info)
    keys = info.place.columns
    let first = (query - info.place.rows.lowerBound) * values.columns
    again = Array(values.values[first..<first + values.columns])
    let plane = info.place.plane
    let stored = other.flatMap { $0.storedWeights(plane: plane, row: query, like: moment) }
    let exact = moment.run.reference?.weights(plane: plane, row: query).map { Float($0) }
    source = stored == nil ? "exact" : "stored"
    guard let weights = stored ?? exact, keys.upperBound <= weights.count else { return nil }
    beside = Array(weights[keys])
  }

  var largestDifference: Float {
    zip(again, beside).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  /// The last tile of P that a backward launch has finished, in the state that finished it.
  private static func newest(
    _ moment: Moment, _ selection: Selection
  ) -> (info: TileInfo, values: TileValues)? {
    let recording = moment.recording
    for index in (0..<moment.eventCount).reversed() {
      let event = recording.events[index]
      let span = recording.spans[Int(event.span)]
      if span.block == Span.launchStart, !moment.isBackward(launch: Int(span.op)) { return nil }
      guard event.phase != .started, span.block >= 0, moment.completesWeights(span) else {
        continue
      }
      let tile = moment.op(of: span).tile
      let info = moment.block(of: span).tiles[Int(tile)]
      guard info.place.plane == selection.plane,
        selection.row.map(info.place.rows.contains) ?? true
      else { continue }
      let state = recording.state(beforeEvent: index + 1)
      guard let values = state.sram[TileKey(block: span.block, tile: tile)],
        !values.values.isEmpty
      else { return nil }
      return (info, values)
    }
    return nil
  }
}

extension Moment {
  /// The op makes a tile of P in a backward launch: an exponential, and the division if one follows.
  fileprivate func completesWeights(_ span: Span) -> Bool {
    guard isBackward(launch: recording.placement[Int(span.block)].launch) else { return false }
    let block = block(of: span)
    let op = block.ops[Int(span.op)]
    guard op.tile >= 0, block.tiles[Int(op.tile)].kind.role == .weights else { return false }
    switch op.verb {
    case .divide: return true
    case .exp:
      let next = Int(span.op) + 1
      guard next < block.ops.count, block.ops[next].tile == op.tile else { return true }
      return block.ops[next].verb != .divide
    default: return false
    }
  }

  /// A row of P in HBM, if this run keeps P there, has written the row, and solves the same problem
  /// on the same data as `other`.
  fileprivate func storedWeights(plane: Int, row: Int, like other: Moment) -> [Float]? {
    guard let index = program.tensors.firstIndex(where: { $0.tileRole == .weights }),
      !state.hbm.isEmpty,
      run.plan.problem == other.run.plan.problem, run.origin == other.run.origin
    else { return nil }
    let values = state.hbm[index].row(plane * program.tensors[index].rows + row)
    return values.contains { $0 != 0 } ? values : nil
  }
}
