// Why the model is off where it is known: the rows of `Published/causes.csv`.

extension PublishedRow {
  /// Why the model's time for this row is off, where that is known.
  package var cause: String? { Self.causes.first { id.hasPrefix($0.rows) }?.cause }

  /// Beginnings of ids, and the cause for their rows.
  private static let causes: [(rows: String, cause: String)] =
    shippedRows(of: "causes.csv").filter { $0.count == 2 }.map { ($0[0], $0[1]) }
}
