// What a framework launches backwards: the gradient of each of its operations, one by one, from the
// matrices that the forward pass has kept in HBM.

import Machine

extension EagerAttention {
  static let backward = [
    ListingLine("load P_ij, dO_i", why: "The forward pass has kept all of P in HBM for this."),
    ListingLine("dV_j = dV_j + P_ij^T dO_i", why: "A library product."),
    ListingLine("write dV_j to HBM", why: "Summed over all queries."),
    ListingLine("load dO_i, V_j", why: "Another library product."),
    ListingLine("dP_ij = dO_i V_j^T", why: "How much each weight mattered."),
    ListingLine("write dP_ij to HBM", why: "N x Nk elements."),
    ListingLine("load dP_ij, Z_ij", why: "Read back with what chance said."),
    ListingLine("dP_ij = drop(dP_ij)", why: "Dropped weights have no gradient."),
    ListingLine("write dP_ij to HBM", why: "N x Nk elements once more."),
    ListingLine("load P_i, dP_i", why: "Whole rows of two matrices."),
    ListingLine("dS_i = P_i o (dP_i - rowsum(P_i o dP_i))", why: "The softmax, backwards."),
    ListingLine("write dS_i to HBM", why: "Another N x Nk matrix."),
    ListingLine("load dS_ij", why: "For the mask, and then for the scale, each a launch."),
    ListingLine("dS_ij = mask(dS_ij), then tau dS_ij", why: "A single operation per element."),
    ListingLine("write dS_ij to HBM", why: "Each time all of it."),
    ListingLine("load dS_ij, K_j", why: "A library product."),
    ListingLine("dQ_i = dQ_i + dS_ij K_j", why: "Summed over all keys."),
    ListingLine("write dQ_i to HBM", why: "A result."),
    ListingLine("load dS_ij, Q_i", why: "The last library product reads dS again."),
    ListingLine("dK_j = dK_j + dS_ij^T Q_i", why: "Summed over all queries."),
    ListingLine("write dK_j to HBM", why: "A result."),
    ListingLine(
      "dO, dQ, dK, dV = contiguous(...)",
      why: "Gradients are copied back to the layout of the model."),
  ]

  /// The line of that number in `backward`.
  private static func line(_ number: Int) -> Int { forward.count + number }

  static func gradients(_ gpu: Layout, _ device: Device) -> [Launch] {
    let mapping = gpu.mapping
    var launches = [
      copy("dO", gpu, device),
      sumOverRows("dV", gpu).asLibraryProduct(mapping, device),
      weightGradient(gpu).asLibraryProduct(mapping, device),
    ]
    if gpu.problem.dropout != nil {
      launches.append(dropout(gpu).asElementwise(mapping, device))
    }
    let softmax = StandardAttention.scoreGradient(
      gpu.withScaleOne, device, lines: [line(10), line(11), line(11), line(12)])
    launches.append(softmax.asSoftmax(gpu, device))
    if gpu.problem.maskRule != .none || gpu.problem.bias != nil {
      launches.append(pass("mask", gpu, factor: nil).asElementwise(mapping, device))
    }
    launches.append(
      pass("scale", gpu, factor: gpu.problem.scale)
        .asElementwise(mapping, device, instructions: nil))
    launches.append(queryGradient(gpu).asLibraryProduct(mapping, device))
    launches.append(sumOverRows("dK", gpu).asLibraryProduct(mapping, device))
    return launches + ["dQ", "dK", "dV"].map { copy($0, gpu, device) }
  }

  /// A gradient in the layout of the model: read and written once.
  private static func copy(_ name: String, _ gpu: Layout, _ device: Device) -> Launch {
    Elementwise.perRowBlock("copy \(name)", of: name, gpu) { place, _, _, sm in
      let tile = sm.load(place, line: line(22))
      sm.store(tile, to: place, line: line(22))
      sm.free(tile, line: line(22))
    }.asElementwise(gpu.mapping, device)
  }

