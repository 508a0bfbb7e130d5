// The written name of a tile, in event lines, on the screen, in lessons and in commands.

/// The name of a tile: name, row and column of the tiling, as in `S[1,2]`.
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

  /// The name as text: `S[1,2]`, or `K[3]` without a column.
  package var text: String { "\(name)[\(row)\(column.map { ",\($0)" } ?? "")]" }
}

extension TileName {
  /// The name as the papers write it, for the screen: `α[3]` for `alpha[3]`, `l̃[3]` for `l~[3]`.
  package var shown: String {
    var written = self
    written.name = Self.shown(name)
    return written.text
  }

  /// A name without indices in the same form: `α` for `alpha`, `l̃` for `l~`.
  package static func shown(_ name: String) -> String {
    letters[name] ?? (name.hasSuffix("~") ? name.dropLast() + "\u{303}" : name)
  }

  private static let letters = ["alpha": "α", "beta": "β", "gamma": "γ"]

  /// Whether both name the same tile. A missing column counts as column 0, because a tensor with
  /// one column of tiles may be named with or without it.
  package func isSame(as other: TileName) -> Bool {
    name == other.name && row == other.row && (column ?? 0) == (other.column ?? 0)
  }
}
