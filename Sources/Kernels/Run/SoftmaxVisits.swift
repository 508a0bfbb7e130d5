// Softmax visits: the ops of a block that process one tile of scores. The softmax ledger needs the
// visits of one query at every step, so they are found once per run.

import Machine

/// Consecutive ops of one block that process one tile of scores, from the op that makes or loads
/// it.
package struct SoftmaxVisit: Sendable {
  package let block: BlockID
  /// Indices of the ops in their block.
  package let ops: Range<Int>
  /// The region of S that the tile covers: its queries and keys.
  package let place: Region
}

extension Recording {
  /// All softmax visits of a run, in the order in which its blocks were dispatched.
  func softmaxVisits() -> [SoftmaxVisit] {
    blocks.indices.flatMap { visits(of: BlockID($0)) }
  }

  /// The visits of a block. One begins where a tile of scores is made or loaded, and counts only if
  /// a row maximum is taken.
  private func visits(of id: BlockID) -> [SoftmaxVisit] {
    let block = blocks[id]
    var visits: [SoftmaxVisit] = []
    var open: (ops: Range<Int>, place: Region, takesMaximum: Bool)?
    func close() {
      guard let visit = open, visit.takesMaximum else { return }
      visits.append(SoftmaxVisit(block: id, ops: visit.ops, place: visit.place))
    }
    for (index, op) in block.ops.enumerated() {
      guard let tile = op.tile else { continue }
      let info = block.tiles[tile]
      if info.kind.role == .scores, op.beginsVisit {
        close()
        open = (index..<index + 1, info.place, false)
      } else if let visit = open, op.isPartOfVisit {
        open = (
          visit.ops.lowerBound..<index + 1, visit.place,
          visit.takesMaximum || op.verb == .rowmax
        )
      }
    }
    close()
    return visits
  }
}

extension Op {
  fileprivate var beginsVisit: Bool {
    switch operation {
    case .load, .product: true
    default: false
    }
  }

  fileprivate var isPartOfVisit: Bool {
    switch verb {
    case .load, .store, .free, .keep, .fill, .logsumexp: false
    default: true
    }
  }
}
