// Evaluates ops: the values of an op's tile, from the values of its inputs.

import RealModule

/// The inputs of one op, and the mask for ops that apply one.
struct Evaluation {
  let mask: Mask?
  /// The tiles that the op reads, in the order in which the kernel names them.
  let inputs: [TileValues]

  /// The values of the op's tile after `operation`.
  /// - Parameter old: its values before; zeros in the right shape for a new tile.
  func result(_ operation: Operation, into old: consuming TileValues) -> TileValues {
    switch operation {
    case .product(let transposing, let accumulating, let weighted):
      var out = old
      if !accumulating { out.mapInPlace { _ in 0 } }
      multiply(into: &out, transposing, weighted: weighted)
      return out
    case .compute(let expression): return FormulaValue.of(expression, inputs, into: old)
    case .logits(let rule):
      var out = old
      applyLogits(rule, to: &out)
      return out
    case .arrange(let arrangement):
      var out = old
      out.values = inputs[0].values.arranged(arrangement, count: out.rows).map { Float($0) }
      return out
    case .convert(let type):
      var out = old
      out.mapInPlace { type.round($0) }
      return out
    case .random(let rule, let region, let what):
      var out = old
      rule.forEachElement(of: region) { draw(&out.values[$0], what, isKept: $1, rule) }
      return out
    case .load, .store, .add, .free, .keep, .barrier, .part, .sampleMark: return old
    }
  }

  private func draw(_ value: inout Float, _ what: DropoutTarget, isKept: Bool, _ rule: Dropout) {
    let factor = isKept ? rule.keptScale : 0
    switch what {
    case .keepMask: value = isKept ? 1 : 0
    case .weights: value *= factor
    case .gradients: value = weighted(factor, value)
    }
  }
}

extension Evaluation {
  private func multiply(into out: inout TileValues, _ transposing: Transposed, weighted: Bool) {
    let left = transposing == .left ? inputs[0].transposed : inputs[0]
    let right = transposing == .right ? inputs[1].transposed : inputs[1]
    // A weight of 0 must hide NaN, but 0 · NaN is NaN. A plain product is enough where all values
    // are finite.
    if !weighted || right.isFinite {
      out.addProduct(left, right)
    } else {
      addWeighted(left, right, to: &out)
    }
  }

  private func addWeighted(_ left: TileValues, _ right: TileValues, to out: inout TileValues) {
    for row in 0..<left.rows {
      for k in 0..<left.columns where left[row, k] != 0 {
        for column in 0..<out.columns { out[row, column] += left[row, k] * right[k, column] }
      }
    }
  }

  private func applyLogits(_ rule: Logits, to out: inout TileValues) {
    if rule.scale != 1 { out.mapInPlace { $0 * rule.scale } }
    if let cap = rule.softcap { out.mapInPlace { cap * .tanh($0 / cap) } }
    if rule.hasBias { addBias(inputs[0].values, to: &out) }
    guard let region = rule.masked, let mask else { return }
    for (row, query) in region.rows.enumerated() {
      for (column, key) in region.columns.enumerated()
      where !mask.isVisible(plane: region.plane, row: query, key: key) {
        out[row, column] = -.infinity
      }
    }
  }

  /// Adds a bias; one of −∞ hides its pair, whatever the score is.
  private func addBias(_ bias: [Float], to out: inout TileValues) {
    for index in out.values.indices {
      out.values[index] = bias[index] == -.infinity ? -.infinity : out.values[index] + bias[index]
    }
  }
}

/// A value times its weight; a weight of 0 gives 0, even times NaN.
func weighted(_ weight: Float, _ value: Float) -> Float { weight == 0 ? 0 : weight * value }

extension TileValues {
  var isFinite: Bool { values.allSatisfy(\.isFinite) }

  mutating func mapInPlace(_ transform: (Float) -> Float) {
    values.withUnsafeMutableBufferPointer { values in
      for index in values.indices { values[index] = transform(values[index]) }
    }
  }
}

extension Array where Element: BinaryFloatingPoint {
  /// The numbers of the entries as `arrangement` orders them, at most `count`. NaN is larger than any number.
  func arranged(_ arrangement: Arrangement, count: Int) -> [Int] {
    func isLess(_ a: Element, _ b: Element) -> Bool { a < b || !a.isNaN && b.isNaN }
    switch arrangement {
    case .sort:
      return indices.sorted { a, b in
        isLess(self[a], self[b]) || !isLess(self[b], self[a]) && a < b
      }
    case .top:
      return indices.sorted { a, b in
        isLess(self[b], self[a]) || !isLess(self[a], self[b]) && a < b
      }.prefix(count).sorted()
    }
  }
}
