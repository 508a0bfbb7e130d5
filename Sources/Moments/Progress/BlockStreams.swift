// The streams of a block: what it loads, computes and stores at this cycle, or what the next op of
// each waits for. Worked out from the spans, which have no words for waiting.

import Machine

/// One line of a block: an op under way, or the next one of its kind.
package struct StreamLine {
  package enum Kind: String, CaseIterable { case load, compute, store }

  package var block: BlockID
  package var kind: Kind
  /// Index of the op; nil where no more come.
  package var op: Int?
  package var isRunning: Bool
  /// What the op waits for, if it does not run.
  package var reason = ""
}

/// The streams of one block at one cycle.
package struct BlockStreams {
  private let moment: Moment
  private let id: BlockID
  private let block: Block

  package init(_ moment: Moment, block id: BlockID) {
    self.moment = moment
    self.id = id
    block = moment.recording.blocks[id]
  }

  /// How many ops have finished, and how many there are.
  package var progress: (done: Int, all: Int) {
    let done = block.ops.indices.count { span(of: $0).finish <= moment.cycle }
    return (done, block.ops.count)
  }

  /// Every op under way; and where a kind has none, the next one.
  package var lines: [StreamLine] {
    var running: [StreamLine.Kind: [Int]] = [:]
    var next: [StreamLine.Kind: Int] = [:]
    for index in block.ops.indices {
      guard let kind = kind(of: block.ops[index]) else { continue }
      let span = span(of: index)
      if span.start > moment.cycle {
        if next[kind].map({ self.span(of: $0).start > span.start }) ?? true { next[kind] = index }
      } else if span.finish > moment.cycle {
        running[kind, default: []].append(index)
      }
    }
    return StreamLine.Kind.allCases.flatMap { kind in
      lines(kind, running: running[kind] ?? [], next: next[kind])
    }
  }

  private func lines(_ kind: StreamLine.Kind, running: [Int], next: Int?) -> [StreamLine] {
    if !running.isEmpty {
      return running.map { StreamLine(block: id, kind: kind, op: $0, isRunning: true) }
    }
    guard let next else {
      return [StreamLine(block: id, kind: kind, op: nil, isRunning: false)]
    }
    return [
      StreamLine(block: id, kind: kind, op: next, isRunning: false, reason: reason(next))
    ]
  }

  private func kind(of op: Op) -> StreamLine.Kind? {
    if op.region != nil, op.operation.isTransfer { return op.operation.isStore ? .store : .load }
    return op.operation.isHousekeeping ? nil : .compute
  }

  private func span(of op: Int) -> Span {
    moment.recording.spans[moment.recording.span(of: OpPlace(block: id, op: OpID(op)))]
  }

  /// What holds an op back: of what it needs, the part that comes last.
  private func reason(_ index: Int) -> String {
    let op = block.ops[index]
    let needed = Set(block.inputs(of: op) + [op.tile].compactMap { $0 })
    var last: (op: Int, finish: Int)?
    for earlier in 0..<index {
      let before = block.ops[earlier]
      let isProducer =
        (before.tile.map(needed.contains) ?? false) && !before.operation.isHousekeeping
      guard isProducer || makesRoom(before, for: op) else { continue }
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

  /// A load waits until a tile of the same name has been given back.
  private func makesRoom(_ before: Op, for op: Op) -> Bool {
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
