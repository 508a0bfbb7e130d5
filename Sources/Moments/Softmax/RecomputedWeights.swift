// One row of a tile of P as the backward pass has computed it again, beside the same row as the
// standard kernel stored it, or beside the exact weights.

import Machine

/// The recomputed weights of one query in one tile, and the weights to compare them with.
package struct RecomputedWeights {
  package let tile: TileName
  /// Index of the query.
  package let query: Int
  /// The keys of the tile.
  package let keys: Range<Int>
  /// The recomputed weights, one per key.
  package let again: [Float]
  /// The stored or exact weights of the same keys.
  package let beside: [Float]
  /// What `beside` is: `stored` or `exact`.
  package let source: String

  /// Nil until the run has computed a tile of P again, with the followed row if the viewer has
  /// chosen one.
  /// - Parameter other: a run that keeps P in HBM; nil if there is none.
  package init?(_ moment: Moment, beside other: Moment?, _ selection: Selection) {
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

  /// Largest absolute difference between the two.
  package var largestDifference: Float {
    zip(again, beside).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  /// The last tile of P that a backward launch has finished, with its values right after that.
  private static func newest(
    _ moment: Moment, _ selection: Selection
  ) -> (info: TileInfo, values: TileValues)? {
    let recording = moment.recording
    for index in (0..<moment.eventCount).reversed() {
      let event = recording.events[index]
      let span = recording.spans[event.span]
      if case .launchStart(let launch) = span.subject, !moment.isBackward(launch: Int(launch)) {
        return nil
      }
      guard event.phase != .started, let place = span.place, moment.completesWeights(place),
        let tile = moment.op(at: place).tile
      else { continue }
      let info = moment.block(at: place).tiles[tile]
      guard info.place.plane == moment.plane(selection),
        selection.row.map(info.place.rows.contains) ?? true
      else { continue }
      let state = recording.state(beforeEvent: index + 1)
      guard let values = state.sram[TileKey(block: place.block, tile: tile)],
        !values.values.isEmpty
      else { return nil }
      return (info, values)
    }
    return nil
  }
}

extension Moment {
  /// True if the op completes a tile of P in a backward launch: it is the division, or the
  /// exponential if no division follows.
  fileprivate func completesWeights(_ place: OpPlace) -> Bool {
    guard isBackward(launch: recording.placement[place.block.index].launch) else { return false }
    let block = block(at: place)
    let op = block.ops[place.op]
    guard block.tile(of: op)?.kind.role == .weights else { return false }
    switch op.verb {
    case .divide: return true
    case .exp:
      let next = place.op.index + 1
      guard next < block.ops.count, block.ops[next].tile == op.tile else { return true }
      return block.ops[next].verb != .divide
    default: return false
    }
  }

  /// A row of P from HBM; nil unless this run keeps P there, has written the row, and solves the
  /// same problem on the same data as `other`.
  fileprivate func storedWeights(plane: Int, row: Int, like other: Moment) -> [Float]? {
    guard let index = program.tensors.firstIndex(where: { $0.tileRole == .weights }),
      !state.hbm.isEmpty,
      run.plan.problem == other.run.plan.problem, run.origin == other.run.origin
    else { return nil }
    let values = state.hbm[index].row(plane * program.tensors[index].rows + row)
    return values.contains { $0 != 0 } ? values : nil
  }
}
