// How large a gradient's rounding errors may be: each entry is a sum, and its natural scale is the
// sum of what it would be if nothing cancelled.

import Foundation
import Kernels
import Machine

/// The largest entries of dQ, dK and dV with every product replaced by its absolute value.
func naturalScales(_ p: AttentionProblem, _ inputs: [String: Matrix]) -> [String: Double] {
  let reference = Reference(p, inputs: inputs)
  let stored = inputs.mapValues { $0.values.map { abs(Double(p.type.round($0))) } }
  let (q, k, v, dO) = (stored["Q"]!, stored["K"]!, stored["V"]!, stored["dO"]!)
  var dQ = [Double](repeating: 0, count: q.count)
  var dK = [Double](repeating: 0, count: k.count)
  var dV = [Double](repeating: 0, count: v.count)
  for plane in 0..<p.planes {
    let keyPlane = p.keyValuePlane(plane)
    for row in 0..<p.queries {
      let logits = reference.logits(plane: plane, row: row, columns: 0..<p.keys)
      let top = logits.max()!
      guard top > -.infinity else { continue }
      let powers = logits.map { exp($0 - top) }
      let weights = powers.map { $0 / powers.reduce(0, +) }
      let query = plane * p.queries + row
      let kept = (0..<p.keys).map { key -> Double in
        guard let rule = p.dropout else { return 1 }
        return rule.keeps(plane: plane, row: row, column: key) ? rule.exactScale : 0
      }
      let slopes = (0..<p.keys).map { key -> Double in
        let value = keyPlane * p.keys + key
        return kept[key]
          * (0..<p.dv).map { dO[query * p.dv + $0] * v[value * p.dv + $0] }.reduce(0, +)
      }
      let mean = zip(weights, slopes).map { $0 * $1 }.reduce(0, +)
      for key in 0..<p.keys {
        let dS = abs(p.scale) * weights[key] * (slopes[key] + mean)
        let other = keyPlane * p.keys + key
        for c in 0..<p.d {
          dQ[query * p.d + c] += dS * k[other * p.d + c]
          dK[other * p.d + c] += dS * q[query * p.d + c]
        }
        for c in 0..<p.dv {
          dV[other * p.dv + c] += weights[key] * kept[key] * dO[query * p.dv + c]
        }
      }
    }
  }
  return ["dQ": dQ.max()!, "dK": dK.max()!, "dV": dV.max()!]
}

extension Gradients {
  /// dQ, dK or dV by name.
  subscript(name: String) -> [Double] { name == "dQ" ? dQ : name == "dK" ? dK : dV }
}

/// The largest |actual − exact| of each gradient as a fraction of its natural scale.
func gradientErrors(
  of run: Finished, against exact: Gradients, scales: [String: Double]
) -> [String: Double] {
  var errors: [String: Double] = [:]
  for (name, scale) in scales {
    let deviations = zip(run[name]!.values, exact[name]).map { abs(Double($0) - $1) }
    let worst = deviations.contains { $0.isNaN } ? .nan : deviations.max()!
    errors[name] = scale == 0 ? worst : worst / scale
  }
  return errors
}
