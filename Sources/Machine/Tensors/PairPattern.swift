// Which pairs of query and key a kernel's own definition lets see each other: one bit for each.

/// A pattern of visible pairs, the same for all heads.
package final class PairPattern: Sendable, Equatable {
  /// Queries.
  package let rows: Int
  /// Keys.
  package let columns: Int
  /// Definition, sizes and mask in one text.
  package let name: String
  private let words: [UInt64]
  private let wordsPerRow: Int

  /// - Parameter row: which keys a query sees.
  package init(_ name: String, rows: Int, columns: Int, row: (Int) -> [Bool]) {
    (self.name, self.rows, self.columns) = (name, rows, columns)
    wordsPerRow = (columns + 63) / 64
    var words: [UInt64] = []
    words.reserveCapacity(rows * wordsPerRow)
    for number in 0..<rows {
      let sees = row(number)
      for start in stride(from: 0, to: columns, by: 64) {
        var word: UInt64 = 0
        for column in start..<min(start + 64, columns) where sees[column] {
          word |= 1 << UInt64(column - start)
        }
        words.append(word)
      }
    }
    self.words = words
  }

  package static func == (a: PairPattern, b: PairPattern) -> Bool {
    a === b
      || (a.name, a.rows, a.columns) == (b.name, b.rows, b.columns) && a.words == b.words
  }

  /// Whether query `row` sees `key`.
  package func isVisible(row: Int, key: Int) -> Bool {
    words[row * wordsPerRow + key / 64] >> UInt64(key % 64) & 1 == 1
  }

  /// How much of the tile `rows` × `columns` is visible.
  func coverage(rows: Range<Int>, columns: Range<Int>) -> Coverage {
    guard !rows.isEmpty, !columns.isEmpty else { return .none }
    let (first, last) = (columns.lowerBound / 64, (columns.upperBound - 1) / 64)
    var (isSomeVisible, isSomeHidden) = (false, false)
    for row in rows {
      for word in first...last {
        var wanted = ~UInt64(0)
        if word == first { wanted &= ~0 << UInt64(columns.lowerBound % 64) }
        if word == last { wanted &= ~0 >> UInt64(63 - (columns.upperBound - 1) % 64) }
        let seen = words[row * wordsPerRow + word] & wanted
        if seen != 0 { isSomeVisible = true }
        if seen != wanted { isSomeHidden = true }
        if isSomeVisible, isSomeHidden { return .some }
      }
    }
    return isSomeVisible ? .all : .none
  }
}
