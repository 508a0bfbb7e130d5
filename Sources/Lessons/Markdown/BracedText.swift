// Protects expressions in braces from the Markdown parser: `{a * b}` must not become emphasis. Each
// is replaced with one private-use character before Markdown is parsed, and restored afterwards.

import Library

/// A character with its line and column in the file, from 1.
struct PlacedCharacter: Sendable {
  var character: Character
  var line: Int
  var column: Int

  static func place(_ text: some StringProtocol, line: Int, column: Int) -> [PlacedCharacter] {
    text.enumerated().map { PlacedCharacter(character: $1, line: line, column: column + $0) }
  }
}

/// Markdown in which each expression is one private-use character.
struct BracedText {
  /// An expression in braces that a private-use character stands for.
  struct Braces: Sendable {
    /// The text with its braces; without the closing one where it is missing.
    var text: String
    var line: Int
    var column: Int

    var isClosed: Bool { text.hasSuffix("}") }
    /// The text between the braces.
    var inner: String { String(text.dropFirst().dropLast()) }
  }

  private(set) var lines: [[PlacedCharacter]] = []
  private(set) var braces: [Braces] = []

  /// First private-use character, and how many there are. Lessons must not contain them.
  private static let first: UInt32 = 0xF0000
  static let most = 0xFFFD

  var text: String { lines.map { String($0.map(\.character)) }.joined(separator: "\n") }

  /// The expression that a private-use character stands for; nil for other characters.
  func braces(for scalar: Unicode.Scalar) -> Braces? {
    guard scalar.value >= Self.first else { return nil }
    let index = Int(scalar.value - Self.first)
    return braces.indices.contains(index) ? braces[index] : nil
  }

  /// `text` with the expressions restored.
  func restored(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.value >= Self.first }) else { return text }
    return text.unicodeScalars.map { braces(for: $0)?.text ?? String(Character($0)) }.joined()
  }

  /// The place of the last of `signs` at or before a position. For some elements the parser reports
  /// a column that is too large.
  func place(line: Int, column: Int, after signs: String) -> (line: Int, column: Int) {
    let place = place(line: line, column: column)
    guard lines.indices.contains(line - 1) else { return place }
    let sign = lines[line - 1].last {
      $0.line == place.line && $0.column <= place.column && signs.contains($0.character)
    }
    return sign.map { ($0.line, $0.column) } ?? place
  }

  /// The place in the file of a byte of the text; line and column count from 1.
  func place(line: Int, column: Int) -> (line: Int, column: Int) {
    guard lines.indices.contains(line - 1), let first = lines[line - 1].first else { return (1, 1) }
    var bytes = column - 1
    for placed in lines[line - 1] {
      if bytes <= 0 { return (placed.line, placed.column) }
      bytes -= placed.character.utf8.count
    }
    let last = lines[line - 1].last ?? first
    return (last.line, last.column)
  }
}

extension BracedText {
  /// The text of one part of a lesson's file.
  /// - Parameter isCode: whether a line, by its number in the file, belongs to a code block.
  init(_ part: Outline.Part, isCode: (Int) -> Bool) {
    var paragraph: [PlacedCharacter] = []
    for (index, line) in part.lines.enumerated() {
      let number = part.line + index
      let placed = PlacedCharacter.place(line, line: number, column: 1)
      if isCode(number) || line.allSatisfy(\.isWhitespace) {
        add(paragraph)
        paragraph = []
        lines.append(placed)
      } else {
        if !paragraph.isEmpty {
          paragraph.append(PlacedCharacter(character: "\n", line: number, column: 1))
        }
        paragraph += placed
      }
    }
    add(paragraph)
  }

  /// One line that is never parsed as a heading, a list or another block, whatever it begins with.
  init(line text: [PlacedCharacter]) {
    add(text)
    guard let first = text.first else { return }
    let start = PlacedCharacter(
      character: Character(Self.start), line: first.line, column: first.column)
    lines[0].insert(start, at: 0)
  }

  /// A space character that the parser keeps at the start of a line, where it prevents block
  /// markers.
  static let start: Unicode.Scalar = "\u{1680}"

  /// Adds a paragraph: code spans and expressions end within it.
  private mutating func add(_ text: [PlacedCharacter]) {
    guard !text.isEmpty else { return }
    var line: [PlacedCharacter] = []
    var index = 0
    var unclosed: Set<Int> = []
    while index < text.count {
      let placed = text[index]
      var end = index + 1
      switch placed.character {
      case "\n":
        lines.append(line)
        line = []
        index = end
        continue
      case "\\" where end < text.count && text[end].character != "\n": end += 1
      case "`": end = Self.endOfCode(text, index, &unclosed)
      case "{" where braces.count < Self.most:
        line.append(takeBraces(text, &index, &unclosed))
        continue
      default: break
      }
      for inner in text[index..<end] {
        if inner.character == "\n" {
          lines.append(line)
          line = []
        } else {
          line.append(inner)
        }
      }
      index = end
    }
    lines.append(line)
  }

  /// The index behind the code span that begins at `index`, or behind its backticks where it is not
  /// closed.
  private static func endOfCode(
    _ text: [PlacedCharacter], _ index: Int, _ unclosed: inout Set<Int>
  ) -> Int {
    func run(_ start: Int) -> Int { text[start...].prefix { $0.character == "`" }.count }
    let count = run(index)
    var place = index + count
    // Backticks of this number are not searched for again once none was found: parsing stays
    // linear.
    guard !unclosed.contains(count) else { return place }
    while place < text.count {
      let other = run(place)
      if other == count { return place + count }
      place += max(1, other)
    }
    unclosed.insert(count)
    return index + count
  }

  /// The private-use character for the expression at `index`, which advances behind it.
  private mutating func takeBraces(
    _ text: [PlacedCharacter], _ index: inout Int, _ unclosed: inout Set<Int>
  ) -> PlacedCharacter {
    let open = text[index]
    // In `unclosed`, 0 stands for a missing closing brace: no code span has 0 backticks.
    let close =
      unclosed.contains(0) ? nil : text[index...].firstIndex { $0.character == "}" }
    if close == nil { unclosed.insert(0) }
    let inner = text[index...(close ?? index)].map(\.character)
    let words = String(inner).split(separator: "\n").enumerated().map { place, line in
      place == 0 ? line : line.drop { $0 == " " || $0 == ">" }
    }
    braces.append(
      Braces(text: words.joined(separator: " "), line: open.line, column: open.column))
    index = (close ?? index) + 1
    let scalar = Unicode.Scalar(Self.first + UInt32(braces.count - 1)) ?? " "
    return PlacedCharacter(character: Character(scalar), line: open.line, column: open.column)
  }
}
