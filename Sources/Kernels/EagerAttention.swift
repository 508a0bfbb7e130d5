// What a framework launches for attention that is written out in its own operations: every line a
// kernel of its own, every intermediate matrix a trip to HBM and back.

import Machine

public struct EagerAttention: AttentionKernel {
  public let name = "eager-attention"
  public let title = "a framework's launches: scores, mask, softmax, dropout and values, one by one"
  public let source =
    "PyTorch's operations as measured in Dao et al. 2022 (arXiv 2205.14135), Fig. 1"
  static let forward = [
    ListingLine(
      "Q, K, V = contiguous(Q, tau K, V)",
      why: "Library products want each head's rows side by side, so three copies come first."),
    ListingLine("load Q_i, K_j", why: "A library product: tiles of both operands come in."),
    ListingLine("S_ij = Q_i K_j^T", why: "The scale is in K already."),
    ListingLine("write S_ij to HBM", why: "The next launch knows nothing of this one's chip."),
    ListingLine("load S_ij", why: "Read back for a single operation per element."),
    ListingLine("S_ij = mask(S_ij)", why: "A comparison and a selection, with index arithmetic."),
    ListingLine("write S_ij to HBM", why: "N x Nk elements, changed in one half at most."),
    ListingLine("load S_i from HBM", why: "Whole rows, for the maximum and the sum."),
    ListingLine("P_i = softmax(S_i)", why: "Maximum, exponential, sum and division on chip."),
    ListingLine("write P_i to HBM", why: "Another N x Nk matrix."),
    ListingLine("load P_ij", why: "Read back to drop some of it."),
    ListingLine("P_ij = drop(P_ij), Z_ij", why: "Chance decides, and Z remembers what it said."),
    ListingLine("write P_ij, Z_ij to HBM", why: "Dropped weights and a byte for each."),
    ListingLine("load P_ij, V_j", why: "The second product reads all of P once more."),
    ListingLine("O_i = O_i + P_ij V_j", why: "The weighted mean of the values."),
    ListingLine("write O_i to HBM", why: "The result."),
  ]

  public var listing: [ListingLine] { Self.forward + Self.backward }

  public init() {}

  /// Tiles of the library's products.
  public func launched(_ problem: AttentionProblem, on device: Device) -> Mapping? {
    guard device.service == .fair, problem.type.bytes == 2 else { return nil }
    var mapping = Mapping(rows: 128, columns: 128, depth: 32)
    mapping.warps = 4
    return mapping
  }

  public func program(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> Program {
    var gpu = Layout(problem, mapping)
    if problem.hasForward { for name in ["Q", "K", "V"] { gpu.addCopy(of: name) } }
    if problem.needsScores { gpu.addScores("S", problem.type, problem.storedRole) }
    gpu.addScores("P", problem.type, problem.storedRole)
    if problem.dropout != nil {
      gpu.addScores("Pd", problem.type, problem.storedRole)
      gpu.addScores("Z", .uint8, problem.storedRole)
    }
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
    let problem = gpu.problem
    var launches = ["Q", "K", "V"].map { copy($0, gpu, device) }
    launches.append(scores(gpu).asLibraryProduct(gpu.mapping, device))
    if problem.changesScores { launches.append(mask(gpu).asElementwise(gpu.mapping, device)) }
    let rows = Softmax.rowsPerBlock(problem, gpu.mapping, device)
    launches.append(
      Softmax.launch(
        gpu, rowsPerBlock: rows, drawsKeepMask: false,
        lines: .brief(load: 8, compute: 9, write: 10)
      )
      .asSoftmax(gpu, device))
    if problem.dropout != nil { launches.append(dropout(gpu).asElementwise(gpu.mapping, device)) }
    launches.append(values(gpu).asLibraryProduct(gpu.mapping, device))
    return launches
  }

  private static func copy(_ name: String, _ gpu: Layout, _ device: Device) -> Launch {
    Elementwise.perRowBlock("copy \(name)", of: name, gpu) { place, plane, index, sm in
      let tile = sm.load(place, line: 1)
      if name == "K", gpu.problem.scale != 1 {
        sm.update(
          tile,
          .logits(
            Logits(scale: Float(gpu.problem.scale), softcap: nil, hasBias: false, masked: nil)),
          [], elementwise: tile.rows * tile.columns, line: 1)
      }
      sm.store(tile, to: gpu.copied(place, of: name), line: 1)
      sm.free(tile, line: 1)
    }.asElementwise(gpu.mapping, device)
  }

  private static func scores(_ gpu: Layout) -> Launch {
    Elementwise.perTile("scores", gpu) { head, i, j, sm in
      let place = gpu.tile("S", head, i, j)
      let q = sm.load(gpu.copied(gpu.rows("Q", head, i), of: "Q"), line: 2)
      let k = sm.load(gpu.copied(gpu.keys("K", head, j), of: "K"), line: 2)
      let s = sm.multiply(q, k, transposing: .right, as: "S", at: place, line: 3)
      sm.store(s, to: place, line: 4)
      sm.free(q, k, s, line: 4)
    }
  }

  /// Cap, bias and mask.
  private static func mask(_ gpu: Layout) -> Launch {
    Elementwise.perTile("mask", gpu) { head, i, j, sm in
      let place = gpu.tile("S", head, i, j)
      let s = sm.load(place, line: 5)
      // The framework looks at every element, whatever the mask says of the tile.
      sm.makeLogits(s, gpu, at: place, coverage: gpu.coverageOfAll, scale: 1, line: 6)
      sm.store(s, to: place, line: 7)
      sm.free(s, line: 7)
    }
  }

  private static func dropout(_ gpu: Layout) -> Launch {
    Elementwise.perTile("dropout", gpu) { head, i, j, sm in
      let place = gpu.tile("P", head, i, j)
      let p = sm.load(place, line: 11)
      sm.drop(p, gpu, at: place, line: 12)
      sm.store(p, to: gpu.tile("Pd", head, i, j), line: 13)
      sm.drawKeepMask(gpu, at: place, line: 13)
      sm.free(p, line: 13)
    }
  }

  private static func values(_ gpu: Layout) -> Launch {
    let weights = gpu.problem.dropout == nil ? "P" : "Pd"
    let rowBlocks = gpu.rowBlocks
    return Launch("values", blocks: gpu.problem.planes * rowBlocks) { block, sm in
      let (head, i) = block.quotientAndRemainder(dividingBy: rowBlocks)
      let o = sm.fill("O", at: gpu.rows("O", head, i), with: 0, line: 15)
      let width = { (j: Int) in gpu.kind(head, i, j).columns }
      sm.loop(Array(0..<gpu.columnBlocks), alike: width) { j, sm in
        let p = sm.load(gpu.tile(weights, head, i, j), line: 14)
        let v = sm.load(gpu.copied(gpu.keys("V", head, j), of: "V"), line: 14)
        sm.accumulate(p, v, weighted: true, onto: o, line: 15)
        sm.free(p, v, line: 15)
      }
      sm.store(o, to: gpu.rows("O", head, i), line: 16)
      sm.free(o, line: 16)
    }.sharing { gpu.isShort(row: $0 % rowBlocks) ? 1 : 0 }
  }
}
