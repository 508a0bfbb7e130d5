// Standard attention, Algorithm 0 of the FlashAttention paper: three launches, and between them the
// N × Nk matrices S and P go to HBM and come back. That is the traffic FlashAttention avoids.

import Machine

public struct StandardAttention: AttentionKernel {
  public let name = "standard-attention"
  public let title = "textbook attention: S and P are written to HBM and read back"
  public let source = "Dao et al. 2022 (arXiv 2205.14135), Algorithm 0"
  static let forward = [
    ListingLine(
      "load Q_i, K_j from HBM", why: "Each tile of S needs a row block of Q and one of K."),
    ListingLine(
      "S_ij = mask(tau Q_i K_j^T)", why: "Scores of Br queries against Bc keys, scaled and masked."),
    ListingLine(
      "write S_ij to HBM",
      why: "The softmax is another launch and needs whole rows, so every tile of S goes out."),
    ListingLine("load S_i from HBM", why: "The softmax reads back what was just written."),
    ListingLine("m_i = rowmax(S_i)", why: "The maximum is subtracted so that e^x cannot overflow."),
    ListingLine("P_i = exp(S_i - m_i)", why: "Every weight is now between 0 and 1."),
    ListingLine("l_i = rowsum(P_i)", why: "The denominator of the softmax."),
    ListingLine("P_i = P_i / l_i", why: "Each row of weights now sums to 1."),
    ListingLine("write P_i to HBM", why: "A second N x Nk matrix goes out."),
    ListingLine(
      "load P_ij, V_j from HBM", why: "P, just written, comes back for the product with V."),
    ListingLine(
      "O_i = O_i + P_ij V_j", why: "Summed over all j this is the weighted mean of the values."),
    ListingLine("write O_i to HBM", why: "The result: the only write that had to happen."),
  ]

  public var listing: [ListingLine] { Self.forward + Self.backward }

  public init() {}

