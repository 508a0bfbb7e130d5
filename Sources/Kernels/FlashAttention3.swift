// FlashAttention-3: the same loop, shared by warp groups. Products run beside the softmax of the tile
// before, and named barriers make the groups take turns: one multiplies while the other exponentiates.

import Machine

public struct FlashAttention3: AttentionKernel {
  public let name = "flash-attention-3"
  public let title = "warp groups in turns: products of one beside the softmax of the other"
  public let source = "Shah et al. 2024 (arXiv 2407.08608), Algorithm 2 and section 3.1"
  static let forward = [
    ListingLine(
      "load Q_i to SRAM", why: "Each warp group of the block has rows of its own."),
    ListingLine("O_i = 0, l_i = 0, m_i = -inf", why: "These queries have seen no key yet."),
    ListingLine(
      "for each j: load K_j, V_j to SRAM", why: "Once for the block: its groups share them."),
    ListingLine(
      "wait for the turn of this group",
      why: "Without turns the groups drift into step, and all want the same unit at once."),
    ListingLine(
      "S_next = Q_i K_j^T, not waited for",
      why: "The tensor cores work on their own while the group goes on."),
    ListingLine(
      "O_i = diag(alpha) O_i", why: "What was summed against the maximum before shrinks."),
    ListingLine(
      "O_i = O_i + P~ V_(j-1), not waited for",
      why: "The tile before: its product runs beside the softmax of this one."),
    ListingLine("m_new = max(m_i, rowmax(S_next))", why: "Now S_next must be there."),
    ListingLine("P~ = exp(S_next - m_new)", why: "The other group's products run meanwhile."),
    ListingLine("alpha = e^(m_i - m_new)", why: "By this O shrinks, in the next round."),
    ListingLine("l_i = alpha l_i + rowsum(P~)", why: "The denominator, brought to m_new."),
    ListingLine("O_i = diag(l_i)^-1 O_i", why: "One division per row, at the end."),
    ListingLine("L_i = m_i + log(l_i)", why: "What the backward pass needs."),
    ListingLine("write O_i, L_i to HBM", why: "The only writes of the whole kernel."),
  ]

  public var listing: [ListingLine] { Self.forward + Delta.listing + FlashAttention2.backward }

  public init() {}

