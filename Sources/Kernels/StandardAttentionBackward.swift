// Standard attention backward, Algorithm 3 of the FlashAttention paper: five launches. P was stored
// by the forward pass; dP and dS are two more matrices of N × Nk that go to HBM and come back.

import Machine

extension StandardAttention {
  /// Dao et al. 2022 (arXiv 2205.14135), Algorithm 3.
  static let backward = [
    ListingLine("load P_ij, dO_i", why: "The forward pass has kept all of P in HBM for this."),
    ListingLine(
      "dV_j = dV_j + P_ij^T dO_i", why: "Each value collects from the queries that looked at it."),
    ListingLine("write dV_j to HBM", why: "Once, when all queries have passed by."),
    ListingLine("load dO_i, V_j", why: "Each tile of dP needs a row block of both."),
    ListingLine("dP_ij = dO_i V_j^T", why: "How much each weight mattered."),
    ListingLine(
      "write dP_ij to HBM", why: "The next launch needs whole rows, so all of dP goes out."),
    ListingLine("load P_i, dP_i", why: "Two matrices of N x Nk come back."),
    ListingLine(
      "D_i = rowsum(P_i o dP_i)", why: "The mean of dP over the row, weighted as the row is."),
    ListingLine(
      "dS_i = tau P_i o (dP_i - D_i)",
      why: "The softmax lets through only what differs from the row's mean."),
    ListingLine("write dS_i to HBM", why: "A fourth N x Nk matrix."),
    ListingLine("load dS_ij, K_j", why: "dS, just written, comes back."),
    ListingLine("dQ_i = dQ_i + dS_ij K_j", why: "Summed over all keys."),
    ListingLine("write dQ_i to HBM", why: "A result."),
    ListingLine("load dS_ij, Q_i", why: "And dS comes back a second time."),
    ListingLine("dK_j = dK_j + dS_ij^T Q_i", why: "Summed over all queries."),
    ListingLine("write dK_j to HBM", why: "The last result."),
  ]

  static func gradients(_ gpu: Layout, _ device: Device) -> [Launch] {
    [
      valueGradient(gpu), weightGradient(gpu), scoreGradient(gpu, device), queryGradient(gpu),
      keyGradient(gpu),
    ]
  }

  /// The line of that number in `backward`.
  private static func line(_ number: Int) -> Int { forward.count + number }

  /// dV = Pᵀ dO.
  private static func valueGradient(_ gpu: Layout) -> Launch {
    perColumnBlock("dV", gpu, lines: (1, 2, 3)) { head, i, j, out, sm in
      let place = gpu.tile("P", head, i, j)
      let p = sm.load(place, line: line(1))
      sm.applyKeepMask(to: p, gpu, head, i, j, line: line(1))
      let dO = sm.load(gpu.rows("dO", head, i), line: line(1))
      sm.accumulate(p, dO, transposing: .left, weighted: true, onto: out, line: line(2))
      sm.free(p, dO, line: line(2))
    }
  }

  /// dP = dO Vᵀ.
  private static func weightGradient(_ gpu: Layout) -> Launch {
    let (rowBlocks, columnBlocks) = (gpu.rowBlocks, gpu.columnBlocks)
    return Launch("dP", blocks: gpu.problem.planes * rowBlocks * columnBlocks) { block, sm in
      let (head, tile) = block.quotientAndRemainder(dividingBy: rowBlocks * columnBlocks)
      let (i, j) = tile.quotientAndRemainder(dividingBy: columnBlocks)
      let place = gpu.tile("dP", head, i, j)
      let dO = sm.load(gpu.rows("dO", head, i), line: line(4))
      let v = sm.load(gpu.keys("V", head, j), line: line(4))
      let dP = sm.multiply(dO, v, transposing: .right, as: "dP", at: place, line: line(5))
      sm.applyKeepMask(to: dP, of: .gradients, gpu, head, i, j, line: line(5))
      sm.store(dP, to: place, line: line(6))
      sm.free(dO, v, dP, line: line(6))
    }.sharing { gpu.cornerShape($0 % (rowBlocks * columnBlocks)) }
  }

