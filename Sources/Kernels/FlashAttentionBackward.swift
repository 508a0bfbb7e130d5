// FlashAttention backward: K and V outer, Q inner, as forward. P is computed again from Q, K, m and
// l; dK and dV stay on chip while Q passes by, dQ goes out and comes back on every pass.

import Machine

extension FlashAttention {
  /// Dao et al. 2022 (arXiv 2205.14135), Algorithm 4.
  static let backward = [
    ListingLine(
      "for each j: load K_j, V_j; dK_j = dV_j = 0",
      why: "They stay on chip while every Q_i passes by."),
    ListingLine(
      "for each i: load Q_i, dO_i, dQ_i, l_i, m_i, D_i",
      why: "All that is needed of a row of P: its query, m and l."),
    ListingLine(
      "S_ij = mask(tau Q_i K_j^T) on chip",
      why: "The forward pass did this product before; doing it again is cheaper than a trip to HBM."
    ),
    ListingLine(
      "P_ij = diag(l_i)^-1 exp(S_ij - m_i)", why: "The weights of the forward pass once more."),
    ListingLine(
      "dV_j = dV_j + P_ij^T dO_i", why: "Each value collects from the queries that looked at it."),
    ListingLine("dP_ij = dO_i V_j^T", why: "How much each weight mattered."),
    ListingLine(
      "dS_ij = tau P_ij o (dP_ij - D_i)",
      why: "The softmax lets through only what differs from the row's mean."),
    ListingLine(
      "write dQ_i = dQ_i + dS_ij K_j to HBM",
      why: "Out again, for the next pass to add to."),
    ListingLine("dK_j = dK_j + dS_ij^T Q_i", why: "Summed over all queries, on chip."),
    ListingLine("write dK_j, dV_j to HBM", why: "Once, when all queries have passed by."),
  ]

  static func backwardLaunches(_ gpu: Layout, _ device: Device) -> [Launch] {
    var backward = Launch("backward", blocks: gpu.problem.keyValuePlanes) { plane, sm in
      gradients(plane, gpu, &sm)
    }.sharing { gpu.headShape($0) }
    if gpu.mapping.isAsLaunched {
      backward = backward.at(
        backwardPrice(gpu.problem, gpu.mapping, device),
        backwardFootprint(gpu.problem, gpu.mapping),
        gpu.mapping, device)
      backward.stages = gpu.mapping.stages
    }
    if gpu.problem.computesDeltaInline || gpu.mapping.isAsLaunched { return [backward] }
    return [Delta.launch(gpu, line: forward.count + 1), backward]
  }

  /// The line of that number in `backward`.
  private static func line(_ number: Int) -> Int {
    forward.count + Delta.listing.count + number
  }

  /// One plane of K and V, and the heads that share it.
  private static func gradients(_ plane: Int, _ gpu: Layout, _ sm: inout Block) {
    let heads = gpu.problem.group(ofKeyValuePlane: plane)
    // Per head of the group and row block.
    var visited = Array(repeating: false, count: heads.count * gpu.rowBlocks)
    let index = { (place: (head: Int, i: Int)) in
      (place.head - heads.lowerBound) * gpu.rowBlocks + place.i
    }
    for j in 0..<gpu.columnBlocks {
      let visits = gpu.visits(ofKeyValuePlane: plane, j)
      let dK = sm.fill("dK", at: gpu.columns("dK", plane, j), with: 0, line: line(1))
      let dV = sm.fill("dV", at: gpu.columns("dV", plane, j), with: 0, line: line(1))
      if !visits.isEmpty {
        let k = sm.load(gpu.columns("K", plane, j), line: line(1))
        let v = sm.load(gpu.columns("V", plane, j), line: line(1))
        let before = visited
        let kind = { (place: (head: Int, i: Int)) in
          Visit(kind: gpu.kind(place.head, place.i, j), isFirst: !before[index(place)])
        }
        sm.loop(visits, alike: kind) { place, sm in
          visit(
            place.i, place.head, j, k, v, dK, dV, isFirst: !before[index(place)], gpu, &sm)
        }
        for place in visits { visited[index(place)] = true }
        sm.free(k, v, line: line(10))
      }
      sm.store(dK, to: gpu.columns("dK", plane, j), line: line(10))
      sm.store(dV, to: gpu.columns("dV", plane, j), line: line(10))
      sm.free(dK, dV, line: line(10))
    }
    writeZeros(to: heads, where: { !visited[index(($0, $1))] }, gpu, &sm)
  }

