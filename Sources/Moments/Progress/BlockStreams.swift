// What a block loads, computes and stores at this cycle, or what the next op of each kind waits
// for. Spans do not store the reason of a wait: it is derived from the dependencies of the op.

import Machine

/// One line of the view of an SM: an op of a block that is running, or the next one of its kind.
package struct StreamLine {
  /// What an op does. The warp groups of a block share `compute`.
  package enum Kind: String, CaseIterable { case load, compute, store }

  package var block: BlockID
  package var kind: Kind
  /// Who does it: the kind, or the name of a warp group or role.
  package var name: String
  /// Index of the op in its block; nil if the block has no more ops of this kind.
  package var op: Int?
  package var isRunning: Bool
  /// What the op waits for, in words; empty if it runs.
  package var reason = ""
}

/// The lines of one block at one cycle.
package struct BlockStreams {
  private let moment: Moment
  private let id: BlockID
  private let block: Block

  package init(_ moment: Moment, block id: BlockID) {
    self.moment = moment
    self.id = id
    block = moment.recording.blocks[id]
  }

  /// Number of ops that have finished, and of all ops of the block.
  package var progress: (done: Int, all: Int) {
    let done = block.ops.indices.count { span(of: $0).finish <= moment.cycle }
    return (done, block.ops.count)
  }

  /// Who does something in a block: the loads, a warp group or a role that has a name, all computing ops together if
  /// none has, the stores.
  private struct Doer: Hashable {
    var kind: StreamLine.Kind
    var name: String

    init(_ kind: StreamLine.Kind, _ name: String? = nil) {
      (self.kind, self.name) = (kind, name ?? kind.rawValue)
    }
  }

  private var doers: [Doer] {
    let parties = block.parties.isEmpty ? [nil] : block.parties.map(Optional.some)
    return [Doer(.load)] + parties.map { Doer(.compute, $0) } + [Doer(.store)]
  }

  /// A line for every op that is running, and for who has none a line for the next op.
  package var lines: [StreamLine] {
    var running: [Doer: [Int]] = [:]
    var next: [Doer: Int] = [:]
    for index in block.ops.indices {
      guard let doer = doer(of: block.ops[index]) else { continue }
      let span = span(of: index)
      if span.start > moment.cycle {
        if next[doer].map({ self.span(of: $0).start > span.start }) ?? true { next[doer] = index }
      } else if span.finish > moment.cycle {
        running[doer, default: []].append(index)
      }
    }
    return doers.flatMap { lines($0, running: running[$0] ?? [], next: next[$0]) }
  }

  private func lines(_ doer: Doer, running: [Int], next: Int?) -> [StreamLine] {
    func line(_ op: Int?, isRunning: Bool) -> StreamLine {
      StreamLine(block: id, kind: doer.kind, name: doer.name, op: op, isRunning: isRunning)
    }
    if !running.isEmpty { return running.map { line($0, isRunning: true) } }
    var waiting = line(next, isRunning: false)
    if let next { waiting.reason = reason(next) }
    return [waiting]
  }

  private func doer(of op: Op) -> Doer? {
    kind(of: op).map { kind in
      let party = op.stream.party - 1
      let isNamed = kind == .compute && block.parties.indices.contains(party)
      return Doer(kind, isNamed ? block.parties[party] : nil)
    }
  }

  private func kind(of op: Op) -> StreamLine.Kind? {
    if op.region != nil, op.operation.isTransfer { return op.operation.isStore ? .store : .load }
    return op.operation.isHousekeeping ? nil : .compute
  }

  private func span(of op: Int) -> Span {
    moment.recording.spans[moment.recording.span(of: OpPlace(block: id, op: OpID(op)))]
  }

  /// What an op waits for: of the ops that it depends on, the one that finishes last.
  private func reason(_ index: Int) -> String {
    let op = block.ops[index]
    let needed = Set(block.inputs(of: op) + [op.tile].compactMap { $0 })
    var last: (op: Int, finish: Int)?
    for earlier in 0..<index {
      let before = block.ops[earlier]
      let isProducer =
        (before.tile.map(needed.contains) ?? false) && !before.operation.isHousekeeping
      guard isProducer || freesBuffer(before, for: op) else { continue }
      let finish = span(of: earlier).finish
      guard finish > moment.cycle, finish <= span(of: index).start else { continue }
      if finish >= last?.finish ?? 0 { last = (earlier, finish) }
    }
    guard let last else { return op.region == nil ? "units taken" : "bus taken" }
    let before = block.ops[last.op]
    guard let tile = block.tile(of: before).map({ TileName($0).text }) else {
      return "needs \(before.verb.text)"
    }
    if before.operation == .free { return "no room yet: \(tile)" }
    return before.region == nil ? "needs \(before.verb.text) \(tile)" : "needs \(tile)"
  }

  /// True if `before` frees a tile of the buffer that the load `op` needs.
  private func freesBuffer(_ before: Op, for op: Op) -> Bool {
    guard case .load = op.operation, before.operation == .free else { return false }
    return block.tile(of: before)?.name == block.tile(of: op)?.name
  }
}

extension Operation {
  fileprivate var isTransfer: Bool {
    switch self {
    case .load, .store, .add: true
    default: false
    }
  }
}