  /// dQ = dS K.
  private static func queryGradient(_ gpu: Layout) -> Launch {
    let rowBlocks = gpu.rowBlocks
    return Launch("dQ", blocks: gpu.problem.planes * rowBlocks) { block, sm in
      let (head, i) = block.quotientAndRemainder(dividingBy: rowBlocks)
      let dQ = sm.fill("dQ", at: gpu.rows("dQ", head, i), with: 0, line: line(12))
      let width = { (j: Int) in gpu.kind(head, i, j).columns }
      sm.loop(Array(0..<gpu.columnBlocks), alike: width) { j, sm in
        let place = gpu.tile("dS", head, i, j)
        let dS = sm.load(place, line: line(11))
        let k = sm.load(gpu.keys("K", head, j), line: line(11))
        sm.accumulate(dS, k, weighted: true, onto: dQ, line: line(12))
        sm.free(dS, k, line: line(12))
      }
      sm.store(dQ, to: gpu.rows("dQ", head, i), line: line(13))
      sm.free(dQ, line: line(13))
    }.sharing { gpu.isShort(row: $0 % rowBlocks) ? 1 : 0 }
  }

  /// dK = dSᵀ Q.
  private static func keyGradient(_ gpu: Layout) -> Launch {
    perColumnBlock("dK", gpu, lines: (14, 15, 16)) { head, i, j, out, sm in
      let place = gpu.tile("dS", head, i, j)
      let dS = sm.load(place, line: line(14))
      let q = sm.load(gpu.rows("Q", head, i), line: line(14))
      sm.accumulate(dS, q, transposing: .left, weighted: true, onto: out, line: line(15))
      sm.free(dS, q, line: line(15))
    }
  }

  /// A launch whose blocks sum something for one column block of K and V over all row blocks, and
  /// over the heads that share it.
  private static func perColumnBlock(
    _ name: String, _ gpu: Layout, lines: (load: Int, sum: Int, write: Int),
    _ visit: @escaping @Sendable (Int, Int, Int, Tile, inout Block) -> Void
  ) -> Launch {
    let columnBlocks = gpu.columnBlocks
    return Launch(name, blocks: gpu.problem.keyValuePlanes * columnBlocks) { block, sm in
      let (plane, j) = block.quotientAndRemainder(dividingBy: columnBlocks)
      let place = gpu.columns(name, plane, j)
      let out = sm.fill(name, at: place, with: 0, line: line(lines.sum))
      for head in gpu.problem.group(ofKeyValuePlane: plane) {
        sm.loop(Array(0..<gpu.rowBlocks), alike: { gpu.kind(head, $0, j).rows }) { i, sm in
          visit(head, i, j, out, &sm)
        }
      }
      sm.store(out, to: place, line: line(lines.write))
      sm.free(out, line: line(lines.write))
    }.sharing { gpu.isShort(column: $0 % columnBlocks) ? 1 : 0 }
  }

  static func backwardTraffic(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> [TensorTraffic] {
    let (type, n, nk, heads) = (problem.type, problem.queries, problem.keys, problem.planes)
    let rowBlocks = tileCount(n, mapping.rows)
    let columnBlocks = tileCount(nk, mapping.columns)
    let keys = problem.keyValuePlanes * nk
    let area = heads * n * nk
    let passes = rowsPerBlock(problem, mapping, device) == nil ? 2 : 1
    let whole = passes == 1 ? "N·Nk" : "2·N·Nk"
    var result = [
      TensorTraffic("Q", type, reads: heads * columnBlocks * n * problem.d, "Tc·N·d"),
      TensorTraffic("K", type, reads: heads * rowBlocks * nk * problem.d, "Tr·Nk·d"),
      TensorTraffic("V", type, reads: heads * rowBlocks * nk * problem.dv, "Tr·Nk·dv"),
      TensorTraffic("dO", type, reads: 2 * heads * columnBlocks * n * problem.dv, "2·Tc·N·dv"),
      TensorTraffic("P", type, reads: (1 + passes) * area, "N·Nk + \(whole)"),
      TensorTraffic("dP", type, reads: passes * area, whole, writes: area, "N·Nk"),
      TensorTraffic("dS", type, reads: 2 * area, "2·N·Nk", writes: area, "N·Nk"),
      TensorTraffic("dQ", type, writes: heads * n * problem.d, "N·d"),
      TensorTraffic("dK", type, writes: keys * problem.d, "Nk·d"),
      TensorTraffic("dV", type, writes: keys * problem.dv, "Nk·dv"),
    ]
    if problem.dropout != nil {
      result.append(TensorTraffic("Z", .uint8, reads: 2 * area, "2·N·Nk"))
    }
    let isCapped = problem.softcap != nil
    if isCapped { result.append(TensorTraffic("S", type, reads: area, "N·Nk")) }
    // P has bias and mask in it already; only the slope of a cap needs the bias once more.
    if problem.bias != nil {
      result.append(
        isCapped
          ? TensorTraffic("bias", type, reads: area, "N·Nk") : TensorTraffic("bias", type))
    }
    if case .table = problem.maskRule { result.append(TensorTraffic("mask", .uint8)) }
    return result
  }
}
