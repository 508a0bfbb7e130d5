// The softmax launch of standard attention: whole rows of S, Br of them or fewer where SRAM is
// short; and where not even one row fits, two passes over S in tiles.

import Machine

enum Softmax {
  static func launch(_ gpu: Layout, rowsPerBlock: Int?) -> Launch {
    guard let rowsPerBlock else { return inTwoPasses(gpu) }
    let blocks = tileCount(gpu.problem.queries, rowsPerBlock)
    return Launch("softmax", blocks: gpu.problem.planes * blocks) { block, sm in
      let (head, i) = block.quotientAndRemainder(dividingBy: blocks)
      let place = gpu.band("S", head, i, rowsPerBlock)
      let s = sm.load(place, line: 4)
      let m = sm.rowMax(s, at: place, line: 5)
      let p = sm.exp(s, minus: m, at: place, line: 6)
      let l = sm.rowSum(p, as: "l", at: place, line: 7)
      sm.divide(p, byRowsOf: l, line: 8)
      sm.store(p, to: gpu.band("P", head, i, rowsPerBlock), line: 9)
      sm.drawKeepMask(gpu, at: gpu.band("P", head, i, rowsPerBlock), line: 9)
      sm.keep(m, as: gpu.band("m", head, i, rowsPerBlock), line: 9)
      sm.keep(l, as: gpu.band("l", head, i, rowsPerBlock), line: 9)
      sm.free(s, m, p, l, line: 9)
    }
  }

  /// The maximum and the sum of every row first, the weights on a second pass.
  private static func inTwoPasses(_ gpu: Layout) -> Launch {
    let rowBlocks = gpu.rowBlocks
    return Launch("softmax", blocks: gpu.problem.planes * rowBlocks) { block, sm in
      let (head, i) = block.quotientAndRemainder(dividingBy: rowBlocks)
      let row = gpu.rows("m", head, i)
      var m = sm.fill("m", at: row, with: -.infinity, line: 5)
      let l = sm.fill("l", at: row, with: 0, line: 7)
      for j in 0..<gpu.columnBlocks {
        let place = gpu.tile("S", head, i, j)
        let s = sm.load(place, line: 4)
        let newM = sm.rowMax(s, m, at: row, line: 5)
        let p = sm.exp(s, minus: newM, at: place, line: 6)
        let alpha = sm.factor(m, to: newM, as: "alpha", at: row, line: 7)
        sm.rescale(l, by: alpha, addingRowsOf: p, line: 7)
        sm.free(s, p, alpha, m, line: 7)
        m = newM
      }
      for j in 0..<gpu.columnBlocks {
        let place = gpu.tile("S", head, i, j)
        let s = sm.load(place, line: 4)
        let p = sm.exp(s, minus: m, at: place, line: 6)
        sm.divide(p, byRowsOf: l, line: 8)
        sm.store(p, to: gpu.tile("P", head, i, j), line: 9)
        sm.drawKeepMask(gpu, at: gpu.tile("P", head, i, j), line: 9)
        sm.free(s, p, line: 9)
      }
      sm.keep(m, as: row, line: 9)
      sm.keep(l, as: gpu.rows("l", head, i), line: 9)
      sm.free(m, l, line: 9)
    }
  }

  /// Br, halved until that many whole rows of S and P fit in SRAM; nil if not even one does.
  static func rowsPerBlock(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> Int? {
    var rows = min(mapping.rows, problem.queries)
    while rows > 0 {
      let loaded = rows * problem.keys * problem.type.bytes
      let keep = problem.dropout == nil ? 0 : rows * problem.keys * DataType.fp32.bytes
      let computed = rows * (problem.keys + 2) * DataType.fp32.bytes + keep
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
  /// Rows of a matrix in bands of `height`, over its whole width.
  func band(_ name: String, _ plane: Int, _ i: Int, _ height: Int) -> Region {
    let tensor = index(name)
    return Region(
      tensor: tensor, plane: plane, rows: tileRange(i, of: problem.queries, by: height),
      columns: 0..<tensors[tensor].columns, tileRow: i, tileColumn: nil)
  }
}
