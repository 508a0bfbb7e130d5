// The traffic of the backward passes, written out a second time: formulas as the papers' algorithms
// have them, and under a mask a count of the tiles that hold a visible pair.

import Kernels
import Machine

extension Elements {
  static func + (a: Elements, b: Elements) -> Elements {
    Elements(reads: a.reads + b.reads, writes: a.writes + b.writes)
  }
}

/// One launch of the textbook kernel's backward pass, with what each tensor moves, in elements.
typealias LaunchElements = (name: String, tensors: [String: Elements])

/// Algorithm 3 of the 2022 paper in five launches; hidden tiles are worked on like any other.
func literalStandardBackward(
  _ p: AttentionProblem, _ mapping: Mapping, softmaxPasses: Int = 1
) -> [LaunchElements] {
  let (n, nk, d, dv) = (p.queries, p.keys, p.d, p.dv)
  let (heads, keyHeads) = (p.batch * p.heads, p.batch * p.keyValueHeads)
  let tr = (n + mapping.rows - 1) / mapping.rows
  let tc = (nk + mapping.columns - 1) / mapping.columns
  let area = heads * n * nk
  var launches: [LaunchElements] = [
    (
      "dV",
      [
        "P": Elements(reads: area), "dO": Elements(reads: heads * tc * n * dv),
        "dV": Elements(writes: keyHeads * nk * dv),
      ]
    ),
    (
      "dP",
      [
        "dO": Elements(reads: heads * tc * n * dv), "V": Elements(reads: heads * tr * nk * dv),
        "dP": Elements(writes: area),
      ]
    ),
    (
      "dS",
      [
        "P": Elements(reads: softmaxPasses * area), "dP": Elements(reads: softmaxPasses * area),
        "dS": Elements(writes: area),
      ]
    ),
    (
      "dQ",
      [
        "dS": Elements(reads: area), "K": Elements(reads: heads * tr * nk * d),
        "dQ": Elements(writes: heads * n * d),
      ]
    ),
    (
      "dK",
      [
        "dS": Elements(reads: area), "Q": Elements(reads: heads * tc * n * d),
        "dK": Elements(writes: keyHeads * nk * d),
      ]
    ),
  ]
  if p.dropout != nil {
    for launch in 0...1 { launches[launch].tensors["Z"] = Elements(reads: area) }
  }
  if p.softcap != nil {
    launches[2].tensors["S"] = Elements(reads: area)
    if p.bias != nil { launches[2].tensors["bias"] = Elements(reads: area) }
  }
  return launches
}

/// What the backward pass of one attention kernel moves, per tensor, in elements.
func literalBackward(
  _ kernel: String, _ p: AttentionProblem, _ mapping: Mapping, softmaxPasses: Int = 1
) -> [String: Elements] {
  if kernel == "standard-attention" {
    return literalStandardBackward(p, mapping, softmaxPasses: softmaxPasses)
      .reduce(into: [:]) { $0.merge($1.tensors, uniquingKeysWith: +) }
  }
  let (n, nk, d, dv) = (p.queries, p.keys, p.d, p.dv)
  let (heads, keyHeads) = (p.batch * p.heads, p.batch * p.keyValueHeads)
  let seen = (0..<heads).map {
    SeenTiles(p, mapping, plane: $0, sees: literalVisibility(p))
  }
  let tc = (nk + mapping.columns - 1) / mapping.columns
  let isOpen = p.maskRule == .none
  // Without a mask: Tc·N, N and Nk.
  let visits = isOpen ? heads * tc * n : seen.map(\.rows).reduce(0, +)
  let rows = isOpen ? heads * n : seen.map(\.someRows).reduce(0, +)
  let keys = isOpen ? keyHeads * nk : sharedKeys(seen, size: p.heads / p.keyValueHeads)
  var result = [
    "Q": Elements(reads: visits * d), "K": Elements(reads: keys * d),
    "V": Elements(reads: keys * dv), "dO": Elements(reads: visits * dv),
    "dK": Elements(writes: keyHeads * nk * d), "dV": Elements(writes: keyHeads * nk * dv),
  ]
  if kernel == "flash-attention" {
    result["l"] = Elements(reads: visits)
    result["m"] = Elements(reads: visits)
    // A row block's first visit starts from zero; one that is never visited is written once.
    result["dQ"] = Elements(
      reads: (visits - rows) * d, writes: (visits + heads * n - rows) * d)
  } else {
    result["L"] = Elements(reads: visits)
    result["dQ"] = Elements(reads: visits * d, writes: visits * d)
  }
  if p.computesDeltaInline {
    result["O"] = Elements(reads: visits * dv)
  } else {
    result["O"] = Elements(reads: heads * n * dv)
    result["dO"]!.reads += heads * n * dv
    result["D"] = Elements(reads: visits, writes: heads * n)
  }
  if p.bias != nil {
    let times = p.softcap == nil ? 1 : 2
    result["bias"] = Elements(reads: times * seen.map(\.area).reduce(0, +))
  }
  if case .table = p.maskRule {
    result["mask"] = Elements(reads: seen.map(\.mixedArea).reduce(0, +))
  }
  return result
}

/// Rows of K in column blocks that any of the `size` heads sharing them sees.
private func sharedKeys(_ seen: [SeenTiles], size: Int) -> Int {
  stride(from: 0, to: seen.count, by: size).map { first in
    let tiles = seen[first..<first + size].flatMap(\.tiles)
    return Dictionary(tiles.map { ($0.column, $0.columns) }) { a, _ in a }.values.reduce(0, +)
  }.reduce(0, +)
}

/// Forward and backward as the problem's pass has them, in bytes; what never moves left out.
func literalBytes(
  _ kernel: String, _ p: AttentionProblem, _ mapping: Mapping, softmaxPasses: Int = 1,
  gradientPasses: Int = 1
) -> [String: Transfers] {
  var elements: [String: Elements] = [:]
  if p.pass != .backward {
    elements = literalTraffic(kernel, p, mapping, softmaxPasses: softmaxPasses)
    if p.dropout != nil, kernel == "standard-attention" {
      let area = p.batch * p.heads * p.queries * p.keys
      elements["Z"] = Elements(reads: area, writes: area)
    }
  }
  if p.pass != .forward {
    let backward = literalBackward(kernel, p, mapping, softmaxPasses: gradientPasses)
    elements.merge(backward, uniquingKeysWith: +)
  }
  var bytes: [String: Transfers] = [:]
  for (name, moved) in elements where moved != Elements() {
    let width = literalWidth(name, p.type)
    bytes[name] = Transfers(readBytes: moved.reads * width, writeBytes: moved.writes * width)
  }
  return bytes
}

/// Bytes of an element: statistics are fp32, masks bytes.
func literalWidth(_ tensor: String, _ type: DataType) -> Int {
  ["m", "l", "L", "D"].contains(tensor) ? 4 : ["mask", "Z"].contains(tensor) ? 1 : type.bytes
}
