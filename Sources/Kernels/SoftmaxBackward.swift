// The softmax of standard attention, backwards: whole rows of P and dP give the same rows of dS; and
// where not even one row fits, two passes over both in tiles.

import Machine

extension StandardAttention {
  /// dS = τ·P∘(dP − rowsum(P∘dP)).
  /// - Parameter lines: of the listing, where P and dP are loaded, D and dS computed, dS written.
  static func scoreGradient(
    _ gpu: Layout, _ device: Device, lines: [Int] = (7...10).map { forward.count + $0 }
  ) -> Launch {
    guard let height = rowsPerBlock(gpu.problem, gpu.mapping, device) else {
      return inTwoPasses(gpu, lines)
    }
    let blocks = tileCount(gpu.problem.queries, height)
    return Launch("dS", blocks: gpu.problem.planes * blocks) { block, sm in
      let (head, i) = block.quotientAndRemainder(dividingBy: blocks)
      let place = gpu.band("dS", head, i, height)
      let p = sm.load(gpu.band("P", head, i, height), line: lines[0])
      let dP = sm.load(gpu.band("dP", head, i, height), line: lines[0])
      let s =
        gpu.problem.softcap == nil ? nil : sm.load(gpu.band("S", head, i, height), line: lines[0])
      let delta = sm.delta(p, dP, at: place, weighted: true, line: lines[1])
      let bias = gpu.problem.bias == nil ? nil : gpu.biasBand(head, i, height)
      let dS = sm.scoreGradient(p, dP, delta, s, gpu, at: place, bias: bias, line: lines[2])
      sm.store(dS, to: place, line: lines[3])
      sm.free(p, dP, delta, dS, line: lines[3])
      if let s { sm.free(s, line: lines[3]) }
    }.sharing { $0 % blocks == blocks - 1 ? 1 : 0 }
  }

  /// The row sums first, dS on a second pass.
  private static func inTwoPasses(_ gpu: Layout, _ lines: [Int]) -> Launch {
    let rowBlocks = gpu.rowBlocks
    return Launch("dS", blocks: gpu.problem.planes * rowBlocks) { block, sm in
      let (head, i) = block.quotientAndRemainder(dividingBy: rowBlocks)
      let row = gpu.rows("dQ", head, i)
      let delta = sm.fill(
        "D", like: row, rows: row.rows.count, columns: 1, with: 0, line: lines[1])
      let columns = Array(0..<gpu.columnBlocks)
      sm.loop(columns, alike: { gpu.kind(head, i, $0).columns }) { j, sm in
        let p = sm.load(gpu.tile("P", head, i, j), line: lines[0])
        let dP = sm.load(gpu.tile("dP", head, i, j), line: lines[0])
        let place = gpu.tile("dS", head, i, j)
        let part = sm.delta(p, dP, at: place, weighted: true, line: lines[1])
        sm.update(delta, .addRowSum, [part], elementwise: part.rows, line: lines[1])
        sm.free(p, dP, part, line: lines[1])
      }
      sm.loop(columns, alike: { gpu.kind(head, i, $0).columns }) { j, sm in
        let place = gpu.tile("dS", head, i, j)
        let p = sm.load(gpu.tile("P", head, i, j), line: lines[0])
        let dP = sm.load(gpu.tile("dP", head, i, j), line: lines[0])
        let s =
          gpu.problem.softcap == nil ? nil : sm.load(gpu.tile("S", head, i, j), line: lines[0])
        let bias = gpu.problem.bias == nil ? nil : gpu.tile("bias", head, i, j)
        let dS = sm.scoreGradient(p, dP, delta, s, gpu, at: place, bias: bias, line: lines[2])
        sm.store(dS, to: place, line: lines[3])
        sm.free(p, dP, dS, line: lines[3])
        if let s { sm.free(s, line: lines[3]) }
      }
      sm.free(delta, line: lines[3])
    }.sharing { gpu.isShort(row: $0 % rowBlocks) ? 1 : 0 }
  }

  /// Br, halved until that many whole rows of P, dP and dS (and S and the bias, for a cap) fit in
  /// SRAM; nil if not even one does.
  static func rowsPerBlock(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> Int? {
    var rows = min(mapping.rows, problem.queries)
    let read = 2 + (problem.softcap == nil ? 0 : 1 + (problem.bias == nil ? 0 : 1))
    while rows > 0 {
      let loaded = read * rows * problem.keys * problem.type.bytes
      let computed = rows * (problem.keys + 1) * DataType.fp32.bytes
      let footprint =
        device.registerBytes == 0
        ? Footprint(shared: loaded + computed) : Footprint(shared: loaded, registers: computed)
      if device.fits(footprint) { return rows }
      rows /= 2
    }
    return nil
  }
}

extension Layout {
  /// Whole rows of the bias that plane `plane` sees.
  fileprivate func biasBand(_ plane: Int, _ i: Int, _ height: Int) -> Region {
    band(
      "bias", headPlane(plane, of: tensors[index("bias")].planes, heads: problem.heads), i, height)
  }
}
