// FlashAttention-2's loop with every step that a fault may spoil in a place of its own: a faulty
// kernel replaces one of them, and all the rest is right. For lessons; nobody should run these.

import Machine

/// FlashAttention-2 with one step taken wrongly. The listing is that of the right kernel, so the
/// fault is found in the values, not in the text.
protocol FaultyFlashAttention2: AttentionKernel {
  /// m before the first tile.
  var firstMaximum: Float { get }
  /// P~ = e^(S − m).
  func weights(_ s: Tile, minus m: Tile, at place: Region, _ sm: inout Block) -> Tile
  /// l ← α·l + rowsum(P~).
  func updateSum(_ l: Tile, by alpha: Tile, addingRowsOf p: Tile, _ sm: inout Block)
  /// O ← diag(α)·O.
  func shrink(_ o: Tile, by alpha: Tile, _ sm: inout Block)
}

/// The steps as they should be.
extension FaultyFlashAttention2 {
  var firstMaximum: Float { -.infinity }

  func weights(_ s: Tile, minus m: Tile, at place: Region, _ sm: inout Block) -> Tile {
    sm.exp(s, minus: m, at: place, line: 6)
  }

  func updateSum(_ l: Tile, by alpha: Tile, addingRowsOf p: Tile, _ sm: inout Block) {
    sm.rescale(l, by: alpha, addingRowsOf: p, line: 8)
  }

  func shrink(_ o: Tile, by alpha: Tile, _ sm: inout Block) {
    sm.rescale(o, by: alpha, line: 9)
  }
}

extension FaultyFlashAttention2 {
  public var title: String { "FlashAttention-2 as somebody wrote it, with one fault" }
  public var source: String { "\(right.source), with a fault" }
  public var listing: [ListingLine] { right.listing }
  public var hasBackwardPass: Bool { false }
  public var hasDropout: Bool { false }
  private var right: FlashAttention2 { FlashAttention2() }

  public func program(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> Program {
    var gpu = Layout(problem, mapping)
    gpu.addOutput()
    gpu.addStatistic("L", role: .output)
    gpu.addStatistic("m", role: .statistic)
    gpu.addStatistic("l", role: .statistic)
    let layout = gpu
    let rowBlocks = gpu.rowBlocks
    return gpu.program([
      Launch("attention", blocks: problem.planes * rowBlocks) { block, sm in
        let (head, i) = block.quotientAndRemainder(dividingBy: rowBlocks)
        rowBlock(i, head, layout, &sm)
      }
    ])
  }

  private func rowBlock(_ i: Int, _ head: Int, _ gpu: Layout, _ sm: inout Block) {
    let row = gpu.rows("m", head, i)
    let columns = gpu.visibleColumns(head, i)
    let q = columns.isEmpty ? nil : sm.load(gpu.rows("Q", head, i), line: 1)
    let o = sm.fill("O", at: gpu.rows("O", head, i), with: 0, line: 2)
    let l = sm.fill("l", at: row, with: 0, line: 2)
    var m = sm.fill("m", at: row, with: firstMaximum, line: 2)
    for j in columns {
      let place = gpu.tile("S", head, i, j)
      let k = sm.load(gpu.keys("K", head, j), line: 3)
      let v = sm.load(gpu.keys("V", head, j), line: 3)
      let coverage = gpu.coverage(head, i, j)
      let s = sm.scores(q!, k, gpu, at: place, coverage: coverage, line: 4)
      let newM = sm.rowMax(s, m, at: row, line: 5)
      let p = weights(s, minus: newM, at: place, &sm)
      let alpha = sm.factor(m, to: newM, as: "alpha", at: row, line: 7)
      updateSum(l, by: alpha, addingRowsOf: p, &sm)
      shrink(o, by: alpha, &sm)
      sm.round(p, to: gpu.problem.type, line: 10)
      sm.accumulate(p, v, weighted: true, onto: o, line: 10)
      sm.free(k, v, s, p, alpha, m, line: 10)
      m = newM
    }
    FlashAttention2.finish(i, head, o, l, m, gpu, &sm)
    if let q { sm.free(q, line: 13) }
  }

  public func traffic(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> [TensorTraffic] {
    right.traffic(problem, mapping, device)
  }
}
