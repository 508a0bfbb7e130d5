// The softmax launch of standard attention: whole rows of S, Br of them or fewer where SRAM is
// short; and where not even one row fits, two passes over S in tiles.

import Machine

/// The lines of a listing that a softmax is at.
struct SoftmaxLines {
  var load: Int
  var maximum: Int
  var exponential: Int
  var sum: Int
  var divide: Int
  var write: Int

  static let textbook = SoftmaxLines(
    load: 4, maximum: 5, exponential: 6, sum: 7, divide: 8, write: 9)

  /// All arithmetic is one line.
  static func brief(load: Int, compute: Int, write: Int) -> SoftmaxLines {
    SoftmaxLines(
      load: load, maximum: compute, exponential: compute, sum: compute, divide: compute,
      write: write)
  }
}

enum Softmax {
  /// - Parameters:
  ///   - drawsKeepMask: dropout's mask is drawn here.
  ///   - first: number of the line that loads S; the other steps have lines of their own where the
  ///     listing goes into detail.
  static func launch(
    _ gpu: Layout, rowsPerBlock: Int?, drawsKeepMask: Bool = true, lines: SoftmaxLines = .textbook
  ) -> Launch {
    guard let rowsPerBlock else { return inTwoPasses(gpu, drawsKeepMask: drawsKeepMask, lines) }
    let blocks = tileCount(gpu.problem.queries, rowsPerBlock)
    return Launch("softmax", blocks: gpu.problem.planes * blocks) { block, sm in
      let (head, i) = block.quotientAndRemainder(dividingBy: blocks)
      let place = gpu.band("S", head, i, rowsPerBlock)
      let s = sm.load(place, line: lines.load)
      let m = sm.rowMax(s, at: place, line: lines.maximum)
      let p = sm.exp(s, minus: m, at: place, line: lines.exponential)
      let l = sm.rowSum(p, as: "l", at: place, line: lines.sum)
      sm.divide(p, byRowsOf: l, line: lines.divide)
      sm.store(p, to: gpu.band("P", head, i, rowsPerBlock), line: lines.write)
      if drawsKeepMask {
        sm.drawKeepMask(gpu, at: gpu.band("P", head, i, rowsPerBlock), line: lines.write)
      }
      sm.keep(m, as: gpu.band("m", head, i, rowsPerBlock), line: lines.write)
      sm.keep(l, as: gpu.band("l", head, i, rowsPerBlock), line: lines.write)
      sm.free(s, m, p, l, line: lines.write)
    }.sharing { $0 % blocks == blocks - 1 ? 1 : 0 }
  }

  /// The maximum and the sum of every row first, the weights on a second pass.
  private static func inTwoPasses(
    _ gpu: Layout, drawsKeepMask: Bool, _ lines: SoftmaxLines
  ) -> Launch {
    let rowBlocks = gpu.rowBlocks
    return Launch("softmax", blocks: gpu.problem.planes * rowBlocks) { block, sm in
      let (head, i) = block.quotientAndRemainder(dividingBy: rowBlocks)
      let row = gpu.rows("m", head, i)
      var m = sm.fill("m", at: row, with: -.infinity, line: lines.maximum)
      let l = sm.fill("l", at: row, with: 0, line: lines.sum)
      let columns = Array(0..<gpu.columnBlocks)
      sm.loop(columns, alike: { gpu.kind(head, i, $0).columns }) { j, sm in
        let place = gpu.tile("S", head, i, j)
        let s = sm.load(place, line: lines.load)
        let newM = sm.rowMax(s, m, at: row, line: lines.maximum)
        let p = sm.exp(s, minus: newM, at: place, line: lines.exponential)
        let alpha = sm.factor(m, to: newM, as: "alpha", at: row, line: lines.sum)
        sm.rescale(l, by: alpha, addingRowsOf: p, line: lines.sum)
        sm.free(s, p, alpha, m, line: lines.sum)
        m = newM
      }
      sm.loop(columns, alike: { gpu.kind(head, i, $0).columns }) { j, sm in
        let place = gpu.tile("S", head, i, j)
        let s = sm.load(place, line: lines.load)
        let p = sm.exp(s, minus: m, at: place, line: lines.exponential)
        sm.divide(p, byRowsOf: l, line: lines.divide)
        sm.store(p, to: gpu.tile("P", head, i, j), line: lines.write)
        if drawsKeepMask { sm.drawKeepMask(gpu, at: gpu.tile("P", head, i, j), line: lines.write) }
        sm.free(s, p, line: lines.write)
      }
      sm.keep(m, as: row, line: lines.write)
      sm.keep(l, as: gpu.rows("l", head, i), line: lines.write)
      sm.free(m, l, line: lines.write)
    }.sharing { gpu.isShort(row: $0 % rowBlocks) ? 1 : 0 }
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