  /// The inner loop: block i of Q meets block j of K and V.
  private static func visit(
    _ i: Int, _ head: Int, _ j: Int, _ k: Tile, _ v: Tile, _ dK: Tile, _ dV: Tile, isFirst: Bool,
    _ gpu: Layout, _ sm: inout Block
  ) {
    let (place, coverage) = (gpu.tile("S", head, i, j), gpu.coverage(head, i, j))
    let target = gpu.rows("dQ", head, i)
    let q = sm.load(gpu.rows("Q", head, i), line: line(2))
    let dO = sm.load(gpu.rows("dO", head, i), line: line(2))
    let dQ =
      isFirst
      ? sm.fill("dQ", at: target, with: 0, line: line(2)) : sm.load(target, line: line(2))
    let l = sm.load(gpu.rows("l", head, i), line: line(2))
    let m = sm.load(gpu.rows("m", head, i), line: line(2))
    let delta = delta(i, head, dO, isFirst: isFirst, gpu, &sm)
    let s = sm.scores(q, k, gpu, at: place, coverage: coverage, again: true, line: line(3))
    let p = sm.exp(s, minus: m, at: place, line: line(4))
    sm.divide(p, byRowsOf: l, line: line(4))
    let pd = sm.weightsForValues(p, gpu, at: place, line: line(5))
    sm.accumulate(pd, dO, transposing: .left, weighted: true, onto: dV, line: line(5))
    let dP = sm.multiply(dO, v, transposing: .right, as: "dP", at: place, line: line(6))
    sm.drop(dP, of: .gradients, gpu, at: place, line: line(6))
    let dS = sm.scoreGradient(p, dP, delta, s, gpu, at: place, line: line(7))
    sm.accumulate(dS, k, weighted: true, onto: dQ, line: line(8))
    sm.store(dQ, to: target, line: line(8))
    sm.accumulate(dS, q, transposing: .left, weighted: true, onto: dK, line: line(9))
    sm.free(q, dO, dQ, l, m, delta, s, p, dP, dS, line: line(9))
    if pd.id != p.id { sm.free(pd, line: line(9)) }
  }

  /// D_i from its launch, or from O_i on the spot. The released kernel does the latter on a row
  /// block's first visit and keeps what it has found.
  private static func delta(
    _ i: Int, _ head: Int, _ dO: Tile, isFirst: Bool, _ gpu: Layout, _ sm: inout Block
  ) -> Tile {
    let keeps = gpu.mapping.isAsLaunched && !gpu.problem.computesDeltaInline
    guard gpu.problem.computesDeltaInline || (keeps && isFirst) else {
      return sm.load(gpu.rows("D", head, i), line: line(2))
    }
    let o = sm.load(gpu.rows("O", head, i), line: line(2))
    let delta = sm.delta(dO, o, at: gpu.rows("m", head, i), line: line(7))
    if keeps { sm.store(delta, to: gpu.rows("D", head, i), line: line(7)) }
    sm.free(o, line: line(7))
    return delta
  }

  /// A row block that sees no key has no gradient, and is written once.
  private static func writeZeros(
    to heads: Range<Int>, where isUnseen: (_ head: Int, _ i: Int) -> Bool, _ gpu: Layout,
    _ sm: inout Block
  ) {
    for head in heads {
      for i in 0..<gpu.rowBlocks where isUnseen(head, i) {
        let dQ = sm.fill("dQ", at: gpu.rows("dQ", head, i), with: 0, line: line(2))
        sm.store(dQ, to: gpu.rows("dQ", head, i), line: line(8))
        sm.free(dQ, line: line(8))
      }
    }
  }

  /// Who reads O, and who reads and writes D.
  private static func deltaTraffic(
    _ problem: AttentionProblem, _ mapping: Mapping, _ tiles: VisitedTiles
  ) -> [TensorTraffic] {
    let dv = problem.dv
    if problem.computesDeltaInline {
      return [TensorTraffic("O", problem.type, reads: tiles.rows * dv, "Tc·N·dv")]
    }
    guard mapping.isAsLaunched else {
      return sum(
        Delta.traffic(problem), [TensorTraffic("D", .fp32, reads: tiles.rows, "Tc·N")])
    }
    return [
      TensorTraffic("O", problem.type, reads: tiles.distinctRows * dv, "N·dv"),
      TensorTraffic(
        "D", .fp32, reads: tiles.rows - tiles.distinctRows, "(Tc-1)·N",
        writes: tiles.distinctRows, "N"),
    ]
  }

  static func backwardTraffic(
    _ problem: AttentionProblem, _ mapping: Mapping
  ) -> [TensorTraffic] {
    let tiles = VisitedTiles(problem, mapping)
    let (type, d, dv) = (problem.type, problem.d, problem.dv)
    let keys = problem.keyValuePlanes * problem.keys
    let unseen = problem.planes * problem.queries - tiles.distinctRows
    return sum(
      deltaTraffic(problem, mapping, tiles),
      [
        TensorTraffic("Q", type, reads: tiles.rows * d, "Tc·N·d"),
        TensorTraffic("K", type, reads: tiles.sharedColumns * d, "Nk·d"),
        TensorTraffic("V", type, reads: tiles.sharedColumns * dv, "Nk·dv"),
        TensorTraffic("dO", type, reads: tiles.rows * dv, "Tc·N·dv"),
        TensorTraffic("l", .fp32, reads: tiles.rows, "Tc·N"),
        TensorTraffic("m", .fp32, reads: tiles.rows, "Tc·N"),
        TensorTraffic(
          "dQ", type, reads: (tiles.rows - tiles.distinctRows) * d, "(Tc-1)·N·d",
          writes: (tiles.rows + unseen) * d, "Tc·N·d"),
        TensorTraffic("dK", type, writes: keys * d, "Nk·d"),
        TensorTraffic("dV", type, writes: keys * dv, "Nk·dv"),
      ] + scoreInputs(problem, tiles, backward: true))
  }
}
