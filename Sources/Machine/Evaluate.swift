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
    case .multiply(let transposing, let accumulating, let masked):
      if !accumulating { out.mapInPlace { _ in 0 } }
      multiply(into: &out, transposing, masked: masked)
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
    case .scaleRows: out.mapRows { row, value in value * column(0, row) }
    case .divideRows: divideRows(&out)
    case .updateRows: updateRows(&out)
    case .logSumExp:
      out.setColumn { column(1, $0) == 0 ? -.infinity : column(0, $0) + .log(column(1, $0)) }
    case .convert(let type): out.mapInPlace { type.round($0) }
    case .rowDot(let masked): rowDot(&out, masked)
    case .copy: out.values = inputs[0].values
    case .scoreGradient(let scale, let masked): scoreGradient(&out, scale, masked)
    case .softcapGradient(let cap, let hasBias): softcapGradient(&out, cap, hasBias)
    case .dropout(let rule, let region):
      rule.forEachElement(of: region) { out.values[$0] *= $1 ? rule.keptScale : 0 }
    case .keepMask(let rule, let region):
      rule.forEachElement(of: region) { out.values[$0] = $1 ? 1 : 0 }
    case .applyKeepMask(let rule):
      for index in out.values.indices {
        out.values[index] *= inputs[0].values[index] * rule.keptScale
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

  private func exponential(into out: inout TileValues, guarded: Bool) {
    let scores = inputs[0]
    for row in 0..<out.rows {
      let maximum = column(1, row)
      let subtrahend = guarded && maximum == -.infinity ? 0 : maximum
      for index in row * out.columns..<(row + 1) * out.columns {
        out.values[index] = .exp(scores.values[index] - subtrahend)
      }
    }
  }

  private func divideRows(_ out: inout TileValues) {
    out.mapRows { row, value in column(0, row) == 0 ? 0 : value / column(0, row) }
  }

  /// Inputs: a, l, b, PV, l′. The old O is a mean of weight a·l, the new block of weight b.
  private func updateRows(_ out: inout TileValues) {
    let product = inputs[3]
    for row in 0..<out.rows {
      let divisor = column(4, row)
      let (kept, added) = (column(0, row) * column(1, row), column(2, row))
      for index in 0..<out.columns {
        let sum = kept * out[row, index] + added * product[row, index]
        out[row, index] = divisor == 0 ? 0 : sum / divisor
      }
    }
  }
}

extension Evaluation {
  private func multiply(into out: inout TileValues, _ transposing: Transposed, masked: Region?) {
    let left = transposing == .left ? inputs[0].transposed : inputs[0]
    let right = transposing == .right ? inputs[1].transposed : inputs[1]
    // A hidden weight is 0, and 0 · NaN would leak what the row may not see; a hidden weight of a
    // row that is NaN is NaN, and would leak into the keys that the row may not see.
    let isClean = { right.isFinite && (transposing != .left || left.isFinite) }
    guard let masked, let mask, !isClean() else {
      out.addProduct(left, right)
      return
    }
    addVisibleProduct(left, right, to: &out) { row, k in
      let (query, key) = transposing == .left ? (k, row) : (row, k)
      return mask.isVisible(
        plane: masked.plane, row: masked.rows.lowerBound + query,
        key: masked.columns.lowerBound + key)
    }
  }

  private func addVisibleProduct(
    _ left: TileValues, _ right: TileValues, to out: inout TileValues,
    where isVisible: (Int, Int) -> Bool
  ) {
    for row in 0..<left.rows {
      for k in 0..<left.columns where isVisible(row, k) {
        for column in 0..<out.columns { out[row, column] += left[row, k] * right[k, column] }
      }
    }
  }

  private func applyLogits(_ rule: Logits, to out: inout TileValues) {
    if rule.scale != 1 { out.mapInPlace { $0 * rule.scale } }
    if let cap = rule.softcap { out.mapInPlace { cap * .tanh($0 / cap) } }
    if rule.hasBias { for i in out.values.indices { out.values[i] += inputs[0].values[i] } }
    guard let region = rule.masked, let mask else { return }
    for (row, query) in region.rows.enumerated() {
      for (column, key) in region.columns.enumerated()
      where !mask.isVisible(plane: region.plane, row: query, key: key) {
        out[row, column] = -.infinity
      }
    }
  }
}

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
