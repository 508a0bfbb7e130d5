// The values of the backward pass's own ops, and of dropout.

extension Evaluation {
  /// Inputs: P, dP and D.
  func scoreGradient(_ out: inout TileValues, _ scale: Float, _ masked: Region?) {
    let (weights, gradient, delta) = (inputs[0], inputs[1], inputs[2])
    for row in 0..<out.rows {
      for index in row * out.columns..<(row + 1) * out.columns {
        let excess = gradient.values[index] - delta.values[row]
        out.values[index] = scale * (weights.values[index] * excess)
      }
    }
    guard let masked, let mask, !out.isFinite else { return }
    // 0 · NaN of a pair that does not see each other.
    for (row, query) in masked.rows.enumerated() {
      for (column, key) in masked.columns.enumerated()
      where !mask.isVisible(plane: masked.plane, row: query, key: key) { out[row, column] = 0 }
    }
  }

  /// Inputs: P and dP, or dO and O. A pair that does not see each other is not even multiplied.
  func rowDot(_ out: inout TileValues, _ masked: Region?) {
    out.setColumn { inputs[0].rowDot(inputs[1], $0) }
    guard let masked, let mask, !out.isFinite else { return }
    for (row, query) in masked.rows.enumerated() where !out[row, 0].isFinite {
      var sum: Float = 0
      for (column, key) in masked.columns.enumerated()
      where mask.isVisible(plane: masked.plane, row: query, key: key) {
        sum += inputs[0][row, column] * inputs[1][row, column]
      }
      out[row, 0] = sum
    }
  }

  /// Inputs: S, and the bias if it has one. A hidden score passes nothing on.
  func softcapGradient(_ out: inout TileValues, _ cap: Float, _ hasBias: Bool) {
    for index in out.values.indices {
      let score = inputs[0].values[index] - (hasBias ? inputs[1].values[index] : 0)
      let share = score / cap
      out.values[index] *= score == -.infinity ? 0 : 1 - share * share
    }
  }
}

extension TileValues {
  /// Σ a∘b over one row.
  func rowDot(_ other: TileValues, _ row: Int) -> Float {
    var sum: Float = 0
    for index in row * columns..<(row + 1) * columns { sum += values[index] * other.values[index] }
    return sum
  }
}
