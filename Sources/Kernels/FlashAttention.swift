// FlashAttention: each block of K and V is loaded once, and every block of Q passes by it. O, m and
// l live in HBM and are corrected on every visit, because the maximum may have risen.

import Machine

public struct FlashAttention: AttentionKernel {
  public let name = "flash-attention"
  public let title = "K, V outer, Q inner; O, m and l are rescaled in HBM on every pass"
  public let source = "Dao et al. 2022 (arXiv 2205.14135), Algorithm 1"
  static let forward = [
    ListingLine(
      "for each j: load K_j, V_j to SRAM",
      why: "K_j and V_j stay on chip while every Q_i passes by: K and V are read once."),
    ListingLine(
      "for each i: load Q_i, O_i, l_i, m_i",
      why: "Every pass reads Q again, and O, l and m as the pass before left them."),
    ListingLine(
      "(first visit: O_i = 0, l_i = 0, m_i = -inf)",
      why: "These queries have seen no key yet, so nothing needs to be loaded."),
    ListingLine(
      "S_ij = mask(tau Q_i K_j^T) on chip",
      why: "This tile of S never goes to HBM: that is the whole idea."),
    ListingLine("m~ = rowmax(S_ij)", why: "The largest score of this tile, per row."),
    ListingLine(
      "P~ = exp(S_ij - m~), l~ = rowsum(P~)",
      why: "Weights of this tile against its own maximum, not divided by anything yet."),
    ListingLine("m_new = max(m_i, m~)", why: "The largest score of all tiles seen so far."),
    ListingLine(
      "l_new = e^(m_i-m_new) l_i + e^(m~-m_new) l~",
      why: "Both sums are brought to the same maximum before they are added."),
    ListingLine("P~ V_j", why: "The values of this tile, weighted."),
    ListingLine(
      "O_i = (l_i e^(m_i-m_new) O_i + e^(m~-m_new) P~ V_j) / l_new",
      why: "Old and new are weighed by their sums, so O is the exact mean over all keys so far."),
    ListingLine(
      "write O_i, l_i, m_i to HBM",
      why: "Only O, l and m go out, ready to be rescaled by the next pass; no tile of S does."),
  ]

  /// Without its own launch for D where D is computed inside the loop.
  public var listing: [ListingLine] { Self.forward + Delta.listing + Self.backward }

  public init() {}

