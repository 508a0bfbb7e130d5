// Exact attention by the direct formula in fp64, from the inputs as stored in HBM. Every kernel
// must agree with it, and the screen shows its values beside the running ones.

import Machine
import RealModule

/// Exact attention in fp64, row by row, without tiles.
package struct Reference: Sendable {
  package let problem: AttentionProblem
  let mask: Mask
  private let isMasked: Bool
  private let isPlain: Bool
  let q: [Double]
  /// Per K/V plane, transposed: d × Nk.
  let keys: [[Double]]
  let values: [[Double]]

  /// - Parameters:
  ///   - problem: sizes, mask and format.
  ///   - inputs: Q [planes, N, d], K [kv planes, Nk, d], V [kv planes, Nk, dv]; rounded to the
  ///     problem's format first.
  package init(_ problem: AttentionProblem, inputs: [String: Matrix]) {
    self.problem = problem
    mask = problem.mask
    isMasked = problem.maskRule != .none
    isPlain = !isMasked && problem.softcap == nil && problem.bias == nil
    let round = { (matrix: Matrix) in matrix.values.map { Double(problem.type.round($0)) } }
    q = round(inputs["Q"]!)
    let k = round(inputs["K"]!)
    let v = round(inputs["V"]!)
    let (nk, d, dv) = (problem.keys, problem.d, problem.dv)
    keys = (0..<problem.keyValuePlanes).map { plane in
      var transposed = [Double](repeating: 0, count: nk * d)
      for key in 0..<nk {
        for c in 0..<d { transposed[c * nk + key] = k[(plane * nk + key) * d + c] }
      }
      return transposed
    }
    values = (0..<problem.keyValuePlanes).map { Array(v[$0 * nk * dv..<($0 + 1) * nk * dv]) }
  }

  /// Softmax statistics and output of one query.
  package struct Row: Sendable, Equatable {
    /// Largest visible logit; −∞ if none is visible.
    package var m = -Double.infinity
    /// Σ e^(logit − m).
    package var l = 0.0
    package var output: [Double]

    /// m + ln l; −∞ if no key is visible.
    package var logSumExp: Double { l == 0 ? -.infinity : m + .log(l) }
  }

  /// Logits of one query against `columns`; hidden pairs are −∞.
  package func logits(plane: Int, row: Int, columns: Range<Int>) -> [Double] {
    Array(logits(plane: plane, rows: row..<row + 1)[columns])
  }

  /// Logits of some queries against all keys, row by row.
  func logits(plane: Int, rows: Range<Int>) -> [Double] {
    let (nk, d) = (problem.keys, problem.d)
    var logits = [Double](repeating: 0, count: rows.count * nk)
    add(
      q, from: (plane * problem.queries + rows.lowerBound) * d,
      times: keys[problem.keyValuePlane(plane)], to: &logits, rows: rows.count, depth: d, width: nk)
    for (index, row) in rows.enumerated() {
      for key in 0..<nk {
        logits[index * nk + key] = logit(logits[index * nk + key], plane, row, key)
      }
    }
    return logits
  }

  /// out += left · right, for as many rows of `left` as `out` has.
  func add(
    _ left: [Double], from start: Int, times right: [Double], from offset: Int = 0,
    to out: inout [Double], rows: Int, depth: Int, width: Int
  ) {
    out.withUnsafeMutableBufferPointer { out in
      left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          addProduct(
            out.baseAddress!, left.baseAddress! + start, right.baseAddress! + offset,
            rows: rows, depth: depth, width: width)
        }
      }
    }
  }

  private func logit(_ score: Double, _ plane: Int, _ row: Int, _ key: Int) -> Double {
    if isPlain { return score * problem.scale }
    if isMasked, !mask.isVisible(plane: plane, row: row, key: key) { return -.infinity }
    var x = score * problem.scale
    if let cap = problem.softcap { x = cap * .tanh(x / cap) }
    let bias = bias(plane, row, key)
    return bias == -.infinity ? bias : x + bias
  }

  /// The bias of a pair, rounded to the problem's format; 0 without a bias.
  func bias(_ plane: Int, _ row: Int, _ key: Int) -> Double {
    guard let bias = problem.bias else { return 0 }
    let biasPlane = headPlane(plane, of: bias.planes, heads: problem.heads)
    return Double(problem.type.round(bias[biasPlane, row, key]))
  }

  /// The exact row over the keys `columns`, as if there were no others; nil: over all keys.
  package func row(plane: Int, row: Int, columns: Range<Int>? = nil) -> Row {
    let columns = columns ?? 0..<problem.keys
    let logits = logits(plane: plane, row: row, columns: columns)
    return attend(logits, plane: plane, rows: row..<row + 1, columns: columns)[0]
  }

  /// The exact weights of one query over all keys, before dropout; all 0 if it sees no key.
  package func weights(plane: Int, row: Int) -> [Double] {
    var weights = logits(plane: plane, rows: row..<row + 1)
    _ = softmax(&weights, weights.indices)
    return weights
  }

  /// Exact rows over all keys, faster than one by one.
  func rows(plane: Int, _ rows: Range<Int>) -> [Row] {
    attend(
      logits(plane: plane, rows: rows), plane: plane, rows: rows, columns: 0..<problem.keys)
  }

  private func attend(_ logits: [Double], plane: Int, rows: Range<Int>, columns: Range<Int>)
    -> [Row]
  {
    var weights = logits
    var results = rows.indices.map { index in
      let first = (index - rows.startIndex) * columns.count
      return softmax(&weights, first..<first + columns.count)
    }
    if let dropout = problem.dropout {
      let place = Region(
        tensor: -1, plane: plane, rows: rows, columns: columns, tileRow: 0, tileColumn: nil)
      dropout.forEachElement(of: place) { weights[$0] *= $1 ? dropout.exactScale : 0 }
    }
    var outputs = [Double](repeating: 0, count: rows.count * problem.dv)
    add(
      weights, from: 0, times: values[problem.keyValuePlane(plane)],
      from: columns.lowerBound * problem.dv, to: &outputs, rows: rows.count, depth: columns.count,
      width: problem.dv)
    for index in results.indices where results[index].m != -.infinity {
      let output = Array(outputs[index * problem.dv..<(index + 1) * problem.dv])
      results[index].output =
        output.allSatisfy(\.isFinite)
        ? output : weightedMean(weights[(index * columns.count)...], plane, columns)
    }
    return results
  }

  /// Turns one row of logits into weights in place; a row without visible keys gets all zeros.
  func softmax(_ weights: inout [Double], _ range: Range<Int>) -> Row {
    var result = Row(output: [Double](repeating: 0, count: problem.dv))
    for index in range where weights[index] > result.m || weights[index].isNaN {
      result.m = weights[index]
    }
    for index in range {
      weights[index] = weight(ofLogit: weights[index], result.m)
      result.l += weights[index]
    }
    if result.l != 0 { for index in range where weights[index] != 0 { weights[index] /= result.l } }
    return result
  }

  /// e^(logit − maximum): 0 for a hidden pair even in a row of NaN; NaN if the maximum is +∞.
  private func weight(ofLogit logit: Double, _ maximum: Double) -> Double {
    if logit == -.infinity { return 0 }
    return maximum == .infinity ? .nan : .exp(logit - maximum)
  }

  /// Σ weight · V. A weight of 0 skips its row of V, which may be NaN.
  private func weightedMean(
    _ weights: ArraySlice<Double>, _ plane: Int, _ columns: Range<Int>
  ) -> [Double] {
    let v = values[problem.keyValuePlane(plane)]
    var output = [Double](repeating: 0, count: problem.dv)
    for (weight, key) in zip(weights, columns) where weight != 0 {
      for c in 0..<problem.dv { output[c] += weight * v[key * problem.dv + c] }
    }
    return output
  }
}
