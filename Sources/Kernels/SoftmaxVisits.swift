// Where in a run the softmax of each query meets a block of keys. The ledger asks for one query's
// visits at every step, so they are found once.

import Machine

/// Consecutive ops of one thread block, from the tile of S that they meet to the last op that uses it.
public struct SoftmaxVisit: Sendable {
  public let block: Int
  public let ops: Range<Int>
  /// The rectangle of S: its queries and keys.
  public let place: Region
}

extension Recording {
  /// All visits of a run, in the order in which its blocks were dealt.
  func softmaxVisits() -> [SoftmaxVisit] {
    blocks.indices.flatMap { number in visits(ofBlock: number) }
  }

  /// A visit starts where a tile named S is made or loaded, and is one if its maximum is taken.
  private func visits(ofBlock number: Int) -> [SoftmaxVisit] {
    let block = blocks[number]
    var visits: [SoftmaxVisit] = []
    var open: (ops: Range<Int>, place: Region, takesMaximum: Bool)?
    func close() {
      guard let visit = open, visit.takesMaximum else { return }
      visits.append(SoftmaxVisit(block: number, ops: visit.ops, place: visit.place))
    }
    for (index, op) in block.ops.enumerated() where op.tile >= 0 {
      let info = block.tiles[Int(op.tile)]
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