  public func program(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> Program {
    var gpu = Layout(problem, mapping)
    gpu.addOutput()
    gpu.addResult("l")
    gpu.addResult("m")
    if problem.hasBackward {
      gpu.addGradients()
      if !problem.computesDeltaInline { gpu.addStatistic("D", role: .scratch) }
    }
    return gpu.program(
      (problem.hasForward ? [Self.attention(gpu, device)] : [])
        + (problem.hasBackward ? Self.backwardLaunches(gpu.goingBackward, device) : []))
  }

  private static func attention(_ gpu: Layout, _ device: Device) -> Launch {
    let planes = gpu.problem.planes
    let launch = Launch("attention", blocks: planes * gpu.mapping.splits) { block, sm in
      let (split, head) = block.quotientAndRemainder(dividingBy: planes)
      rowBlocks(ofSplit: split, head, gpu, &sm)
    }.sharing { gpu.headShape($0 % planes) * gpu.mapping.splits + gpu.splitShape($0 / planes) }
    guard gpu.mapping.isAsLaunched else { return launch }
    return launch.at(
      forwardPrice(gpu.problem, gpu.mapping, device), forwardFootprint(gpu.problem, gpu.mapping),
      gpu.mapping, device)
  }

  /// The outer loop, over K and V; where the rows are split, every block has each nth of them.
  private static func rowBlocks(
    ofSplit split: Int, _ head: Int, _ gpu: Layout, _ sm: inout Block
  ) {
    let splits = gpu.mapping.splits
    var visited = Array(repeating: false, count: gpu.rowBlocks)
    for j in 0..<gpu.columnBlocks {
      let rows = gpu.visibleRows(head, j).filter { $0 % splits == split }
      if rows.isEmpty { continue }
      let k = sm.load(gpu.keys("K", head, j), line: 1)
      let v = sm.load(gpu.keys("V", head, j), line: 1)
      let before = visited
      let kind = { (i: Int) in Visit(kind: gpu.kind(head, i, j), isFirst: !before[i]) }
      sm.loop(rows, alike: kind) { i, sm in
        visit(i, j, k, v, isFirst: !before[i], head, gpu, &sm)
      }
      for i in rows { visited[i] = true }
      sm.free(k, v, line: 11)
    }
    for i in 0..<gpu.rowBlocks where i % splits == split && !visited[i] {
      writeZeros(i, head, gpu, &sm)
    }
  }

  /// What the cost of a visit depends on.
  struct Visit: Equatable {
    var kind: TileKind
    var isFirst: Bool
  }

  /// The inner loop: block i of Q meets block j of K and V.
  private static func visit(
    _ i: Int, _ j: Int, _ k: Tile, _ v: Tile, isFirst: Bool, _ head: Int, _ gpu: Layout,
    _ sm: inout Block
  ) {
    let (row, place) = (gpu.rows("m", head, i), gpu.tile("S", head, i, j))
    let q = sm.load(gpu.rows("Q", head, i), line: 2)
    let (o, l, m) = begin(i, isFirst: isFirst, head, gpu, &sm)
    let coverage = gpu.coverage(head, i, j)
    let s = sm.scores(q, k, gpu, at: place, coverage: coverage, line: 4)
    let tileM = sm.rowMax(s, as: "m~", at: row, line: 5)
    let p = sm.exp(s, minus: tileM, at: place, line: 6)
    let tileL = sm.rowSum(p, as: "l~", at: row, line: 6)
    let newM = sm.maximum(m, tileM, as: "m_new", at: row, line: 7)
    let alpha = sm.factor(m, to: newM, as: "alpha", at: row, line: 8)
    let beta = sm.factor(tileM, to: newM, as: "beta", at: row, line: 8)
    let newL = sm.compute(
      .mix, [alpha, l, beta, tileL], as: "l_new", at: row, rows: q.rows, elementwise: 3 * q.rows,
      line: 8)
    sm.drop(p, gpu, at: place, line: 9)
    sm.round(p, to: gpu.problem.type, line: 9)
    let pv = sm.multiply(
      p, v, weighted: true, as: "PV", at: row, line: 9)
    sm.update(
      o, .updateRows, [alpha, l, beta, pv, newL],
      elementwise: 3 * o.rows * o.columns + 3 * o.rows, line: 10)
    sm.store(o, to: gpu.rows("O", head, i), line: 11)
    sm.store(newL, to: gpu.rows("l", head, i), line: 11)
    sm.store(newM, to: row, line: 11)
    sm.free(q, s, p, pv, tileM, tileL, alpha, beta, line: 11)
    sm.free(o, l, m, newL, newM, line: 11)
  }

  private static func begin(
    _ i: Int, isFirst: Bool, _ head: Int, _ gpu: Layout, _ sm: inout Block
  ) -> (o: Tile, l: Tile, m: Tile) {
    let places = ["O", "l", "m"].map { gpu.rows($0, head, i) }
    if isFirst {
      return (
        sm.fill("O", at: places[0], with: 0, line: 3),
        sm.fill("l", at: places[1], with: 0, line: 3),
        sm.fill("m", at: places[2], with: -.infinity, line: 3)
      )
    }
    return (
      sm.load(places[0], line: 2), sm.load(places[1], line: 2), sm.load(places[2], line: 2)
    )
  }

  /// A row block that sees no key is written once.
  private static func writeZeros(_ i: Int, _ head: Int, _ gpu: Layout, _ sm: inout Block) {
    let (o, l, m) = begin(i, isFirst: true, head, gpu, &sm)
    for (tile, name) in [(o, "O"), (l, "l"), (m, "m")] {
      sm.store(tile, to: gpu.rows(name, head, i), line: 11)
    }
    sm.free(o, l, m, line: 11)
  }

  public func traffic(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> [TensorTraffic] {
    sum(
      problem.hasForward ? Self.forwardTraffic(problem, VisitedTiles(problem, mapping)) : [],
      problem.hasBackward
        ? Self.backwardTraffic(problem, mapping.goingBackward) : [])
  }

  private static func forwardTraffic(
    _ problem: AttentionProblem, _ tiles: VisitedTiles
  ) -> [TensorTraffic] {
    let unseen = problem.planes * problem.queries - tiles.distinctRows
    let (back, out) = (tiles.rows - tiles.distinctRows, tiles.rows + unseen)
    return [
      TensorTraffic("Q", problem.type, reads: tiles.rows * problem.d, "Tc·N·d"),
      TensorTraffic(
        "K", problem.type, reads: tiles.splitColumns * problem.d, tiles.perSplit + "Nk·d"),
      TensorTraffic(
        "V", problem.type, reads: tiles.splitColumns * problem.dv, tiles.perSplit + "Nk·dv"),
      TensorTraffic(
        "O", problem.type, reads: back * problem.dv, "(Tc-1)·N·dv", writes: out * problem.dv,
        "Tc·N·dv"),
      TensorTraffic("l", .fp32, reads: back, "(Tc-1)·N", writes: out, "Tc·N"),
      TensorTraffic("m", .fp32, reads: back, "(Tc-1)·N", writes: out, "Tc·N"),
    ] + scoreInputs(problem, tiles)
  }
}
