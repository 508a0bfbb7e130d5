// The values of the backward pass's own ops, and of dropout.

extension Evaluation {
  /// Inputs: P, dP and D.
  func scoreGradient(_ out: inout TileValues, _ scale: Float) {
    let (weights, gradient, delta) = (inputs[0], inputs[1], inputs[2])
    for row in 0..<out.rows {
      for index in row * out.columns..<(row + 1) * out.columns {
        let excess = gradient.values[index] - delta.values[row]
        out.values[index] = scale * weighted(weights.values[index], excess)
      }
    }
  }

  /// Inputs: P and dP, or dO and O.
  func rowDot(_ out: inout TileValues, weighted: Bool) {
    out.setColumn { inputs[0].rowDot(inputs[1], $0, weighted: weighted) }
  }

  /// Inputs: S, and the bias if it has one.
  func softcapGradient(_ out: inout TileValues, _ cap: Float, _ hasBias: Bool) {
    for index in out.values.indices {
      let score = inputs[0].values[index] - (hasBias ? inputs[1].values[index] : 0)
      let share = score / cap
      out.values[index] = weighted(out.values[index], 1 - share * share)
    }
  }

  func drop(_ value: inout Float, _ what: Dropped, _ isKept: Bool, _ rule: Dropout) {
    let factor = isKept ? rule.keptScale : 0
    value = what == .gradients ? weighted(factor, value) : factor * value
  }
}

extension TileValues {
  /// Σ a∘b over one row.
  func rowDot(_ other: TileValues, _ row: Int, weighted: Bool) -> Float {
    var sum: Float = 0
    for index in row * columns..<(row + 1) * columns where !weighted || values[index] != 0 {
      sum += values[index] * other.values[index]
    }
    return sum
  }
}
