// The closed forms of the framework's launches: each operation reads and writes its matrices whole.

import Machine

extension EagerAttention {
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
    let (type, n, nk, heads) = (problem.type, problem.queries, problem.keys, problem.planes)
    let (rowBlocks, columnBlocks) = (tileCount(n, mapping.rows), tileCount(nk, mapping.columns))
    let (area, changes) = (heads * n * nk, problem.changesScores)
    let passes = Softmax.rowsPerBlock(problem, mapping, device) == nil ? 2 : 1
    let keys = problem.keyValuePlanes * nk
    var result = [
      TensorTraffic("Q", type, reads: heads * n * problem.d, "N·d"),
      TensorTraffic("K", type, reads: keys * problem.d, "Nk·d"),
      TensorTraffic("V", type, reads: keys * problem.dv, "Nk·dv"),
      TensorTraffic(
        "Qc", type, reads: heads * columnBlocks * n * problem.d, "Tc·N·d",
        writes: heads * n * problem.d, "N·d"),
      TensorTraffic(
        "Kc", type, reads: heads * rowBlocks * nk * problem.d, "Tr·Nk·d",
        writes: keys * problem.d, "Nk·d"),
      TensorTraffic(
        "Vc", type, reads: heads * rowBlocks * nk * problem.dv, "Tr·Nk·dv",
        writes: keys * problem.dv, "Nk·dv"),
      TensorTraffic(
        "S", type, reads: (passes + (changes ? 1 : 0)) * area, times(passes + (changes ? 1 : 0)),
        writes: (changes ? 2 : 1) * area, times(changes ? 2 : 1)),
      TensorTraffic("P", type, reads: area, "N·Nk", writes: area, "N·Nk"),
      TensorTraffic("O", type, writes: heads * n * problem.dv, "N·dv"),
    ]
    if problem.dropout != nil {
      result.append(TensorTraffic("Pd", type, reads: area, "N·Nk", writes: area, "N·Nk"))
      result.append(TensorTraffic("Z", .uint8, writes: area, "N·Nk"))
    }
    if problem.bias != nil { result.append(TensorTraffic("bias", type, reads: area, "N·Nk")) }
    if case .table = problem.maskRule {
      result.append(TensorTraffic("mask", .uint8, reads: area, "N·Nk"))
    }
    return result
  }

  private static func backwardTraffic(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> [TensorTraffic] {
    let (type, n, nk, heads) = (problem.type, problem.queries, problem.keys, problem.planes)
    let (rowBlocks, columnBlocks) = (tileCount(n, mapping.rows), tileCount(nk, mapping.columns))
    let (area, keys) = (heads * n * nk, problem.keyValuePlanes * nk)
    let (drops, isCapped) = (problem.dropout != nil, problem.softcap != nil)
    let passes = StandardAttention.rowsPerBlock(problem, mapping, device) == nil ? 2 : 1
    let changes = problem.maskRule != .none || problem.bias != nil
    let rewrites = changes ? 2 : 1
    let out = heads * n * problem.dv
    var result = [
      TensorTraffic("Q", type, reads: heads * columnBlocks * n * problem.d, "Tc·N·d"),
      TensorTraffic("K", type, reads: heads * rowBlocks * nk * problem.d, "Tr·Nk·d"),
      TensorTraffic("V", type, reads: heads * rowBlocks * nk * problem.dv, "Tr·Nk·dv"),
      TensorTraffic(
        "dO", type, reads: (2 * columnBlocks + 1) * out, "2·Tc·N·dv + N·dv", writes: out, "N·dv"),
      TensorTraffic(
        "P", type, reads: (passes + (drops ? 0 : 1)) * area, times(passes + (drops ? 0 : 1))),
      TensorTraffic(
        "dP", type, reads: (passes + (drops ? 1 : 0)) * area, times(passes + (drops ? 1 : 0)),
        writes: (drops ? 2 : 1) * area, times(drops ? 2 : 1)),
      TensorTraffic(
        "dS", type, reads: (2 + rewrites) * area, times(2 + rewrites),
        writes: (1 + rewrites) * area, times(1 + rewrites)),
    ]
    for (name, size, text) in [
      ("dQ", heads * n * problem.d, "N·d"), ("dK", keys * problem.d, "Nk·d"),
      ("dV", keys * problem.dv, "Nk·dv"),
    ] {
      result.append(TensorTraffic(name, type, reads: size, text, writes: 2 * size, "2·" + text))
    }
    if drops {
      result.append(TensorTraffic("Pd", type, reads: area, "N·Nk"))
      result.append(TensorTraffic("Z", .uint8, reads: area, "N·Nk"))
    }
    if isCapped { result.append(TensorTraffic("S", type, reads: passes * area, times(passes))) }
    if problem.bias != nil {
      result.append(
        TensorTraffic("bias", type, reads: isCapped ? area : 0, isCapped ? "N·Nk" : ""))
    }
    if case .table = problem.maskRule { result.append(TensorTraffic("mask", .uint8)) }
    return result
  }

  private static func times(_ count: Int) -> String { count == 1 ? "N·Nk" : "\(count)·N·Nk" }
}
