// Where in a run the softmax of each query meets a block of keys. The ledger asks for one query's
// visits at every step, so they are found once.

import Machine

/// Consecutive ops of one thread block, from the tile of S that they meet to the last op that uses it.
package struct SoftmaxVisit: Sendable {
  package let block: BlockID
  package let ops: Range<Int>
  /// The rectangle of S: its queries and keys.
  package let place: Region
}

extension Recording {
  /// All visits of a run, in the order in which its blocks were dealt.
  func softmaxVisits() -> [SoftmaxVisit] {
    blocks.indices.flatMap { visits(of: BlockID($0)) }
  }

  /// A visit starts where a tile named S is made or loaded, and is one if its maximum is taken.
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
