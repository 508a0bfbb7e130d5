// Attention and its gradients in double precision, written from the formula alone, one query–key pair
// after the other: a pair that is hidden, or whose weight is 0, is left out, whatever stands there.

import Foundation
import Kernels
import Machine

/// A result, and for each entry the sum of its terms' sizes.
struct Sums {
  private(set) var values: [Double]
  private var sizes: [Double]

  init(count: Int) {
    values = [Double](repeating: 0, count: count)
    sizes = values
  }

  mutating func add(_ term: Double, at index: Int, size: Double? = nil) {
    values[index] += term
    sizes[index] += size ?? abs(term)
  }

  /// What rounding errors are measured by.
  var scale: Double { sizes.filter(\.isFinite).max() ?? 0 }
}

struct PairByPair {
  private let problem: AttentionProblem
  private let sees: (Int, Int, Int) -> Bool
  private let q: [Double]
  private let k: [Double]
  private let v: [Double]
  private let dO: [Double]?
  private(set) var o: Sums
  private(set) var dQ: Sums
  private(set) var dK: Sums
  private(set) var dV: Sums

  init(_ problem: AttentionProblem, _ inputs: [String: Matrix]) {
    self.problem = problem
    let stored = inputs.mapValues { $0.values.map { Double(problem.type.round($0)) } }
    (q, k, v, dO) = (stored["Q"]!, stored["K"]!, stored["V"]!, stored["dO"])
    sees = literalVisibility(problem)
    o = Sums(count: problem.batch * problem.heads * problem.queries * problem.dv)
    (dQ, dK, dV) = (Sums(count: q.count), Sums(count: k.count), Sums(count: v.count))
    for plane in 0..<problem.batch * problem.heads {
      for query in 0..<problem.queries { add(plane, query) }
    }
  }

  subscript(name: String) -> Sums { name == "O" ? o : name == "dQ" ? dQ : name == "dK" ? dK : dV }

  private struct Pair {
    /// Rows of K and V in all their planes.
    var key: Int
    var capped: Double
    var logit: Double
    var weight = 0.0
    /// 0 for a dropped weight, otherwise what it is multiplied by.
    var kept = 1.0
    var slope = 0.0
    var size = 0.0
  }

  private mutating func add(_ plane: Int, _ query: Int) {
    let row = plane * problem.queries + query
    let pairs = weigh(visible(plane, query))
    for pair in pairs where pair.weight * pair.kept != 0 {
      for c in 0..<problem.dv {
        o.add(pair.weight * pair.kept * v[pair.key * problem.dv + c], at: row * problem.dv + c)
      }
    }
    if let dO { addGradients(pairs.filter { $0.weight != 0 }, row, dO) }
  }

  private func visible(_ plane: Int, _ query: Int) -> [Pair] {
    let p = problem
    let head = plane % p.heads
    let keyPlane = plane / p.heads * p.keyValueHeads + head / (p.heads / p.keyValueHeads)
    var pairs: [Pair] = []
    for key in 0..<p.keys where sees(plane, query, key) {
      let bias = bias(plane, query, key)
      if bias == -.infinity { continue }
      var pair = Pair(key: keyPlane * p.keys + key, capped: 0, logit: 0)
      for c in 0..<p.d {
        pair.capped += q[(plane * p.queries + query) * p.d + c] * k[pair.key * p.d + c]
      }
      pair.capped *= p.scale
      if let cap = p.softcap { pair.capped = cap * tanh(pair.capped / cap) }
      pair.logit = pair.capped + bias
      if let rule = p.dropout {
        pair.kept =
          rule.keeps(plane: plane, row: query, column: key) ? 1 / (1 - rule.probability) : 0
      }
      pairs.append(pair)
    }
    return pairs
  }

  private func weigh(_ visible: [Pair]) -> [Pair] {
    var pairs = visible
    var top = -Double.infinity
    for pair in pairs { top = pair.logit.isNaN || top.isNaN ? .nan : max(top, pair.logit) }
    let sum = pairs.reduce(0) { $0 + exp($1.logit - top) }
    for index in pairs.indices { pairs[index].weight = exp(pairs[index].logit - top) / sum }
    return pairs
  }

  private mutating func addGradients(_ weighed: [Pair], _ row: Int, _ dO: [Double]) {
    let p = problem
    let (pairs, mean) = slopes(weighed, row, dO)
    for pair in pairs {
      let multiplyBySoftcapGradient =
        p.softcap.map { 1 - (pair.capped / $0) * (pair.capped / $0) } ?? 1
      let dS = p.scale * pair.weight * (pair.slope - mean.value) * multiplyBySoftcapGradient
      let size = abs(p.scale) * pair.weight * (pair.size + mean.size)
      for c in 0..<p.d {
        let (query, key) = (row * p.d + c, pair.key * p.d + c)
        dQ.add(dS * k[key], at: query, size: size * abs(k[key]))
        dK.add(dS * q[query], at: key, size: size * abs(q[query]))
      }
      for c in 0..<p.dv where pair.weight * pair.kept != 0 {
        dV.add(pair.weight * pair.kept * dO[row * p.dv + c], at: pair.key * p.dv + c)
      }
    }
  }

  /// What each weight changes, and the mean of it, weighted as the row is.
  private func slopes(
    _ weighed: [Pair], _ row: Int, _ dO: [Double]
  ) -> (pairs: [Pair], mean: (value: Double, size: Double)) {
    var (pairs, mean, size) = (weighed, 0.0, 0.0)
    for index in pairs.indices where pairs[index].kept != 0 {
      for c in 0..<problem.dv {
        let value = v[pairs[index].key * problem.dv + c]
        let term = pairs[index].kept * dO[row * problem.dv + c] * value
        pairs[index].slope += term
        pairs[index].size += abs(term)
      }
      mean += pairs[index].weight * pairs[index].slope
      size += pairs[index].weight * pairs[index].size
    }
    return (pairs, (mean, size))
  }

  private func bias(_ plane: Int, _ query: Int, _ key: Int) -> Double {
    guard let bias = problem.bias else { return 0 }
    let own =
      bias.planes == 1 ? 0 : bias.planes == problem.heads ? plane % problem.heads : plane
    return Double(
      problem.type.round(bias.values[(own * problem.queries + query) * problem.keys + key]))
  }
}
