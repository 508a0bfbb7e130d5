// The direct formula in double precision, row by row, from the inputs as they stand in HBM: what
// every kernel must agree with, and the exact values beside the running ones on the screen.

import Machine
import RealModule

/// Exact attention, without tiles and without tricks.
public struct Reference: Sendable {
  public let problem: AttentionProblem
  private let mask: Mask
  private let isMasked: Bool
  private let isPlain: Bool
  private let q: [Double]
  /// Per K/V plane, transposed: d × Nk.
  private let keys: [[Double]]
  private let values: [[Double]]

  /// - Parameter inputs: Q [planes, N, d], K [kv planes, Nk, d], V [kv planes, Nk, dv]; rounded
  ///   to the problem's format first.
  public init(_ problem: AttentionProblem, inputs: [String: Matrix]) {
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
  public struct Row: Sendable, Equatable {
    /// Largest visible logit; −∞ if none is visible.
    public var m = -Double.infinity
    /// Σ e^(logit − m).
    public var l = 0.0
    public var output: [Double]

    /// m + ln l.
    public var logSumExp: Double { l == 0 ? -.infinity : m + .log(l) }
  }

  /// Logits of one query against `columns`; hidden pairs are −∞.
  public func logits(plane: Int, row: Int, columns: Range<Int>) -> [Double] {
    let k = keys[problem.keyValuePlane(plane)]
    let (nk, d) = (problem.keys, problem.d)
    var scores = [Double](repeating: 0, count: nk)
    scores.withUnsafeMutableBufferPointer { scores in
      q.withUnsafeBufferPointer { q in
        k.withUnsafeBufferPointer { k in
          addRow(
            scores.baseAddress!, q.baseAddress! + (plane * problem.queries + row) * d,
            k.baseAddress!, depth: d, width: nk)
        }
      }
    }
    if isPlain { return columns.map { scores[$0] * problem.scale } }
    return columns.map { logit(scores[$0], plane: plane, row: row, key: $0) }
  }

  private func logit(_ score: Double, plane: Int, row: Int, key: Int) -> Double {
    if isMasked, !mask.isVisible(plane: plane, row: row, key: key) { return -.infinity }
    var x = score * problem.scale
    if let cap = problem.softcap { x = cap * .tanh(x / cap) }
    if let bias = problem.bias {
      let biasPlane = headPlane(plane, of: bias.planes, heads: problem.heads)
      x += Double(problem.type.round(bias[biasPlane, row, key]))
    }
    return x
  }

  /// The exact row over the keys `columns`, as if there were no others.
  public func row(plane: Int, row: Int, columns: Range<Int>? = nil) -> Row {
    let columns = columns ?? 0..<problem.keys
    var weights = logits(plane: plane, row: row, columns: columns)
    var result = Row(output: [Double](repeating: 0, count: problem.dv))
    for x in weights where x > result.m || x.isNaN { result.m = x }
    guard result.m != -.infinity else { return result }
    for index in weights.indices {
      // Hidden pairs weigh nothing; they do not even touch V.
      weights[index] = weights[index] == -.infinity ? 0 : .exp(weights[index] - result.m)
      result.l += weights[index]
    }
    for index in weights.indices { weights[index] /= result.l }
    addValues(weights, plane: plane, row: row, columns: columns, to: &result.output)
    return result
  }

  private func addValues(
    _ weights: [Double], plane: Int, row: Int, columns: Range<Int>, to output: inout [Double]
  ) {
    let v = values[problem.keyValuePlane(plane)]
    let dv = problem.dv
    output.withUnsafeMutableBufferPointer { output in
      weights.withUnsafeBufferPointer { weights in
        v.withUnsafeBufferPointer { v in
          addRow(
            output.baseAddress!, weights.baseAddress!, v.baseAddress! + columns.lowerBound * dv,
            depth: columns.count, width: dv)
        }
      }
    }
    guard isMasked, output.contains(where: { !$0.isFinite }) else { return }
    for c in 0..<dv { output[c] = 0 }
    for (index, key) in columns.enumerated()
    where mask.isVisible(plane: plane, row: row, key: key) {
      for c in 0..<dv { output[c] += weights[index] * v[key * dv + c] }
    }
  }
}
