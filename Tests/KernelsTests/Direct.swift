// softmax(mask(softcap(scale · QKᵀ) + bias)) · V, straight from the definition and in Double: a
// second opinion that shares no code with the kernels' own reference.

import Foundation
import Kernels
import Machine

/// One query's exact output and statistics.
struct DirectRow {
  var m = -Double.infinity
  var l = 0.0
  var output: [Double]
  /// Σ |P·v|: what rounding errors are measured by.
  var magnitude: [Double]
}

/// Rows of all planes, one after the other.
func direct(_ p: AttentionProblem, _ inputs: [String: Matrix]) -> [DirectRow] {
  let sees = literalVisibility(p)
  let stored = inputs.mapValues { $0.values.map { Double(p.type.round($0)) } }
  let (q, k, v) = (stored["Q"]!, stored["K"]!, stored["V"]!)
  var rows: [DirectRow] = []
  for plane in 0..<p.batch * p.heads {
    let keyPlane = plane / p.heads * p.keyValueHeads + plane % p.heads * p.keyValueHeads / p.heads
    for i in 0..<p.queries {
      var logits: [(key: Int, value: Double)] = []
      for j in 0..<p.keys where sees(plane, i, j) {
        var x = 0.0
        for c in 0..<p.d {
          x += q[(plane * p.queries + i) * p.d + c] * k[(keyPlane * p.keys + j) * p.d + c]
        }
        x *= p.scale
        if let cap = p.softcap { x = cap * tanh(x / cap) }
        if let bias = p.bias {
          let own = bias.planes == 1 ? 0 : bias.planes == p.heads ? plane % p.heads : plane
          x += Double(p.type.round(bias.values[(own * p.queries + i) * p.keys + j]))
        }
        logits.append((j, x))
      }
      rows.append(row(logits, v, keyPlane * p.keys, p.dv))
    }
  }
  return rows
}

private func row(
  _ logits: [(key: Int, value: Double)], _ v: [Double], _ start: Int, _ dv: Int
) -> DirectRow {
  var row = DirectRow(
    output: [Double](repeating: 0, count: dv), magnitude: [Double](repeating: 0, count: dv))
  for (_, x) in logits where x > row.m || x.isNaN { row.m = x }
  for (_, x) in logits { row.l += exp(x - row.m) }
  for (key, x) in logits {
    for c in 0..<dv {
      let part = exp(x - row.m) / row.l * v[(start + key) * dv + c]
      row.output[c] += part
      row.magnitude[c] += abs(part)
    }
  }
  return row
}

/// The largest |actual − exact| as a fraction of the largest Σ |P·v|; NaN if a number should be one
/// and is not, or the other way round.
func error(of output: Matrix, against rows: [DirectRow]) -> Double {
  let exact = rows.flatMap(\.output)
  var worst = 0.0
  for (a, b) in zip(output.values, exact) {
    guard Double(a) != b, !(a.isNaN && b.isNaN) else { continue }
    guard a.isFinite, b.isFinite else { return .nan }
    worst = max(worst, abs(Double(a) - b))
  }
  let scale = rows.flatMap(\.magnitude).filter(\.isFinite).max() ?? 0
  return scale == 0 ? worst : worst / scale
}
