// The loops of a block: which iterations they make, and which iterations are alike, so that a run
// without values may sample them.

import Machine

/// The head and the tile index of an iteration.
struct Iteration {
  var head: Int
  var index: Int
}

/// What the cost of an iteration depends on: iterations with equal values cost the same.
private struct IterationProfile: Equatable {
  /// Elements along the loop's axis: fewer in the last tile.
  var extent: Int
  /// The mask's coverage of the tile: two bits for each warp group.
  var coverage: Int
  var isFirst: Bool
  var head: Int
}

extension BlockRecorder {
  mutating func loop(_ plan: LoopPlan, _ body: [Step], _ block: inout Block) {
    let before = (head: head, filter: currentFilter)
    if plan.filter, let maskPartner = plan.maskPartner {
      currentFilter =
        plan.axis == .keys ? (maskPartner, plan.variable) : (plan.variable, maskPartner)
    }
    // Query heads that share K and V are processed one after the other.
    for part in parts(of: plan) {
      run(part, plan, body, &block)
    }
    head = before.head
    if !compiledLaunch.isPerKeyValueHead {
      go(plan.variable, to: indices[plan.variable], head: before.head)
    }
    currentFilter = before.filter
  }

  private mutating func run(
    _ iterations: [Iteration], _ plan: LoopPlan, _ body: [Step], _ block: inout Block
  ) {
    let before = self
    let rows = plan.tracksVisitedRows ? compiledLaunch.count(of: plan.variable) : 0
    let first = heads.lowerBound
    let place = { (iteration: Iteration) in (iteration.head - first) * rows + iteration.index }
    var walk = self
    let isFirst = { (iteration: Iteration, number: Int) in
      plan.tracksVisitedRows
        ? !before.visited[place(iteration)] : plan.hasLoopCarried && number == 0
    }
    let kind = { (number: Int) in
      before.iterationProfile(
        iterations[number], plan, isFirst: isFirst(iterations[number], number))
    }
    let visit = { (number: Int, block: inout Block) in
      let iteration = iterations[number]
      walk.go(
        plan.variable, to: iteration.index, head: plan.axis == .queries ? iteration.head : nil)
      if plan.tracksVisitedRows { walk.isFirstVisit = isFirst(iteration, number) }
      walk.hasGoneRound = before.hasGoneRound || number > 0
      walk.run(body, &block)
    }
    if plan.isInnermost, compiledLaunch.maySampleLoops {
      block.loop(Array(iterations.indices), alike: kind, visit)
    } else {
      for number in iterations.indices { visit(number, &block) }
    }
    self = walk
    hasGoneRound = before.hasGoneRound
    if plan.tracksVisitedRows { for iteration in iterations { visited[place(iteration)] = true } }
  }

  private func iterationProfile(_ iteration: Iteration, _ plan: LoopPlan, isFirst: Bool)
    -> IterationProfile
  {
    var coverage = 0
    if plan.looksAtMask, let maskPartner = plan.maskPartner {
      for group in 0..<groups {
        coverage =
          4 * coverage + self.coverage(plan, maskPartner, at: iteration, group: group).number
      }
    }
    let size = compiledLaunch.tileSizes[plan.variable]
    return IterationProfile(
      extent: min(size, compiledLaunch.extents[plan.variable] - iteration.index * size),
      coverage: coverage, isFirst: isFirst, head: plan.filter ? 0 : iteration.head)
  }

  /// Whether a loop makes an iteration for the current warp group.
  func hasIterations(_ plan: LoopPlan) -> Bool {
    guard plan.filter, let maskPartner = plan.maskPartner else {
      return parts(of: plan).contains { !$0.isEmpty }
    }
    return parts(of: plan).contains { part in
      part.contains { iteration in
        !compiledLaunch.isGrouped
          || coverage(plan, maskPartner, at: iteration, group: group) != .none
      }
    }
  }

  /// The iterations of a loop: all together, or in one part per query head if no tile is skipped.
  private func parts(of plan: LoopPlan) -> [[Iteration]] {
    let count = compiledLaunch.count(of: plan.variable)
    guard plan.axis == .queries else {
      let indices = plan.filter ? visibleKeys(plan) : Array(0..<count)
      let part = part(of: plan, count)
      return [indices.filter(part.contains).map { Iteration(head: head, index: $0) }]
    }
    let splits = compiledLaunch.splitCount
    let byHead = heads.map { head in
      let indices = plan.filter ? visibleQueries(plan, head) : Array(0..<count)
      return indices.filter { splits == 1 || $0 % splits == split }
        .map { Iteration(head: head, index: $0) }
    }
    return plan.filter ? [byHead.flatMap { $0 }] : byHead
  }

  /// The tiles of the part that a loop goes through: parts of equal length, the last of which may be shorter
  /// or empty.
  private func part(of plan: LoopPlan, _ count: Int) -> Range<Int> {
    guard let part = plan.part else { return 0..<count }
    let length = tileCount(count, max(1, compiledLaunch.count(of: part)))
    let first = min(count, indices[part] * length)
    return first..<min(count, first + length)
  }

  private func visibleKeys(_ plan: LoopPlan) -> [Int] {
    guard let maskPartner = plan.maskPartner else { return [] }
    let tiles = (compiledLaunch.tileSizes[maskPartner], compiledLaunch.tileSizes[plan.variable])
    if !compiledLaunch.isGrouped,
      let run = setting.mask.columns(ofRowBlock: indices[maskPartner], tiles: tiles)
    {
      return Array(run.some)
    }
    return visible(plan, maskPartner, head)
  }

  private func visibleQueries(_ plan: LoopPlan, _ head: Int) -> [Int] {
    guard let maskPartner = plan.maskPartner else { return [] }
    let tiles = (compiledLaunch.tileSizes[plan.variable], compiledLaunch.tileSizes[maskPartner])
    if !compiledLaunch.isGrouped,
      let run = setting.mask.rows(ofColumnBlock: indices[maskPartner], tiles: tiles)
    {
      return Array(run.some)
    }
    return visible(plan, maskPartner, head)
  }

  /// The tiles that are not hidden from every warp group.
  private func visible(_ plan: LoopPlan, _ maskPartner: Int, _ head: Int) -> [Int] {
    (0..<compiledLaunch.count(of: plan.variable)).filter { index in
      (0..<groups).contains { group in
        coverage(plan, maskPartner, at: Iteration(head: head, index: index), group: group) != .none
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
