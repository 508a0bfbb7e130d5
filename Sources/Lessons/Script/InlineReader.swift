// One line of prose: emphasis, code, and expressions in braces, which become text.

import Machine

/// A character and where it stands in the file.
struct PlacedCharacter: Sendable {
  var character: Character
  var line: Int
  var column: Int

  static func place(_ text: some StringProtocol, line: Int, column: Int) -> [PlacedCharacter] {
    text.enumerated().map { PlacedCharacter(character: $1, line: line, column: column + $0) }
  }
}

/// Reads the signs inside a paragraph.
struct InlineReader {
  let source: ScriptSource
  /// nil: braces are left as they are.
  let evaluator: Evaluator?

  /// - Parameter depth: how many signs of emphasis it stands in.
  func read(
    _ text: ArraySlice<PlacedCharacter>, _ style: Inline.Style = .plain, depth: Int = 0
  ) throws(Fault) -> [Inline] {
    var result: [Inline] = []
    var index = text.startIndex
    // Where no sign closes the first, none closes the next; looking again and again takes for ever.
    var unclosed: Set<Int> = depth < Self.deepest ? [] : [1, 2]
    while index < text.endIndex {
      let rest = text[index...]
      switch rest[index].character {
      case "\\" where rest.count > 1 && "\\*`{}|".contains(rest[index + 1].character):
        append(String(rest[index + 1].character), style, to: &result)
        index += 2
      case "`":
        index = code(rest, to: &result)
      case "{" where evaluator != nil:
        index = try expression(rest, style, to: &result)
      case "*":
        index = try emphasis(rest, style, depth, &unclosed, to: &result)
      default:
        append(String(rest[index].character), style, to: &result)
        index += 1
      }
    }
    return result
  }

  private func append(_ text: String, _ style: Inline.Style, to result: inout [Inline]) {
    if let last = result.indices.last, result[last].style == style, result[last].figure == nil {
      result[last].text += text
    } else {
      result.append(Inline(text, style))
    }
  }

  /// Nothing inside `code` is a sign. Without a closing sign it is a mere character.
  private func code(_ rest: ArraySlice<PlacedCharacter>, to result: inout [Inline]) -> Int {
    let inner = rest.dropFirst()
    guard let end = inner.firstIndex(where: { $0.character == "`" }) else {
      append("`", .plain, to: &result)
      return rest.startIndex + 1
    }
    result.append(Inline(String(inner[..<end].map(\.character)), .code))
    return end + 1
  }

  /// `*emphasis*` and `**strong**`; a star beside a blank is a star.
  private func emphasis(
    _ rest: ArraySlice<PlacedCharacter>, _ style: Inline.Style, _ depth: Int,
    _ unclosed: inout Set<Int>, to result: inout [Inline]
  ) throws(Fault) -> Int {
    let count = rest.prefix { $0.character == "*" }.count
    let stars = min(count, 2)
    let inner = rest.dropFirst(stars)
    let isOpen = inner.first.map { $0.character != " " } ?? false
    let end = isOpen && !unclosed.contains(stars) ? closing(stars, in: inner) : nil
    guard let end else {
      if isOpen { unclosed.insert(stars) }
      append(String(repeating: "*", count: stars), style, to: &result)
      return rest.startIndex + stars
    }
    result += try read(inner[..<end], stars == 2 ? .strong : .emphasis, depth: depth + 1)
    return end + stars
  }

  /// Emphasis within emphasis within …
  private static let deepest = 4

  private func closing(_ stars: Int, in text: ArraySlice<PlacedCharacter>) -> Int? {
    var index = text.startIndex + 1
    var isInBraces = false
    while index + stars <= text.endIndex {
      let character = text[index].character
      if character == "\\" {
        index += 2
        continue
      }
      if character == "{" || character == "}" { isInBraces = character == "{" }
      let isRun = text[index..<index + stars].allSatisfy { $0.character == "*" }
      if isRun, !isInBraces, text[index - 1].character != " " { return index }
      index += 1
    }
    return nil
  }

  // MARK: Expressions

  private func expression(
    _ rest: ArraySlice<PlacedCharacter>, _ style: Inline.Style, to result: inout [Inline]
  ) throws(Fault) -> Int {
    let open = rest[rest.startIndex]
    let inner = rest.dropFirst()
    guard let end = inner.firstIndex(where: { $0.character == "}" }) else {
      throw source.fault(
        open.line, open.column, "found { without }, expected {EXPRESSION}; a brace itself is \\{")
    }
    let text = String(inner[..<end].map(\.character))
    result.append(try figure(text, line: open.line, column: open.column + 1, style))
    return end + 1
  }

  private func figure(
    _ text: String, line: Int, column: Int, _ style: Inline.Style
  ) throws(Fault) -> Inline {
    do {
      let format = try DisplayFormat(text, column: column)
      let expression = try ExpressionParser.parse(format.expression, column: column)
      guard let evaluator else { preconditionFailure("braces are read only with an evaluator") }
      let value = try evaluator.value(expression)
      return Inline(
        try format.text(value, column: column), style, figure: value.quantity?.value)
    } catch { throw source.fault(line, error) }
  }
}

/// How a figure wants to be shown: `EXPRESSION in KB to 1`.
struct DisplayFormat {
  var expression: String
  var unit: DisplayUnit?
  var digits: Int?

  init(_ text: String, column: Int) throws(ExpressionFault) {
    expression = text
    if let (rest, word) = Self.suffix(" to ", of: expression), let digits = Int(word) {
      guard (0...6).contains(digits) else {
        throw ExpressionFault(column: column, message: "found \(digits) decimals, expected 0 to 6")
      }
      (expression, self.digits) = (rest, digits)
    }
    if let (rest, word) = Self.suffix(" in ", of: expression) {
      guard let unit = DisplayUnit.named(word) else {
        let names = DisplayUnit.all.map(\.name)
        throw ExpressionFault(
          column: column + rest.count + 4,
          message: "found the unit \(quoted(word)); there are \(names.joined(separator: " "))",
          note: nearest(word, in: names))
      }
      (expression, self.unit) = (rest, unit)
    }
  }

  private static func suffix(_ sign: String, of text: String) -> (String, String)? {
    guard let range = text.ranges(of: sign).last else { return nil }
    return (
      String(text[..<range.lowerBound]),
      String(text[range.upperBound...].trimming { $0 == " " })
    )
  }

  func text(_ value: Value, column: Int) throws(ExpressionFault) -> String {
    switch value {
    case .text(let text): return text
    case .flag(let flag): return flag ? "yes" : "no"
    case .quantity(let quantity):
      guard quantity.value.isFinite else {
        throw ExpressionFault(column: column, message: "found \(quantity.text), expected a number")
      }
      return try text(quantity, column)
    case .grid(let grid):
      guard grid.values.count <= 8 else {
        throw ExpressionFault(
          column: column, message: "found \(value.kind), expected one: name a row and a column")
      }
      guard unit == nil, digits == nil else {
        return try grid.values.map { value throws(ExpressionFault) in
          try text(Quantity(value, grid.dimension), column)
        }.joined(separator: ", ")
      }
      // As the tile's view shows them.
      return grid.values.map { short(Float($0)) }.joined(separator: ", ")
    }
  }

  private func text(_ quantity: Quantity, _ column: Int) throws(ExpressionFault) -> String {
    if let unit, unit.name != "plain", unit.dimension != quantity.dimension {
      throw ExpressionFault(
        column: column,
        message: "found \(quantity.dimension.name), which cannot be shown in \(unit.name)")
    }
    return quantity.text(in: unit, digits: digits)
  }
}
