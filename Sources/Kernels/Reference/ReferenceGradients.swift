// Exact gradients of attention by the chain rule in fp64, without tiles.

import Machine

/// Exact dQ, dK and dV.
package struct Gradients: Sendable {
  /// Planes × N × d, K/V planes × Nk × d, K/V planes × Nk × dv.
  package var dQ: [Double]
  package var dK: [Double]
  package var dV: [Double]
}

extension Reference {
  private static var rowsAtOnce: Int { 16 }

  /// The gradients of Σ dO∘O with respect to Q, K and V.
  /// - Parameter dO: planes × N × dv, rounded to the problem's format first.
  package func gradients(_ dO: Matrix) -> Gradients {
    let p = problem
    var result = Gradients(
      dQ: [Double](repeating: 0, count: p.planes * p.queries * p.d),
      dK: [Double](repeating: 0, count: p.keyValuePlanes * p.keys * p.d),
      dV: [Double](repeating: 0, count: p.keyValuePlanes * p.keys * p.dv))
    let gradient = dO.values.map { Double(p.type.round($0)) }
    for plane in 0..<p.planes {
      for band in 0..<tileCount(p.queries, Self.rowsAtOnce) {
        let rows = tileRange(band, of: p.queries, by: Self.rowsAtOnce)
        add(GradientBand(self, plane: plane, rows: rows, gradient), to: &result)
      }
    }
    return result
  }

  /// dQ of the rows `rows` of a plane, row by row.
  func queryGradient(_ dO: Matrix, plane: Int, rows: Range<Int>) -> [Double] {
    let gradient = dO.values.map { Double(problem.type.round($0)) }
    return queryGradient(GradientBand(self, plane: plane, rows: rows, gradient))
  }

  /// dQ = dS·K for the rows of a band.
  private func queryGradient(_ band: GradientBand) -> [Double] {
    let (nk, d) = (problem.keys, problem.d)
    let k = keys[problem.keyValuePlane(band.plane)]
    var dQ = [Double](repeating: 0, count: band.rows.count * d)
    for row in 0..<band.rows.count {
      for c in 0..<d {
        var sum = 0.0
        for key in 0..<nk where band.dS[row * nk + key] != 0 {
          sum += band.dS[row * nk + key] * k[c * nk + key]
        }
        dQ[row * d + c] = sum
      }
    }
    return dQ
  }

  private func add(_ band: GradientBand, to result: inout Gradients) {
    let (nk, d, dv) = (problem.keys, problem.d, problem.dv)
    let plane = problem.keyValuePlane(band.plane)
    let dQ = queryGradient(band)
    let start = (band.plane * problem.queries + band.rows.lowerBound) * d
    result.dQ.replaceSubrange(start..<start + dQ.count, with: dQ)
    for (row, query) in band.rows.enumerated() {
      let q = (band.plane * problem.queries + query) * d
      for key in 0..<nk {
        let (dS, weight) = (band.dS[row * nk + key], band.dropped[row * nk + key])
        if dS != 0 {
          for c in 0..<d { result.dK[(plane * nk + key) * d + c] += dS * self.q[q + c] }
        }
        guard weight != 0 else { continue }
        for c in 0..<dv {
          result.dV[(plane * nk + key) * dv + c] += weight * band.dO[row * dv + c]
        }
      }
    }
  }
}

/// Some rows of P and dS, with their rows of dO.
private struct GradientBand {
  let plane: Int
  let rows: Range<Int>
  /// Rows × Nk: the weights after dropout, and the gradient of the product Q·Kᵀ, scale included.
  var dropped: [Double]
  var dS: [Double]
  /// Rows × dv.
  let dO: [Double]

  init(_ reference: Reference, plane: Int, rows: Range<Int>, _ gradient: [Double]) {
    let p = reference.problem
    (self.plane, self.rows) = (plane, rows)
    let logits = reference.logits(plane: plane, rows: rows)
    var weights = logits
    for row in rows.indices {
      let first = (row - rows.startIndex) * p.keys
      _ = reference.softmax(&weights, first..<first + p.keys)
    }
    let start = (plane * p.queries + rows.lowerBound) * p.dv
    dO = Array(gradient[start..<start + rows.count * p.dv])
    (dropped, dS) = (weights, weights)
    var dP = Self.weightGradient(reference, dO, plane, rows)
    if let dropout = p.dropout {
      let place = Region(
        tensor: -1, plane: plane, rows: rows, columns: 0..<p.keys, tileRow: 0, tileColumn: nil)
      dropout.forEachElement(of: place) { index, isKept in
        dropped[index] *= isKept ? dropout.exactScale : 0
        // A dropped weight has gradient 0, even if its dP is NaN.
        dP[index] = isKept ? dP[index] * dropout.exactScale : 0
      }
    }
    setScoreGradient(weights, dP, logits, reference)
  }

  /// dP = dO·Vᵀ.
  private static func weightGradient(
    _ reference: Reference, _ dO: [Double], _ plane: Int, _ rows: Range<Int>
  ) -> [Double] {
    let p = reference.problem
    let v = reference.values[p.keyValuePlane(plane)]
    var transposed = [Double](repeating: 0, count: v.count)
    for key in 0..<p.keys {
      for c in 0..<p.dv { transposed[c * p.keys + key] = v[key * p.dv + c] }
    }
    var dP = [Double](repeating: 0, count: rows.count * p.keys)
    reference.add(
      dO, from: 0, times: transposed, to: &dP, rows: rows.count, depth: p.dv, width: p.keys)
    return dP
  }

  /// dS = scale·P∘(dP − rowsum(P∘dP)), times the softcap's slope; 0 for hidden pairs.
  private mutating func setScoreGradient(
    _ weights: [Double], _ dP: [Double], _ logits: [Double], _ reference: Reference
  ) {
    let p = reference.problem
    for (row, query) in rows.enumerated() {
      let range = row * p.keys..<(row + 1) * p.keys
      let delta = range.reduce(0.0) { weights[$1] == 0 ? $0 : $0 + weights[$1] * dP[$1] }
      for index in range {
        guard weights[index] != 0 else { continue }
        let slope = reference.slope(
          logits[index], plane: plane, row: query, key: index - range.lowerBound)
        dS[index] = p.scale * weights[index] * (dP[index] - delta) * slope
      }
    }
  }
}

extension Reference {
  /// The derivative of the softcap at the pair with this logit; 1 without a softcap.
  fileprivate func slope(_ logit: Double, plane: Int, row: Int, key: Int) -> Double {
    guard let cap = problem.softcap else { return 1 }
    let score = logit - bias(plane, row, key)
    return 1 - (score / cap) * (score / cap)
  }
}
