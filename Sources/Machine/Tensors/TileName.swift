// How a tile is called: by people, by event lines and by lessons.

/// A tile of a tensor by name and place: `S[1,2]`.
package struct TileName: Sendable, Equatable {
  package var name: String
  package var row: Int
  package var column: Int?

  package init(_ name: String, row: Int, column: Int? = nil) {
    self.name = name
    self.row = row
    self.column = column
  }

  /// Reads `S[1,2]` or `K[3]`; nil for anything else.
  package init?(_ text: String) {
    guard let open = text.firstIndex(of: "["), text.hasSuffix("]"), open > text.startIndex else {
      return nil
    }
    let numbers = text[text.index(after: open)...].dropLast().split(
      separator: ",", omittingEmptySubsequences: false
    ).map { Int($0.filter { $0 != " " }) }
    guard (1...2).contains(numbers.count), let row = numbers[0] else { return nil }
    if numbers.count == 2, numbers[1] == nil { return nil }
    self.init(String(text[..<open]), row: row, column: numbers.count == 2 ? numbers[1] : nil)
  }

  package var text: String { "\(name)[\(row)\(column.map { ",\($0)" } ?? "")]" }
}

extension TileName {
  /// A tensor of one column of tiles may be named with or without the column.
  package func isSame(as other: TileName) -> Bool {
    name == other.name && row == other.row && (column ?? 0) == (other.column ?? 0)
  }
}
