// FlashAttention-2 backward: each block owns a column block of K and V and keeps its dK and dV on
// chip. P is computed again from Q, K and L; dQ is added to in HBM, since many blocks share it.

import Machine

extension FlashAttention2 {
  /// Dao 2023 (arXiv 2307.08691), Algorithm 2.
  static let backward = [
    ListingLine(
      "load K_j, V_j; dK_j = dV_j = 0 on chip", why: "They stay to the end of the block."),
    ListingLine(
      "for each i: load Q_i, dO_i, L_i, D_i",
      why: "All that is needed of a row of P: its query and one number, L."),
    ListingLine(
      "S_ij = mask(tau Q_i K_j^T) on chip",
      why: "The forward pass did this product before; doing it again is cheaper than a trip to HBM."
    ),
    ListingLine(
      "P_ij = exp(S_ij - L_i)", why: "The weights of the forward pass, divided already: no m, no l."
    ),
    ListingLine(
      "dV_j = dV_j + P_ij^T dO_i", why: "Each value collects from the queries that looked at it."),
    ListingLine("dP_ij = dO_i V_j^T", why: "How much each weight mattered."),
    ListingLine(
      "dS_ij = tau P_ij o (dP_ij - D_i)",
      why: "The softmax lets through only what differs from the row's mean."),
    ListingLine("dK_j = dK_j + dS_ij^T Q_i", why: "Summed over all queries, on chip."),
    ListingLine(
      "dQ_i = dQ_i + dS_ij K_j, added in HBM",
      why: "Blocks of other keys add to the same rows: an atomic addition."),
    ListingLine("write dK_j, dV_j to HBM", why: "Once: nobody else has a share in them."),
  ]

  static func gradients(_ gpu: Layout) -> Launch {
    let columnBlocks = gpu.columnBlocks
    return Launch("backward", blocks: gpu.problem.keyValuePlanes * columnBlocks) { block, sm in
      let (plane, j) = block.quotientAndRemainder(dividingBy: columnBlocks)
      columnBlock(j, plane, gpu, &sm)
    }.sharing { gpu.columnShape($0 / columnBlocks, $0 % columnBlocks) }
  }

  /// The line of that number in `backward`.
  private static func line(_ number: Int) -> Int {
    forward.count + Delta.listing.count + number
  }

  private static func columnBlock(_ j: Int, _ plane: Int, _ gpu: Layout, _ sm: inout Block) {
    let visits = gpu.visits(ofKeyValuePlane: plane, j)
    let dK = sm.fill("dK", at: gpu.columns("dK", plane, j), with: 0, line: line(1))
    let dV = sm.fill("dV", at: gpu.columns("dV", plane, j), with: 0, line: line(1))
    if !visits.isEmpty {
      let k = sm.load(gpu.columns("K", plane, j), line: line(1))
      let v = sm.load(gpu.columns("V", plane, j), line: line(1))
      let kind = { (place: (head: Int, i: Int)) in gpu.kind(place.head, place.i, j) }
      sm.loop(visits, alike: kind) { place, sm in
        visit(place.i, place.head, j, k, v, dK, dV, gpu, &sm)
      }
      sm.free(k, v, line: line(10))
    }
    sm.store(dK, to: gpu.columns("dK", plane, j), line: line(10))
    sm.store(dV, to: gpu.columns("dV", plane, j), line: line(10))
    sm.free(dK, dV, line: line(10))
  }

  /// The inner loop: block i of Q meets block j of K and V.
  private static func visit(
    _ i: Int, _ head: Int, _ j: Int, _ k: Tile, _ v: Tile, _ dK: Tile, _ dV: Tile,
    _ gpu: Layout, _ sm: inout Block
  ) {
    let place = gpu.tile("S", head, i, j)
    let coverage = gpu.coverage(head, i, j)
    let q = sm.load(gpu.rows("Q", head, i), line: line(2))
    let dO = sm.load(gpu.rows("dO", head, i), line: line(2))
    let logSum = sm.load(gpu.rows("L", head, i), line: line(2))
    let delta = sm.load(gpu.rows("D", head, i), line: line(2))
    let s = sm.scores(q, k, gpu, at: place, coverage: coverage, again: true, line: line(3))
    let p = sm.exp(s, minus: logSum, at: place, line: line(4))
    let pd = sm.weightsForValues(p, gpu, at: place, line: line(5))
    sm.accumulate(pd, dO, transposing: .left, weighted: true, onto: dV, line: line(5))
    let dP = sm.multiply(dO, v, transposing: .right, as: "dP", at: place, line: line(6))
    sm.drop(dP, of: .gradients, gpu, at: place, line: line(6))
    let dS = sm.scoreGradient(p, dP, delta, s, gpu, at: place, line: line(7))
    sm.accumulate(dS, q, transposing: .left, weighted: true, onto: dK, line: line(8))
    let dQ = sm.multiply(
      dS, k, weighted: true, as: "dQ", at: gpu.rows("dQ", head, i), line: line(9))
    sm.add(dQ, to: gpu.rows("dQ", head, i), line: line(9))
    sm.free(q, dO, logSum, delta, s, p, dP, dS, dQ, line: line(9))
    if pd.id != p.id { sm.free(pd, line: line(9)) }
  }

  static func backwardTraffic(
    _ problem: AttentionProblem, _ tiles: VisitedTiles
  ) -> [TensorTraffic] {
    let (type, d, dv) = (problem.type, problem.d, problem.dv)
    let keys = problem.keyValuePlanes * problem.keys
    return sum(
      Delta.traffic(problem),
      [
        TensorTraffic("Q", type, reads: tiles.rows * d, "Tc·N·d"),
        TensorTraffic("K", type, reads: tiles.sharedColumns * d, "Nk·d"),
        TensorTraffic("V", type, reads: tiles.sharedColumns * dv, "Nk·dv"),
        TensorTraffic("dO", type, reads: tiles.rows * dv, "Tc·N·dv"),
        TensorTraffic("L", .fp32, reads: tiles.rows, "Tc·N"),
        TensorTraffic("D", .fp32, reads: tiles.rows, "Tc·N"),
        TensorTraffic(
          "dQ", type, reads: tiles.rows * d, "Tc·N·d", writes: tiles.rows * d, "Tc·N·d"),
        TensorTraffic("dK", type, writes: keys * d, "Nk·d"),
        TensorTraffic("dV", type, writes: keys * dv, "Nk·dv"),
      ] + scoreInputs(problem, tiles, backward: true))
  }
}