  public func program(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> Program {
    var gpu = Layout(problem, mapping)
    if problem.needsScores { gpu.addScores("S", problem.type, problem.storedRole) }
    gpu.addScores("P", problem.type, problem.storedRole)
    if problem.dropout != nil { gpu.addScores("Z", .uint8, problem.storedRole) }
    if problem.hasForward {
      gpu.addOutput()
      gpu.addStatistic("m", role: .statistic)
      gpu.addStatistic("l", role: .statistic)
    }
    if problem.hasBackward {
      gpu.addGradients()
      gpu.addScores("dP", problem.type, .scratch)
      gpu.addScores("dS", problem.type, .scratch)
    }
    return gpu.program(
      (problem.hasForward ? Self.attention(gpu, device) : [])
        + (problem.hasBackward ? Self.gradients(gpu, device) : []))
  }

  private static func attention(_ gpu: Layout, _ device: Device) -> [Launch] {
    let rows = Softmax.rowsPerBlock(gpu.problem, gpu.mapping, device)
    return [scores(gpu, device), Softmax.launch(gpu, rowsPerBlock: rows), values(gpu)]
  }

  private static func scores(_ gpu: Layout, _ device: Device) -> Launch {
    let (rowBlocks, columnBlocks) = (gpu.rowBlocks, gpu.columnBlocks)
    let looks = device.service == .whole || gpu.hasMaskTable
    return Launch("scores", blocks: gpu.problem.planes * rowBlocks * columnBlocks) { block, sm in
      let (head, tile) = block.quotientAndRemainder(dividingBy: rowBlocks * columnBlocks)
      let (i, j) = tile.quotientAndRemainder(dividingBy: columnBlocks)
      let place = gpu.tile("S", head, i, j)
      let q = sm.load(gpu.rows("Q", head, i), line: 1)
      let k = sm.load(gpu.keys("K", head, j), line: 1)
      // With a mask that is a rule, a real GPU's threads compare in every tile.
      let coverage = looks ? gpu.coverage(head, i, j) : gpu.coverageOfAll
      let s = sm.scores(q, k, gpu, at: place, coverage: coverage, line: 2)
      sm.store(s, to: place, line: 3)
      sm.free(q, k, s, line: 3)
    }.sharing { block in
      let (head, tile) = block.quotientAndRemainder(dividingBy: rowBlocks * columnBlocks)
      return looks
        ? gpu.tileShape(head, tile / columnBlocks, tile % columnBlocks) : gpu.cornerShape(tile)
    }
  }

  private static func values(_ gpu: Layout) -> Launch {
    let rowBlocks = gpu.rowBlocks
    return Launch("values", blocks: gpu.problem.planes * rowBlocks) { block, sm in
      let (head, i) = block.quotientAndRemainder(dividingBy: rowBlocks)
      let o = sm.fill("O", at: gpu.rows("O", head, i), with: 0, line: 11)
      let width = { (j: Int) in gpu.kind(head, i, j).columns }
      sm.loop(Array(0..<gpu.columnBlocks), alike: width) { j, sm in
        let place = gpu.tile("P", head, i, j)
        let p = sm.load(place, line: 10)
        let v = sm.load(gpu.keys("V", head, j), line: 10)
        sm.applyKeepMask(to: p, gpu, head, i, j, line: 10)
        sm.accumulate(p, v, weighted: true, onto: o, line: 11)
        sm.free(p, v, line: 11)
      }
      sm.store(o, to: gpu.rows("O", head, i), line: 12)
      sm.free(o, line: 12)
    }.sharing { gpu.isShort(row: $0 % rowBlocks) ? 1 : 0 }
  }

  public func traffic(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> [TensorTraffic] {
    sum(
      problem.hasForward ? Self.forwardTraffic(problem, mapping, device) : [],
      problem.hasBackward ? Self.backwardTraffic(problem, mapping, device) : [])
  }

  private static func forwardTraffic(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> [TensorTraffic] {
    let (n, nk, heads) = (problem.queries, problem.keys, problem.planes)
    let rowBlocks = tileCount(n, mapping.rows)
    let columnBlocks = tileCount(nk, mapping.columns)
    let passes = Softmax.rowsPerBlock(problem, mapping, device) == nil ? 2 : 1
    var result = [
      TensorTraffic("Q", problem.type, reads: heads * columnBlocks * n * problem.d, "Tc·N·d"),
      TensorTraffic("K", problem.type, reads: heads * rowBlocks * nk * problem.d, "Tr·Nk·d"),
      TensorTraffic("V", problem.type, reads: heads * rowBlocks * nk * problem.dv, "Tr·Nk·dv"),
      TensorTraffic(
        "S", problem.type, reads: passes * heads * n * nk, passes == 1 ? "N·Nk" : "2·N·Nk",
        writes: heads * n * nk, "N·Nk"),
      TensorTraffic(
        "P", problem.type, reads: heads * n * nk, "N·Nk", writes: heads * n * nk, "N·Nk"),
      TensorTraffic("O", problem.type, writes: heads * n * problem.dv, "N·dv"),
    ]
    if problem.dropout != nil {
      let area = heads * n * nk
      result.append(TensorTraffic("Z", .uint8, reads: area, "N·Nk", writes: area, "N·Nk"))
    }
    result += scoreInputs(problem, VisitedTiles(problem, mapping), area: heads * n * nk)
    return result
  }
}

extension StandardAttention {
  /// Every operation of Algorithms 0 and 3, with mask and dropout as operations of their own, reads
  /// its operands once and writes its result: Dao et al. 2022 (arXiv 2205.14135), Fig. 2 left.
  public func paperBytes(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> Int {
    let area = problem.planes * problem.queries * problem.keys
    let (masks, drops) = (problem.maskRule != .none, problem.dropout != nil)
    var passes = 0
    // S and P out and in; mask and dropout each in and out.
    if problem.hasForward { passes += 4 + (masks ? 2 : 0) + (drops ? 2 : 0) }
    // P for dV, dP out and in, P and dS for the softmax, dS for dQ and dK.
    if problem.hasBackward { passes += 7 + (drops ? 2 : 0) }
    let keepMask = drops ? (problem.hasForward ? 1 : 0) + (problem.hasBackward ? 1 : 0) : 0
    return area * (passes * problem.type.bytes + keepMask) + paperMatrixBytes(problem)
  }

  /// Q, K, V and O; backwards dO twice, V, K and Q once more, and the three gradients.
  private func paperMatrixBytes(_ problem: AttentionProblem) -> Int {
    let (q, o) = (
      problem.planes * problem.queries * problem.d, problem.planes * problem.queries * problem.dv
    )
    let (k, v) = (
      problem.keyValuePlanes * problem.keys * problem.d,
      problem.keyValuePlanes * problem.keys * problem.dv
    )
    let forward = problem.hasForward ? q + k + v + o : 0
    let backward = problem.hasBackward ? 2 * (o + q + k + v) : 0
    return (forward + backward) * problem.type.bytes
  }
}

extension AttentionProblem {
  /// What the textbook kernel keeps from its forward pass for the backward one.
  var storedRole: TensorRole { hasForward ? .scratch : .input }
  /// S itself is needed again only for the slope of a cap.
  var needsScores: Bool { hasForward || softcap != nil }
}

extension Block {
  /// P∘Z/(1 − p), with Z from HBM; nothing without dropout.
  mutating func applyKeepMask(
    to tile: Tile, of what: Dropped = .weights, _ gpu: Layout, _ head: Int, _ i: Int, _ j: Int,
    line: Int
  ) {
    guard let rule = gpu.problem.dropout else { return }
    let keep = load(gpu.tile("Z", head, i, j), line: line)
    update(
      tile, .applyKeepMask(rule, what), [keep], elementwise: 2 * tile.rows * tile.columns,
      line: line)
    free(keep, line: line)
  }

  /// Z for a rectangle of P, written to HBM; nothing without dropout.
  mutating func drawKeepMask(_ gpu: Layout, at place: Region, line: Int) {
    guard let rule = gpu.problem.dropout else { return }
    var region = place
    region.tensor = gpu.index("Z")
    let count = place.rows.count * place.columns.count
    let keep = compute(
      .keepMask(rule, place), [], as: "Z", at: region, rows: place.rows.count,
      columns: place.columns.count, elementwise: count * Dropout.operationsPerElement, line: line)
    store(keep, to: region, line: line)
    free(keep, line: line)
  }
}

/// Bias is read with every tile of S that is computed, and once more where a backward pass looks at
/// the slope of a cap; a mask table with those tiles that it decides.
func scoreInputs(
  _ problem: AttentionProblem, _ visited: VisitedTiles, area: Int? = nil, backward: Bool = false
) -> [TensorTraffic] {
  var result: [TensorTraffic] = []
  if problem.bias != nil {
    let times = backward && problem.softcap != nil ? 2 : 1
    result.append(
      TensorTraffic(
        "bias", problem.type, reads: times * (area ?? visited.area),
        times == 1 ? "N·Nk" : "2·N·Nk"))
  }
  if case .table = problem.maskRule {
    let hidden = area.map { $0 - visited.area } ?? 0
    result.append(
      TensorTraffic("mask", .uint8, reads: visited.mixedArea + hidden, "mixed tiles"))
  }
  return result
}
