// What: the value of every op, from the values of its inputs. The formulas are those of the papers;
// the guards for rows that see nothing yet (m = −∞) are those of the released kernels.

import RealModule

/// The values an op reads and changes.
struct Evaluation {
  let mask: Mask?
  /// In the order in which the kernel named them.
  let inputs: [TileValues]

  /// What `operation` leaves in its tile, which held `old` or is new with this shape.
  func result(_ operation: Operation, into old: consuming TileValues) -> TileValues {
    var out = old
    switch operation {
    case .fill(let value): out.mapInPlace { _ in value }
    case .multiply(let transposing, let accumulating, let weighted):
      if !accumulating { out.mapInPlace { _ in 0 } }
      multiply(into: &out, transposing, weighted: weighted)
    case .logits(let rule): applyLogits(rule, to: &out)
    case .rowMax: out.setColumn { inputs[0].rowMaximum($0, atLeast: startOfMaximum($0)) }
    case .exponential(let guarded): exponential(into: &out, guarded: guarded)
    case .rowSum: out.setColumn { inputs[0].rowSum($0) }
    case .maximum: out.setColumn { larger(column(0, $0), column(1, $0)) }
    case .factor: out.setColumn { factor(column(0, $0), column(1, $0)) }
    case .mix:
      out.setColumn { column(0, $0) * column(1, $0) + column(2, $0) * column(3, $0) }
    case .mixRowSum:
      for row in 0..<out.rows {
        out[row, 0] = column(0, row) * out[row, 0] + inputs[1].rowSum(row)
      }
    case .addRowSum: for row in 0..<out.rows { out[row, 0] += inputs[0].rowSum(row) }
    case .scaleRows: out.mapRows { row, value in weighted(column(0, row), value) }
    case .divideRows: divideRows(&out)
    case .updateRows: updateRows(&out)
    case .logSumExp:
      out.setColumn { column(1, $0) == 0 ? -.infinity : column(0, $0) + .log(column(1, $0)) }
    case .convert(let type): out.mapInPlace { type.round($0) }
    case .rowDot(let weighted): rowDot(&out, weighted: weighted)
    case .copy: out.values = inputs[0].values
    case .scoreGradient(let scale): scoreGradient(&out, scale)
    case .softcapGradient(let cap, let hasBias): softcapGradient(&out, cap, hasBias)
    case .dropout(let rule, let region, let what):
      rule.forEachElement(of: region) { drop(&out.values[$0], what, $1, rule) }
    case .keepMask(let rule, let region):
      rule.forEachElement(of: region) { out.values[$0] = $1 ? 1 : 0 }
    case .applyKeepMask(let rule, let what):
      for index in out.values.indices {
        drop(&out.values[index], what, inputs[0].values[index] != 0, rule)
      }
    case .load, .store, .add, .free, .keep, .barrier, .part, .lap, .skip: break
    }
    return out
  }

  private func column(_ input: Int, _ row: Int) -> Float { inputs[input].values[row] }

  private func startOfMaximum(_ row: Int) -> Float {
    inputs.count > 1 ? column(1, row) : -.infinity
  }

  /// NaN wins, as in IEEE 754 maximum: a row that has seen one says so.
  private func larger(_ a: Float, _ b: Float) -> Float { a > b || a.isNaN ? a : b }

  /// e^(old − new); 1 while nothing has been seen, so that 0 stays 0.
  private func factor(_ old: Float, _ new: Float) -> Float {
    new == -.infinity ? 1 : .exp(old - new)
  }

  /// A hidden pair weighs nothing in any row. The others of a row whose maximum is +∞ weigh NaN, since
  /// their sum does.
  private func exponential(into out: inout TileValues, guarded: Bool) {
    let scores = inputs[0]
    for row in 0..<out.rows {
      let maximum = column(1, row)
      for index in row * out.columns..<(row + 1) * out.columns {
        let score = scores.values[index]
        if guarded, score == -.infinity || maximum == .infinity {
          out.values[index] = score == -.infinity ? 0 : .nan
        } else {
          out.values[index] = .exp(score - maximum)
        }
      }
    }
  }

  private func divideRows(_ out: inout TileValues) {
    out.mapRows { row, value in
      value == 0 || column(0, row) == 0 ? 0 : value / column(0, row)
    }
  }

  /// Inputs: a, l, b, PV, l′. The old O is a mean of weight a·l, the new block of weight b.
  private func updateRows(_ out: inout TileValues) {
    let product = inputs[3]
    for row in 0..<out.rows {
      let divisor = column(4, row)
      let (kept, added) = (column(0, row) * column(1, row), column(2, row))
      for index in 0..<out.columns {
        let sum = weighted(kept, out[row, index]) + weighted(added, product[row, index])
        out[row, index] = divisor == 0 ? 0 : sum / divisor
      }
    }
  }
}

extension Evaluation {
  private func multiply(into out: inout TileValues, _ transposing: Transposed, weighted: Bool) {
    let left = transposing == .left ? inputs[0].transposed : inputs[0]
    let right = transposing == .right ? inputs[1].transposed : inputs[1]
    // 0 · NaN would leak what has no weight; where all is finite, 0 times it is 0.
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

  /// A bias of −∞ hides its pair, whatever the score is.
  private func addBias(_ bias: [Float], to out: inout TileValues) {
    for index in out.values.indices {
      out.values[index] = bias[index] == -.infinity ? -.infinity : out.values[index] + bias[index]
    }
  }
}

/// A value times its weight; a weight of 0 lets nothing through, not even NaN.
func weighted(_ weight: Float, _ value: Float) -> Float { weight == 0 ? 0 : weight * value }

extension TileValues {
  var isFinite: Bool { values.allSatisfy(\.isFinite) }

  mutating func mapInPlace(_ transform: (Float) -> Float) {
    values.withUnsafeMutableBufferPointer { values in
      for index in values.indices { values[index] = transform(values[index]) }
    }
  }

  /// Every value from its row number and itself.
  mutating func mapRows(_ transform: (Int, Float) -> Float) {
    values.withUnsafeMutableBufferPointer { values in
      for row in 0..<rows {
        for index in row * columns..<(row + 1) * columns {
          values[index] = transform(row, values[index])
        }
      }
    }
  }

  mutating func setColumn(_ value: (Int) -> Float) {
    for row in 0..<rows { values[row * columns] = value(row) }
  }

  func rowMaximum(_ row: Int, atLeast start: Float) -> Float {
    var result = start
    for index in row * columns..<(row + 1) * columns
    where values[index] > result || values[index].isNaN {
      result = values[index]
    }
    return result
  }

  func rowSum(_ row: Int) -> Float {
    values[row * columns..<(row + 1) * columns].reduce(0, +)
  }
}
