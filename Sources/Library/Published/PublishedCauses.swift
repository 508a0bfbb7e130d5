// Why the model is off where it is known: the rows of `Published/causes.csv`.

import Shipped

extension PublishedRow {
  /// Why the model's time for this row is off, where that is known.
  package var cause: String? { Self.causes.first { id.hasPrefix($0.rows) }?.cause }

  /// Beginnings of ids, and the cause for their rows.
  private static let causes: [(rows: String, cause: String)] = {
    let text = String(decoding: Shipped.bytes("Published/causes.csv") ?? [], as: UTF8.self)
    return text.split(whereSeparator: \.isNewline).dropFirst().compactMap { line in
      let cells = separatedFields(line)
      return cells.count == 2 ? (cells[0], cells[1]) : nil
    }
  }()
}
