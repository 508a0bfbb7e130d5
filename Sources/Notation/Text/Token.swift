// The lexer: splits a line into words, numbers and signs.

/// A word, a number, a sign or the end of the line, and where it stands.
struct Token: Equatable {
  enum Kind: Equatable {
    case word(String)
    case number(Double)
    case sign(String)
    case end
  }

  var kind: Kind
  var place: SourcePosition
  /// The token as the text writes it.
  var text: String

  /// The token as a message shows it: `s`, or `the end of the line`.
  var shown: String { kind == .end ? "the end of the line" : text }
}

/// The tokens of a piece of a line, read from left to right.
struct Tokens {
  private var tokens: [Token] = []
  private var next = 0

  /// - Parameter place: where the first character of `text` stands.
  init(_ text: some StringProtocol, at place: SourcePosition) throws(Diagnostic) {
    let characters = Array(text)
    var index = 0
    while index < characters.count {
      let character = characters[index]
      if character == " " || character == "\u{A0}" {
        index += 1
        continue
      }
      let here = SourcePosition(line: place.line, column: place.column + index)
      let (kind, length) = try Self.token(characters[index...], here)
      let text = String(characters[index..<index + length])
      tokens.append(Token(kind: kind, place: here, text: text))
      index += length
    }
    let end = SourcePosition(line: place.line, column: place.column + characters.count)
    tokens.append(Token(kind: .end, place: end, text: ""))
  }

  private static func token(
    _ rest: ArraySlice<Character>, _ place: SourcePosition
  ) throws(Diagnostic) -> (Token.Kind, Int) {
    let first = rest.first!
    if isLetter(first) {
      let word = rest.prefix { isLetter($0) || $0.isNumber || $0 == "'" }
      return (.word(String(word)), word.count)
    }
    if first.isASCII, first.isNumber || first == "." && rest.dropFirst().first?.isNumber == true {
      return try number(rest, place)
    }
    if first == "∞" { return (.word("inf"), 1) }
    if rest.dropFirst().first == "=", "+=<>".contains(first) { return (.sign("\(first)="), 2) }
    let signs: [Character: String] = ["−": "-", "·": "*", "×": "*", "∘": "*", "≤": "<=", "≥": ">="]
    if let sign = signs[first] { return (.sign(sign), 1) }
    guard "+-*/%<>@().,;:=[]⌈⌉√".contains(first) else {
      throw Diagnostic(place, "found “\(first)”, which is no sign of the notation")
    }
    return (.sign(String(first)), 1)
  }

  private static func isLetter(_ character: Character) -> Bool {
    character.isLetter || character == "_"
  }

  private static func number(
    _ rest: ArraySlice<Character>, _ place: SourcePosition
  ) throws(Diagnostic) -> (Token.Kind, Int) {
    var text = String(rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") })
    let tail = rest.dropFirst(text.count)
    if tail.first == "e" || tail.first == "E" {
      let sign = tail.dropFirst().prefix { $0 == "-" || $0 == "+" }.prefix(1)
      let digits = tail.dropFirst(1 + sign.count).prefix { $0.isASCII && $0.isNumber }
      if !digits.isEmpty { text += "e" + String(sign) + String(digits) }
    }
    guard let value = Double(text), Float(value).isFinite else {
      throw Diagnostic(place, "found \(text), which is no number, or more than fp32 holds")
    }
    return (.number(value), text.count)
  }

  // MARK: Reading

  var first: Token { tokens[next] }
  var second: Token { tokens[min(next + 1, tokens.count - 1)] }
  var isAtEnd: Bool { first.kind == .end }

  @discardableResult
  mutating func take() -> Token {
    defer { if next < tokens.count - 1 { next += 1 } }
    return tokens[next]
  }

  /// Takes the sign if it comes next.
  mutating func take(_ sign: String) -> Bool {
    guard first.kind == .sign(sign) else { return false }
    take()
    return true
  }

  /// Takes these words if they come next.
  mutating func take(words: String...) -> Bool {
    for (offset, word) in words.enumerated() {
      guard next + offset < tokens.count, tokens[next + offset].kind == .word(word) else {
        return false
      }
    }
    next += words.count
    return true
  }

  mutating func expect(_ sign: String, _ position: String) throws(Diagnostic) {
    guard take(sign) else {
      throw Diagnostic(first.place, "found \(first.shown); expected “\(sign)” \(position)")
    }
  }

  mutating func word(_ expected: String) throws(Diagnostic) -> (String, SourcePosition) {
    guard case .word(let word) = first.kind else {
      throw Diagnostic(first.place, "found \(first.shown); expected \(expected)")
    }
    return (word, take().place)
  }

  /// - Parameter others: what might have come instead, for the message.
  func expectEnd(or others: String = "") throws(Diagnostic) {
    guard isAtEnd else {
      let expected = others + (others.isEmpty ? "" : " or ") + "the end of the line"
      throw Diagnostic(first.place, "found \(first.shown); expected \(expected)")
    }
  }
}
