// How a tile is called: by people, by event lines and by lessons.

/// A tile of a tensor by name and place: `S[1,2]`.
public struct TileName: Sendable, Equatable {
  public var name: String
  public var row: Int
  public var column: Int?

  public init(_ name: String, row: Int, column: Int? = nil) {
    self.name = name
    self.row = row
    self.column = column
  }

  /// The name of a tile in SRAM.
  public init(_ info: TileInfo) {
    self.init(info.name, row: info.place.tileRow, column: info.place.tileColumn)
  }

  /// Reads `S[1,2]` or `K[3]`; nil for anything else.
  public init?(_ text: String) {
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

  public var text: String { "\(name)[\(row)\(column.map { ",\($0)" } ?? "")]" }
}
