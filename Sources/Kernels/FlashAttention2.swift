// FlashAttention-2: the loops exchanged. Each block owns a row block of Q and keeps its O on chip
// to the end, so O is written once and blocks need not wait for each other; K and V are read again.

import Machine

public struct FlashAttention2: AttentionKernel {
  public let name = "flash-attention-2"
  public let title = "Q outer and parallel, K, V inner; O stays on chip, L is written once"
  public let source = "Dao 2023 (arXiv 2307.08691), Algorithm 1"
  static let forward = [
    ListingLine(
      "load Q_i to SRAM", why: "It stays on chip to the end of the block: Q is read once."),
    ListingLine("O_i = 0, l_i = 0, m_i = -inf", why: "These queries have seen no key yet."),
    ListingLine(
      "for each j: load K_j, V_j to SRAM",
      why: "Each row block reads for itself every K_j and V_j that it may see."),
    ListingLine(
      "S_ij = mask(tau Q_i K_j^T) on chip",
      why: "This tile of S never goes to HBM: that is the whole idea."),
    ListingLine("m_new = max(m_i, rowmax(S_ij))", why: "The largest score of all tiles so far."),
    ListingLine("P~ = exp(S_ij - m_new)", why: "Weights against the newest maximum."),
    ListingLine(
      "alpha = e^(m_i - m_new)",
      why: "What was summed against the old maximum is too large by 1/alpha."),
    ListingLine("l_i = alpha l_i + rowsum(P~)", why: "The denominator, brought to m_new."),
    ListingLine("O_i = diag(alpha) O_i", why: "The old output shrinks by the same factor alpha."),
    ListingLine("O_i = O_i + P~ V_j", why: "Not divided by l yet: that is done once, at the end."),
    ListingLine("O_i = diag(l_i)^-1 O_i", why: "One division per row instead of one per tile."),
    ListingLine(
      "L_i = m_i + log(l_i)",
      why: "One number per row, from which the backward pass can compute P again."),
    ListingLine("write O_i, L_i to HBM", why: "The only writes of the whole kernel."),
  ]

  public var listing: [ListingLine] { Self.forward + Delta.listing + Self.backward }

  public init() {}

  public func program(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> Program {
    var gpu = Layout(problem, mapping)
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

  private static func backwardLaunches(_ gpu: Layout, _ device: Device) -> [Launch] {
    let delta = Delta.launch(gpu, line: forward.count + 1)
    guard gpu.mapping.isAsLaunched else { return [delta, gradients(gpu)] }
    let price = backwardPrice(gpu.problem, gpu.mapping, device)
    return [
      AroundBackward.delta(delta, gpu.problem, device),
      gradients(gpu).at(
        price, backwardFootprint(gpu.problem, gpu.mapping),
        gpu.mapping, device),
      AroundBackward.conversion(gpu, device),
    ]
  }

  private static func attention(_ gpu: Layout, _ device: Device) -> Launch {
    let rowBlocks = gpu.rowBlocks
    let launch = Launch("attention", blocks: gpu.problem.planes * rowBlocks) { block, sm in
      let (head, i) = block.quotientAndRemainder(dividingBy: rowBlocks)
      rowBlock(i, head, gpu, &sm)
    }.sharing { gpu.rowShape($0 / rowBlocks, $0 % rowBlocks) }
    guard gpu.mapping.isAsLaunched else { return launch }
    return launch.at(
      forwardPrice(gpu.problem, gpu.mapping, device), forwardFootprint(gpu.problem, gpu.mapping),
      gpu.mapping, device)
  }

  private static func rowBlock(_ i: Int, _ head: Int, _ gpu: Layout, _ sm: inout Block) {
    let row = gpu.rows("m", head, i)
    let columns = gpu.visibleColumns(head, i)
    let q = columns.isEmpty ? nil : sm.load(gpu.rows("Q", head, i), line: 1)
    let o = sm.fill("O", at: gpu.rows("O", head, i), with: 0, line: 2)
    let l = sm.fill("l", at: row, with: 0, line: 2)
    var m = sm.fill("m", at: row, with: -.infinity, line: 2)
    let kind = { (j: Int) in gpu.kind(head, i, j) }
    sm.loop(columns, alike: kind) { j, sm in
      let place = gpu.tile("S", head, i, j)
      let k = sm.load(gpu.keys("K", head, j), line: 3)
      let v = sm.load(gpu.keys("V", head, j), line: 3)
      let coverage = gpu.coverage(head, i, j)
      let s = sm.scores(q!, k, gpu, at: place, coverage: coverage, line: 4)
      let newM = sm.rowMax(s, m, at: row, line: 5)
      let p = sm.exp(s, minus: newM, at: place, line: 6)
      let alpha = sm.factor(m, to: newM, as: "alpha", at: row, line: 7)
      sm.rescale(l, by: alpha, addingRowsOf: p, line: 8)
      sm.rescale(o, by: alpha, line: 9)
      sm.drop(p, gpu, at: place, line: 10)
      sm.round(p, to: gpu.problem.type, line: 10)
      sm.accumulate(p, v, weighted: true, onto: o, line: 10)
      sm.free(k, v, s, p, alpha, m, line: 10)
      m = newM
    }
    finish(i, head, o, l, m, gpu, &sm)
    if let q { sm.free(q, line: 13) }
  }

  /// After the last tile of keys: one division per row, L, and the only writes.
  static func finish(
    _ i: Int, _ head: Int, _ o: Tile, _ l: Tile, _ m: Tile, _ gpu: Layout, _ sm: inout Block
  ) {
    let row = gpu.rows("m", head, i)
    sm.divide(o, byRowsOf: l, line: 11)
    let logSum = sm.compute(
      .logSumExp, [m, l], as: "L", at: row, rows: o.rows, elementwise: o.rows,
      exponential: o.rows, line: 12)
    sm.store(o, to: gpu.rows("O", head, i), line: 13)
    sm.store(logSum, to: gpu.rows("L", head, i), line: 13)
    sm.keep(m, as: row, line: 13)
    sm.keep(l, as: gpu.rows("l", head, i), line: 13)
    sm.free(o, l, m, logSum, line: 13)
  }

  public func traffic(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> [TensorTraffic] {
    sum(
      problem.hasForward ? Self.forwardTraffic(problem, VisitedTiles(problem, mapping)) : [],
      problem.hasBackward
        ? Self.backwardTraffic(problem, VisitedTiles(problem, mapping.goingBackward)) : [])
  }

  private static func forwardTraffic(
    _ problem: AttentionProblem, _ tiles: VisitedTiles
  ) -> [TensorTraffic] {
    let rows = problem.planes * problem.queries
    return [
      TensorTraffic("Q", problem.type, reads: tiles.distinctRows * problem.d, "N·d"),
      TensorTraffic("K", problem.type, reads: tiles.columns * problem.d, "Tr·Nk·d"),
      TensorTraffic("V", problem.type, reads: tiles.columns * problem.dv, "Tr·Nk·dv"),
      TensorTraffic("O", problem.type, writes: rows * problem.dv, "N·dv"),
      TensorTraffic("L", .fp32, writes: rows, "N"),
    ] + scoreInputs(problem, tiles)
  }
}
