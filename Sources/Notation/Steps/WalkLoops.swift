// The loops of a block: which iterations they make, and which iterations are alike, so that a run
// without values may sample them.

import Machine

/// The head and the tile index of an iteration.
struct Iteration {
  var head: Int
  var index: Int
}

/// What the cost of an iteration depends on: iterations with equal values cost the same.
private struct Likeness: Equatable {
  /// Elements along the loop's axis: fewer in the last tile.
  var extent: Int
  /// The mask's coverage of the tile: two bits for each warp group.
  var coverage: Int
  var isFirst: Bool
  var head: Int
}

extension Walk {
  mutating func loop(_ plan: LoopPlan, _ body: [Step], _ block: inout Block) {
    let before = (head: head, sight: currentSight)
    if plan.sight, let partner = plan.partner {
      currentSight = plan.axis == .keys ? (partner, plan.variable) : (plan.variable, partner)
    }
    // Query heads that share K and V are processed one after the other.
    for part in parts(of: plan) {
      run(part, plan, body, &block)
    }
    head = before.head
    if !procedure.isKeyed { go(plan.variable, to: indices[plan.variable], head: before.head) }
    currentSight = before.sight
  }

  private mutating func run(
    _ iterations: [Iteration], _ plan: LoopPlan, _ body: [Step], _ block: inout Block
  ) {
    let before = self
    let rows = plan.notesVisits ? procedure.count(of: plan.variable) : 0
    let first = heads.lowerBound
    let place = { (iteration: Iteration) in (iteration.head - first) * rows + iteration.index }
    var walk = self
    let isFirst = { (iteration: Iteration, number: Int) in
      plan.notesVisits ? !before.visited[place(iteration)] : plan.hasLeftOvers && number == 0
    }
    let kind = { (number: Int) in
      before.likeness(iterations[number], plan, isFirst: isFirst(iterations[number], number))
    }
    let visit = { (number: Int, block: inout Block) in
      let iteration = iterations[number]
      walk.go(
        plan.variable, to: iteration.index, head: plan.axis == .queries ? iteration.head : nil)
      if plan.notesVisits { walk.isFirstVisit = isFirst(iteration, number) }
      walk.run(body, &block)
    }
    if plan.isInnermost, procedure.mayFold {
      block.loop(Array(iterations.indices), alike: kind, visit)
    } else {
      for number in iterations.indices { visit(number, &block) }
    }
    self = walk
    if plan.notesVisits { for iteration in iterations { visited[place(iteration)] = true } }
  }

  private func likeness(_ iteration: Iteration, _ plan: LoopPlan, isFirst: Bool) -> Likeness {
    var coverage = 0
    if plan.looksAtMask, let partner = plan.partner {
      for group in 0..<groups {
        coverage = 4 * coverage + self.coverage(plan, partner, at: iteration, group: group).number
      }
    }
    let size = procedure.tileSizes[plan.variable]
    return Likeness(
      extent: min(size, procedure.extents[plan.variable] - iteration.index * size),
      coverage: coverage, isFirst: isFirst, head: plan.sight ? 0 : iteration.head)
  }

  /// Whether a loop makes an iteration for the current warp group.
  func hasIterations(_ plan: LoopPlan) -> Bool {
    guard plan.sight, let partner = plan.partner else {
      return procedure.count(of: plan.variable) > 0
    }
    return parts(of: plan).contains { part in
      part.contains { iteration in
        !procedure.isGrouped
          || coverage(plan, partner, at: iteration, group: group) != .none
      }
    }
  }

  /// The iterations of a loop: all together, or in one part per query head if no tile is skipped.
  private func parts(of plan: LoopPlan) -> [[Iteration]] {
    let count = procedure.count(of: plan.variable)
    guard plan.axis == .queries else {
      let indices = plan.sight ? visibleKeys(plan) : Array(0..<count)
      return [indices.map { Iteration(head: head, index: $0) }]
    }
    let splits = procedure.splitCount
    let byHead = heads.map { head in
      let indices = plan.sight ? visibleQueries(plan, head) : Array(0..<count)
      return indices.filter { splits == 1 || $0 % splits == split }
        .map { Iteration(head: head, index: $0) }
    }
    return plan.sight ? [byHead.flatMap { $0 }] : byHead
  }

  private func visibleKeys(_ plan: LoopPlan) -> [Int] {
    guard let partner = plan.partner else { return [] }
    let tiles = (procedure.tileSizes[partner], procedure.tileSizes[plan.variable])
    if !procedure.isGrouped,
      let run = setting.mask.columns(ofRowBlock: indices[partner], tiles: tiles)
    {
      return Array(run.some)
    }
    return visible(plan, partner, head)
  }

  private func visibleQueries(_ plan: LoopPlan, _ head: Int) -> [Int] {
    guard let partner = plan.partner else { return [] }
    let tiles = (procedure.tileSizes[plan.variable], procedure.tileSizes[partner])
    if !procedure.isGrouped,
      let run = setting.mask.rows(ofColumnBlock: indices[partner], tiles: tiles)
    {
      return Array(run.some)
    }
    return visible(plan, partner, head)
  }

  /// The tiles that are not hidden from every warp group.
  private func visible(_ plan: LoopPlan, _ partner: Int, _ head: Int) -> [Int] {
    (0..<procedure.count(of: plan.variable)).filter { index in
      (0..<groups).contains { group in
        coverage(plan, partner, at: Iteration(head: head, index: index), group: group) != .none
      }
    }
  }
}

extension Coverage {
  fileprivate var number: Int {
    switch self {
    case .none: 0
    case .some: 1
    case .all: 2
    }
  }
}