  private static func weightGradient(_ gpu: Layout) -> Launch {
    Elementwise.perTile("dP", gpu) { head, i, j, sm in
      let place = gpu.tile("dP", head, i, j)
      let dO = sm.load(gpu.rows("dO", head, i), line: line(4))
      let v = sm.load(gpu.keys("V", head, j), line: line(4))
      let dP = sm.multiply(dO, v, transposing: .right, as: "dP", at: place, line: line(5))
      sm.store(dP, to: place, line: line(6))
      sm.free(dO, v, dP, line: line(6))
    }
  }

  private static func dropout(_ gpu: Layout) -> Launch {
    Elementwise.perTile("drop dP", gpu) { head, i, j, sm in
      let place = gpu.tile("dP", head, i, j)
      let dP = sm.load(place, line: line(7))
      sm.applyKeepMask(to: dP, of: .gradients, gpu, head, i, j, line: line(8))
      sm.store(dP, to: place, line: line(9))
      sm.free(dP, line: line(9))
    }
  }

  /// dS comes in, is multiplied by `factor`, and goes out.
  private static func pass(_ name: String, _ gpu: Layout, factor: Double?) -> Launch {
    Elementwise.perTile(name + " dS", gpu) { head, i, j, sm in
      let place = gpu.tile("dS", head, i, j)
      let dS = sm.load(place, line: line(13))
      let rule = Logits(scale: Float(factor ?? 1), softcap: nil, hasBias: false, masked: nil)
      sm.update(
        dS, .logits(rule), [], elementwise: dS.rows * dS.columns, line: line(14))
      sm.store(dS, to: place, line: line(15))
      sm.free(dS, line: line(15))
    }
  }

  private static func queryGradient(_ gpu: Layout) -> Launch {
    let rowBlocks = gpu.rowBlocks
    return Launch("dQ", blocks: gpu.problem.planes * rowBlocks) { block, sm in
      let (head, i) = block.quotientAndRemainder(dividingBy: rowBlocks)
      let dQ = sm.fill("dQ", at: gpu.rows("dQ", head, i), with: 0, line: line(17))
      let width = { (j: Int) in gpu.kind(head, i, j).columns }
      sm.loop(Array(0..<gpu.columnBlocks), alike: width) { j, sm in
        let place = gpu.tile("dS", head, i, j)
        let dS = sm.load(place, line: line(16))
        let k = sm.load(gpu.keys("K", head, j), line: line(16))
        sm.accumulate(dS, k, weighted: true, onto: dQ, line: line(17))
        sm.free(dS, k, line: line(17))
      }
      sm.store(dQ, to: gpu.rows("dQ", head, i), line: line(18))
      sm.free(dQ, line: line(18))
    }.sharing { gpu.isShort(row: $0 % rowBlocks) ? 1 : 0 }
  }

  /// dV = PᵀdO or dK = dSᵀQ: a column block collects from all row blocks.
  private static func sumOverRows(_ name: String, _ gpu: Layout) -> Launch {
    let columnBlocks = gpu.columnBlocks
    let isValues = name == "dV"
    let weights = isValues ? (gpu.problem.dropout == nil ? "P" : "Pd") : "dS"
    let lines = isValues ? (line(1), line(2), line(3)) : (line(19), line(20), line(21))
    return Launch(name, blocks: gpu.problem.keyValuePlanes * columnBlocks) { block, sm in
      let (plane, j) = block.quotientAndRemainder(dividingBy: columnBlocks)
      let place = gpu.columns(name, plane, j)
      let out = sm.fill(name, at: place, with: 0, line: lines.1)
      for head in gpu.problem.group(ofKeyValuePlane: plane) {
        sm.loop(Array(0..<gpu.rowBlocks), alike: { gpu.kind(head, $0, j).rows }) { i, sm in
          let w = sm.load(gpu.tile(weights, head, i, j), line: lines.0)
          let x = sm.load(gpu.rows(isValues ? "dO" : "Q", head, i), line: lines.0)
          sm.accumulate(w, x, transposing: .left, weighted: true, onto: out, line: lines.1)
          sm.free(w, x, line: lines.1)
        }
      }
      sm.store(out, to: place, line: lines.2)
      sm.free(out, line: lines.2)
    }.sharing { gpu.isShort(column: $0 % columnBlocks) ? 1 : 0 }
  }
}