  public func program(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> Program {
    var gpu = Layout(problem, mapping.ofOneGroup)
    gpu.hasAsynchronousProducts = device.service == .whole || device.asynchronousProducts != nil
    gpu.addOutput()
    gpu.addResult("L")
    if problem.hasForward {
      gpu.addStatistic("m", role: .statistic)
      gpu.addStatistic("l", role: .statistic)
    }
    if problem.hasBackward {
      gpu.addGradients()
      gpu.addStatistic("D", role: .scratch)
    }
    return gpu.program(
      (problem.hasForward ? [Self.attention(gpu, device)] : [])
        + (problem.hasBackward ? Self.backwardLaunches(gpu.goingBackward, device) : []))
  }

  private static func attention(_ gpu: Layout, _ device: Device) -> Launch {
    let (planes, groups) = (gpu.problem.planes, gpu.mapping.groups)
    let blocks = tileCount(gpu.rowBlocks, groups)
    // Under a causal mask the last rows have most to do, so they are dealt first.
    let launch = Launch("attention", blocks: planes * blocks) { block, sm in
      let (fromLast, head) = block.quotientAndRemainder(dividingBy: planes)
      let first = (blocks - 1 - fromLast) * groups
      let rows = Array(first..<min(first + groups, gpu.rowBlocks))
      rowBlocks(rows, head, gpu, &sm)
    }.sharing { block in
      let (fromLast, head) = block.quotientAndRemainder(dividingBy: planes)
      let end = (blocks - fromLast) * groups
      // A last block with fewer groups than the others has a shape of its own.
      return end > gpu.rowBlocks
        ? -1 - gpu.headShape(head) : gpu.rowShape(head, end - 1)
    }
    guard gpu.mapping.isAsLaunched else { return launch }
    var priced = launch.at(
      forwardPrice(gpu.problem, gpu.mapping, device), forwardFootprint(gpu.problem, gpu.mapping),
      gpu.mapping, device)
    priced.reachesFullRate = true
    return priced
  }

  /// What a warp group holds of its rows, and the weights that have not met their values yet.
  private struct Group {
    var i: Int
    var q: Tile
    var o: Tile
    var l: Tile
    var m: Tile
    var waiting: (p: Tile, alpha: Tile)?
  }

  private static func rowBlocks(_ rows: [Int], _ head: Int, _ gpu: Layout, _ sm: inout Block) {
    let columns = (0..<gpu.columnBlocks).filter { j in
      rows.contains { gpu.coverage(head, $0, j) != .none }
    }
    var groups = rows.enumerated().map { begin($0, $1, head, gpu, &sm) }
    var before: Tile?
    let kind = { (j: Int) in
      Round(tiles: rows.map { gpu.kind(head, $0, j) }, isFirst: j == columns.first)
    }
    sm.loop(columns, alike: kind, isSteady: gpu.mapping.isAsLaunched) { j, sm in
      let k = sm.load(gpu.keys("K", head, j), line: 3)
      let v = sm.load(gpu.keys("V", head, j), line: 3)
      for index in groups.indices {
        sm.group = index
        turn(&groups[index], head, j, k, before, gpu, &sm)
      }
      sm.free(k, line: 7)
      if let before { sm.free(before, line: 7) }
      before = v
    }
    for index in groups.indices {
      sm.group = index
      addValues(&groups[index], before, gpu, &sm)
      finish(groups[index], head, gpu, &sm)
    }
    if let before { sm.free(before, line: 7) }
  }

  /// What the cost of a round of all groups depends on.
  private struct Round: Equatable {
    var tiles: [TileKind]
    var isFirst: Bool
  }

  private static func begin(
    _ index: Int, _ i: Int, _ head: Int, _ gpu: Layout, _ sm: inout Block
  ) -> Group {
    sm.group = index
    let row = gpu.rows("m", head, i)
    return Group(
      i: i, q: sm.load(gpu.rows("Q", head, i), line: 1),
      o: sm.fill("O", at: gpu.rows("O", head, i), with: 0, line: 2),
      l: sm.fill("l", at: row, with: 0, line: 2),
      m: sm.fill("m", at: row, with: -.infinity, line: 2))
  }

  /// One group's share of a round: its products are asked for, and its softmax done meanwhile.
  private static func turn(
    _ group: inout Group, _ head: Int, _ j: Int, _ k: Tile, _ before: Tile?, _ gpu: Layout,
    _ sm: inout Block
  ) {
    let (row, place) = (gpu.rows("m", head, group.i), gpu.tile("S", head, group.i, j))
    let coverage = gpu.coverage(head, group.i, j)
    sm.takeTurn(line: 4)
    guard coverage != .none else { return addValues(&group, before, gpu, &sm) }
    sm.isAsynchronous = gpu.hasAsynchronousProducts
    let s = sm.multiply(group.q, k, transposing: .right, as: "S", at: place, line: 5)
    sm.isAsynchronous = false
    addValues(&group, before, gpu, &sm)
    sm.makeLogits(s, gpu, at: place, coverage: coverage, line: 5)
    let newM = sm.rowMax(s, group.m, at: row, line: 8)
    let p = sm.exp(s, minus: newM, at: place, line: 9)
    let alpha = sm.factor(group.m, to: newM, as: "alpha", at: row, line: 10)
    sm.rescale(group.l, by: alpha, addingRowsOf: p, line: 11)
    sm.drop(p, gpu, at: place, line: 11)
    sm.round(p, to: gpu.problem.type, line: 11)
    sm.free(s, group.m, line: 11)
    group.m = newM
    group.waiting = (p, alpha)
  }

  /// The product of the weights that wait with their values, and the rescaling before it.
  private static func addValues(
    _ group: inout Group, _ v: Tile?, _ gpu: Layout, _ sm: inout Block
  ) {
    guard let (p, alpha) = group.waiting, let v else { return }
    sm.rescale(group.o, by: alpha, line: 6)
    sm.isAsynchronous = gpu.hasAsynchronousProducts
    sm.accumulate(p, v, weighted: true, onto: group.o, line: 7)
    sm.isAsynchronous = false
    sm.free(p, alpha, line: 7)
    group.waiting = nil
  }

  private static func finish(_ group: Group, _ head: Int, _ gpu: Layout, _ sm: inout Block) {
    let (i, row) = (group.i, gpu.rows("m", head, group.i))
    sm.divide(group.o, byRowsOf: group.l, line: 12)
    let logSum = sm.compute(
      .logSumExp, [group.m, group.l], as: "L", at: row, rows: group.o.rows,
      elementwise: group.o.rows, exponential: group.o.rows, line: 13)
    sm.store(group.o, to: gpu.rows("O", head, i), line: 14)
    sm.store(logSum, to: gpu.rows("L", head, i), line: 14)
    sm.keep(group.m, as: row, line: 14)
    sm.keep(group.l, as: gpu.rows("l", head, i), line: 14)
    sm.free(group.q, group.o, group.l, group.m, logSum, line: 14)
  }

  public func traffic(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> [TensorTraffic] {
    sum(
      problem.hasForward ? Self.forwardTraffic(problem, mapping) : [],
      problem.hasBackward ? Self.backwardTraffic(problem, mapping.ofOneGroup.goingBackward) : [])
  }

  /// As FlashAttention-2, whose row blocks are here those of all groups of a block together.
  private static func forwardTraffic(
    _ problem: AttentionProblem, _ mapping: Mapping
  ) -> [TensorTraffic] {
    var whole = mapping
    whole.rows = mapping.ofOneGroup.rows * mapping.ofOneGroup.groups
    let blocks = VisitedTiles(problem, whole)
    let groups = VisitedTiles(problem, mapping.ofOneGroup)
    let rows = problem.planes * problem.queries
    return [
      TensorTraffic("Q", problem.type, reads: rows * problem.d, "N·d"),
      TensorTraffic("K", problem.type, reads: blocks.columns * problem.d, "Tr·Nk·d"),
      TensorTraffic("V", problem.type, reads: blocks.columns * problem.dv, "Tr·Nk·dv"),
      TensorTraffic(
        "O", problem.type == .fp8 ? .fp16 : problem.type, writes: rows * problem.dv, "N·dv"),
      TensorTraffic("L", .fp32, writes: rows, "N"),
    ] + scoreInputs(problem, groups)
  }
}

extension Mapping {
  /// The rows of one warp group: a block's are divided among its groups, two unless it says more, or
  /// as few as divide them evenly.
  var ofOneGroup: Mapping {
    var mapping = self
    mapping.groups = (1...max(2, groups)).last { rows.isMultiple(of: $0) } ?? 1
    mapping.rows = rows / mapping.groups
    return mapping
  }
}
