// Splits an expression into tokens.

import Library

/// A name, a number, a text or an operator, with the column at which it begins.
struct Token: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    case name(String)
    case number(Double)
    case text(String)
    case sign(String)
    case end
  }

  var kind: Kind
  var column: Int

  /// The token in words for error messages.
  var described: String {
    switch kind {
    case .name(let name): quoted(name)
    case .number(let value): "the number \(Quantity(value).text)"
    case .text(let text): "the text \(quoted(text))"
    case .sign(let sign): quoted(sign)
    case .end: "the end"
    }
  }
}

extension Token {
  private static let signs = [
    "<=", ">=", "==", "!=", "+", "-", "*", "/", "^", "<", ">", "(", ")", "[", "]", ",", ".", "%",
  ]

  /// - Parameter column: the column of the first character, from 1.
  static func tokens(of text: Substring, column: Int) throws(ExpressionError) -> [Token] {
    var rest = text
    var tokens: [Token] = []
    var position = column
    while let first = rest.first {
      if first == "\t" || first == "\n" || first == " " || first.isNonASCIISpace {
        rest = rest.dropFirst()
        position += 1
        continue
      }
      let (kind, length) = try read(rest, at: position)
      tokens.append(Token(kind: kind, column: position))
      rest = rest.dropFirst(length)
      position += length
    }
    return tokens + [Token(kind: .end, column: position)]
  }

  private static func read(
    _ rest: Substring, at column: Int
  ) throws(ExpressionError) -> (Kind, length: Int) {
    let first = rest.first!
    if first.isASCIIDigit || (first == "." && rest.dropFirst().first?.isASCIIDigit == true) {
      return try number(rest, at: column)
    }
    if first.isLetter || first == "_" {
      let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "~" }
      return (.name(String(name)), name.count)
    }
    if first == "\"" {
      let inner = rest.dropFirst().prefix { $0 != "\"" }
      guard inner.endIndex < rest.endIndex else {
        throw ExpressionError(column: column, message: "found a text without a closing quote")
      }
      return (.text(String(inner)), inner.count + 2)
    }
    if let sign = signs.first(where: { rest.hasPrefix($0) }) { return (.sign(sign), sign.count) }
    let likely = ["×": "*", "·": "*", "−": "-", "≤": "<=", "≥": ">=", "≠": "!=", "=": "=="]
    let note = likely[String(first)]
    throw ExpressionError(
      column: column, message: "found \(quoted(String(first))), which means nothing here",
      note: note)
  }

  private static func number(
    _ rest: Substring, at column: Int
  ) throws(ExpressionError) -> (Kind, length: Int) {
    var text = ""
    var length = 0
    for character in rest {
      let isExponentSign = "+-".contains(character) && text.last?.lowercased() == "e"
      guard character.isASCIIDigit || "._eE".contains(character) || isExponentSign else { break }
      // In `2 e` the letter begins no exponent.
      if "eE".contains(character), !beginsExponent(rest.dropFirst(length)) { break }
      text.append(character)
      length += 1
    }
    guard let value = Double(text.replacing("_", with: "")) else {
      throw ExpressionError(column: column, message: "found \(quoted(text)), which is no number")
    }
    return (.number(value), length)
  }

  private static func beginsExponent(_ rest: Substring) -> Bool {
    let next = rest.dropFirst().first
    if let next, "+-".contains(next) { return rest.dropFirst(2).first?.isASCIIDigit == true }
    return next?.isASCIIDigit == true
  }
}
