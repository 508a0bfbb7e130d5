// Parses the body of a launch line by line; the indent says to which loop or condition a line
// belongs.

/// The parser for the body of one launch.
struct StatementReader {
  private let lines: ArraySlice<SourceLine>
  /// The choices of the kernel's own options, which conditions may test.
  private let choices: Set<String>
  private var next: Int
  /// The deepest nesting of bodies that is accepted.
  private static let mostDepth = 8

  /// - Parameter lines: the lines of the body, without empty ones.
  init(_ lines: ArraySlice<SourceLine>, choices: Set<String>) {
    self.lines = lines
    self.choices = choices
    next = lines.startIndex
  }

  mutating func all() throws(Diagnostic) -> [Statement] {
    guard let first = lines.first else { return [] }
    let body = try self.body(indent: first.indent, depth: 0)
    if next < lines.endIndex {
      let line = lines[next]
      throw Diagnostic(
        line.place, "found an indent of \(line.indent); expected one of \(first.indent), as above")
    }
    return body
  }

  private mutating func body(indent: Int, depth: Int) throws(Diagnostic) -> [Statement] {
    guard depth < Self.mostDepth else {
      throw Diagnostic(lines[next].place, "found loops in loops \(Self.mostDepth) deep")
    }
    var result: [Statement] = []
    while next < lines.endIndex, lines[next].indent >= indent {
      let line = lines[next]
      guard line.indent == indent else {
        throw Diagnostic(
          line.place,
          "found an indent of \(line.indent); expected \(indent), as the other lines of this body"
        )
      }
      next += 1
      var tokens = try Tokens(line.text, at: line.place)
      result += try statements(&tokens, of: line, depth: depth)
    }
    return result
  }

  /// The statements of one line, with the body that it opens.
  private mutating func statements(
    _ tokens: inout Tokens, of line: SourceLine, depth: Int
  ) throws(Diagnostic) -> [Statement] {
    guard depth < Self.mostDepth else {
      throw Diagnostic(line.place, "found conditions in conditions \(Self.mostDepth) deep")
    }
    var result: [Statement] = []
    repeat {
      if tokens.isAtEnd { break }
      let place = tokens.first.place
      if let condition = try ConditionReader.condition(&tokens, choices) {
        if !tokens.isAtEnd { try tokens.expect(":", "behind the condition") }
        let body =
          tokens.isAtEnd
          ? try opened(by: line, depth: depth)
          : try statements(&tokens, of: line, depth: depth + 1)
        result.append(Statement(kind: .when(condition, body), place: place))
        return result
      }
      if let loop = try loop(&tokens) {
        try tokens.expectEnd()
        let body = try opened(by: line, depth: depth)
        result.append(Statement(kind: loop(body), place: place))
        return result
      }
      result += try SimpleStatementReader.read(&tokens)
    } while tokens.take(";")
    try tokens.expectEnd()
    return result
  }

  /// The body that a line opens: the lines below it with a larger indent.
  private mutating func opened(by line: SourceLine, depth: Int) throws(Diagnostic) -> [Statement] {
    guard next < lines.endIndex, lines[next].indent > line.indent else {
      throw Diagnostic(
        line.place, "“\(line.text)” has no body; expected lines below it with a larger indent")
    }
    return try body(indent: lines[next].indent, depth: depth + 1)
  }

  private func loop(_ tokens: inout Tokens) throws(Diagnostic) -> (([Statement]) -> Statement.Kind)?
  {
    if tokens.take(words: "each", "group") {
      let order: GroupOrder =
        tokens.take(words: "in", "turn")
        ? .inTurn : tokens.take(words: "together") ? .together : .free
      try tokens.expectEnd(or: "“in turn”, “together”")
      return { .groups(order, $0) }
    }
    if tokens.take(words: "by") {
      let (role, _) = try tokens.word("a role, as correction")
      return { .by(role, $0) }
    }
    guard tokens.take(words: "for", "each") else { return nil }
    let (variable, place) = try tokens.word("a name for the loop's variable")
    guard !SimpleStatementReader.isReserved(variable) else {
      throw Diagnostic(
        place, "found \(variable), which is no name for a variable: it has a meaning of its own")
    }
    guard tokens.take(words: "of") else {
      throw Diagnostic(tokens.first.place, "found \(tokens.first.shown); expected “of” and an axis")
    }
    let (axis, _) = try tokens.word("an axis")
    var filter = TileFilter.all
    if tokens.take(words: "that") {
      if tokens.take(words: "sees") {
        filter = .seeing(try tokens.word("the variable of the keys").0)
      } else {
        filter = .seenBy(try tokens.word("the variable of the queries, or “sees”").0)
        guard tokens.take(words: "sees") else {
          throw Diagnostic(tokens.first.place, "found \(tokens.first.shown); expected “sees”")
        }
      }
    }
    let part = try part(&tokens)
    return { .loop(variable, axis: axis, filter, part: part, $0) }
  }
}

extension StatementReader {
  /// `in part p`, with or without a comma before it.
  fileprivate func part(_ tokens: inout Tokens) throws(Diagnostic) -> String? {
    let hasComma = tokens.take(",")
    guard tokens.take(words: "in", "part") else {
      guard hasComma else { return nil }
      throw Diagnostic(
        tokens.first.place, "found \(tokens.first.shown); expected “in part” and a variable")
    }
    return try tokens.word("the variable of the parts").0
  }
}

/// The parser for conditions: `with dropout`, `as released`, `after the first`, `first visit`.
enum ConditionReader {
  /// The condition that comes next; nil if something else comes.
  /// - Parameter choices: the choices of the kernel's own options.
  static func condition(
    _ tokens: inout Tokens, _ choices: Set<String> = []
  ) throws(Diagnostic) -> Condition? {
    if tokens.take(words: "with") { return try tested(&tokens, choices, isThere: true) }
    if tokens.take(words: "without") { return try tested(&tokens, choices, isThere: false) }
    if tokens.take(words: "not", "as") { return try tested(&tokens, choices, isThere: false) }
    if tokens.take(words: "as"), !tokens.take(words: "many") {
      return try tested(&tokens, choices, isThere: true)
    }
    if tokens.take(words: "after", "the", "first") { return .loopCarried }
    if tokens.take(words: "first", "visit") { return .visit(isFirst: true) }
    if tokens.take(words: "later", "visits") { return .visit(isFirst: false) }
    return nil
  }

  private static func tested(
    _ tokens: inout Tokens, _ choices: Set<String>, isThere: Bool
  ) throws(Diagnostic) -> Condition {
    var features: [Feature] = []
    var chosen: [String] = []
    repeat {
      let (word, place) = try tokens.word("what a problem may have")
      if choices.contains(word) {
        chosen.append(word)
      } else if let feature = Feature(rawValue: word) {
        features.append(feature)
      } else {
        let names = Feature.allCases.map(\.rawValue) + choices.sorted()
        throw Diagnostic(
          place,
          "found \(word); expected \(listed(names, "or"))\(suggestion(word, among: names))")
      }
      guard features.isEmpty || chosen.isEmpty else {
        throw Diagnostic(
          place, "found \(word); expected features of the problem, or choices, not both")
      }
    } while tokens.take(words: "or")
    return chosen.isEmpty
      ? .features(features, isThere: isThere) : .choices(chosen, isThere: isThere)
  }
}
