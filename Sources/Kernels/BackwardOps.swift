// The steps that the backward passes share, each with its cost: D, the weights as the product with
// dO takes them, and the gradient of the scores.

import Machine

extension Block {
  /// D = rowsum(dO∘O), or rowsum(P∘dP), which is `weighted`: a weight of 0 adds nothing.
  mutating func delta(
    _ dO: Tile, _ o: Tile, at place: Region, weighted: Bool = false, line: Int
  ) -> Tile {
    compute(
      .rowDot(weighted: weighted), [dO, o], as: "D", at: place, rows: o.rows,
      elementwise: o.rows * (2 * o.columns - 1),
      line: line)
  }

  /// P as it met V: dropped, and in the storage format. A tile of its own, since P itself is needed
  /// as it was; or just P where both are the same.
  mutating func weightsForValues(_ p: Tile, _ gpu: Layout, at place: Region, line: Int) -> Tile {
    guard gpu.problem.dropout != nil || gpu.problem.type != .fp32 else { return p }
    let dropped = compute(
      .copy, [p], as: "Pd", at: place, rows: p.rows, columns: p.columns, elementwise: 0, line: line)
    drop(dropped, gpu, at: place, line: line)
    round(dropped, to: gpu.problem.type, line: line)
    return dropped
  }

  /// dS = τ·P∘(dP − D), times what the cap has left of each score's slope.
  mutating func scoreGradient(
    _ p: Tile, _ dP: Tile, _ delta: Tile, _ s: Tile?, _ gpu: Layout, at place: Region,
    bias: Region? = nil, line: Int
  ) -> Tile {
    let problem = gpu.problem
    let count = dP.rows * dP.columns
    let dS = compute(
      .scoreGradient(scale: Float(problem.scale)), [p, dP, delta], as: "dS", at: place,
      rows: dP.rows, columns: dP.columns,
      elementwise: (problem.scale == 1 ? 2 : 3) * count, line: line)
    if let cap = problem.softcap, let s {
      let tile = problem.bias == nil ? nil : scoreTile("bias", gpu, place)
      bend(dS, cap, s, bias: bias ?? tile, line: line)
    }
    round(dS, to: problem.type, line: line)
    return dS
  }

  /// dS ← dS·(1 − (s/c)²): the slope of c·tanh(x/c) where the score is s.
  private mutating func bend(
    _ dS: Tile, _ cap: Double, _ s: Tile, bias: Region?, line: Int
  ) {
    let bias = bias.map { load($0, line: line) }
    update(
      dS, .softcapGradient(cap: Float(cap), hasBias: bias != nil), [s] + [bias].compactMap { $0 },
      elementwise: (bias == nil ? 4 : 5) * dS.rows * dS.columns, line: line)
    if let bias { free(bias, line: line) }
  }
}

/// D = rowsum(dO∘O) in a launch of its own, as the released kernels do: one number per query, which
/// every block of the backward pass reads.
enum Delta {
  static let listing = [
    ListingLine("load O_i, dO_i", why: "Both have a row for each query."),
    ListingLine(
      "D_i = rowsum(dO_i o O_i)",
      why: "Equal to rowsum(P o dP), without needing a row of either: the same for all keys."),
    ListingLine("write D_i to HBM", why: "One number per query, computed once and read often."),
  ]

  /// - Parameter line: the number of the first of its three lines.
  static func launch(_ gpu: Layout, line: Int) -> Launch {
    let rowBlocks = gpu.rowBlocks
    return Launch("delta", blocks: gpu.problem.planes * rowBlocks) { block, sm in
      let (head, i) = block.quotientAndRemainder(dividingBy: rowBlocks)
      let o = sm.load(gpu.rows("O", head, i), line: line)
      let dO = sm.load(gpu.rows("dO", head, i), line: line)
      let delta = sm.delta(dO, o, at: gpu.rows("D", head, i), line: line + 1)
      sm.store(delta, to: gpu.rows("D", head, i), line: line + 2)
      sm.free(o, dO, delta, line: line + 2)
    }.sharing { gpu.isShort(row: $0 % rowBlocks) ? 1 : 0 }
  }

  static func traffic(_ problem: AttentionProblem) -> [TensorTraffic] {
    let rows = problem.planes * problem.queries
    return [
      TensorTraffic("O", problem.type, reads: rows * problem.dv, "N·dv"),
      TensorTraffic("dO", problem.type, reads: rows * problem.dv, "N·dv"),
      TensorTraffic("D", .fp32, writes: rows, "N"),
    ]
  }
}
