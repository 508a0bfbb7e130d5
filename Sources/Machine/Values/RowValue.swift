// The value of a formula in one row: for a reader who wants to work a line out by hand.

extension Expression {
  /// The values of the formula in one row of its tiles.
  /// - Parameters:
  ///   - inputs: the row of every tile that the op reads, in its order.
  ///   - old: the row of the written tile before the op.
  package func rowValue(_ inputs: [[Float]], old: [Float]) -> [Float] {
    FormulaValue.of(
      self, inputs.map { TileValues(rows: 1, columns: $0.count, values: $0) },
      into: TileValues(rows: 1, columns: old.count, values: old)
    ).values
  }
}
