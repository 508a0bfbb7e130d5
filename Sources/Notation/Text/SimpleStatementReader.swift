// Parses statements without a body: load, store, add, keep, free, assignments.

enum SimpleStatementReader {
  /// Words with a meaning of their own, which no tile and no loop variable may have as a name.
  static let reserved: Set<String> = [
    "load", "store", "add", "keep", "free", "for", "each", "with", "without", "as", "after", "not",
    "or", "and", "that", "sees", "by", "inf", "scale", "dropout",
  ]

  static func isReserved(_ name: String) -> Bool {
    reserved.contains(name) || Functions.all.contains { $0.name == name }
  }

  private static let verbs = ["load", "store", "add", "keep", "free"]

  static func read(_ tokens: inout Tokens) throws(Diagnostic) -> [Statement] {
    let first = tokens.first
    guard case .word(let word) = first.kind else {
      throw Diagnostic(first.place, "found \(first.shown); expected a statement")
    }
    // A word with a name after it can only be a misspelt verb.
    if case .word = tokens.second.kind, !verbs.contains(word) {
      throw Diagnostic(
        first.place,
        "found “\(word) \(tokens.second.text)”; expected a statement: \(listed(verbs, "or")), for each, "
          + "or a name and “=”"
          + (word == "for" ? "; did you mean for each?" : suggestion(word, among: verbs + ["for"])))
    }
    switch word {
    case "load": return try loads(&tokens)
    case "store":
      return try items(&tokens, sign: "=") { .store($0, $1) }
    case "keep":
      return try items(&tokens, sign: "=") { .keep($0, $1) }
    case "add":
      return try items(&tokens, sign: "+=") { .add($0, $1) }
    case "free": return try frees(&tokens)
    default: return [try assignment(&tokens)]
    }
  }

  /// `load a = K[j], o = O[i] or 0`
  private static func loads(_ tokens: inout Tokens) throws(Diagnostic) -> [Statement] {
    tokens.take()
    var result: [Statement] = []
    var modifiers = Modifiers()
    repeat {
      if let more = modifier(&tokens) {
        modifiers.insert(more)
        continue
      }
      let (name, place) = try tileName(&tokens)
      try tokens.expect("=", "behind the tile's name")
      let reference = try self.reference(&tokens)
      let start = tokens.take(words: "or") ? try number(&tokens) : nil
      result.append(
        Statement(kind: .load(name, reference, or: start, []), place: place))
    } while tokens.take(",")
    return result.map { statement in
      guard case .load(let name, let reference, let start, _) = statement.kind else {
        return statement
      }
      return Statement(kind: .load(name, reference, or: start, modifiers), place: statement.place)
    }
  }

  private static func number(_ tokens: inout Tokens) throws(Diagnostic) -> Float {
    var reader = TermReader(tokens)
    let term = try reader.term()
    tokens = reader.tokens
    guard case .number(let value, _) = term else {
      throw Diagnostic(term.place, "found a formula behind “or”; expected a number, as 0 or -inf")
    }
    return value
  }

  /// `store O[i] = o, L[i] = L`
  private static func items(
    _ tokens: inout Tokens, sign: String, _ kind: (Reference, Term) -> Statement.Kind
  ) throws(Diagnostic) -> [Statement] {
    tokens.take()
    var result: [Statement] = []
    repeat {
      let reference = try self.reference(&tokens)
      try tokens.expect(sign, "behind the place in HBM")
      result.append(Statement(kind: kind(reference, try term(&tokens)), place: reference.place))
    } while tokens.take(",")
    return result
  }

  private static func frees(_ tokens: inout Tokens) throws(Diagnostic) -> [Statement] {
    tokens.take()
    var result: [Statement] = []
    repeat {
      let (name, place) = try tileName(&tokens)
      result.append(Statement(kind: .free(name), place: place))
    } while tokens.take(",")
    return result
  }

  /// `s = scale * q @ k.T, not waited for`
  private static func assignment(_ tokens: inout Tokens) throws(Diagnostic) -> Statement {
    let (name, place) = try tileName(&tokens)
    if tokens.first.kind == .sign("[") {
      throw Diagnostic(
        place, "found \(name)[ on the left; \(name) in HBM is written with “store \(name)[…] = …”")
    }
    try tokens.expect("=", "behind \(name)")
    let term = try term(&tokens)
    var modifiers = Modifiers()
    while tokens.take(",") {
      guard let more = modifier(&tokens) else {
        let words = Modifiers.words.map { "“\($0.0)”" }
        throw Diagnostic(
          tokens.first.place, "found \(tokens.first.shown); expected \(listed(words, "or"))")
      }
      modifiers.insert(more)
    }
    return Statement(kind: .assign(name, term, modifiers), place: place)
  }

  private static func tileName(_ tokens: inout Tokens) throws(Diagnostic) -> (
    String, SourcePosition
  ) {
    let (name, place) = try tokens.word("a tile's name")
    guard !isReserved(name) else {
      throw Diagnostic(
        place, "found \(name), which is no name for a tile: it has a meaning of its own")
    }
    return (name, place)
  }

  private static func term(_ tokens: inout Tokens) throws(Diagnostic) -> Term {
    var reader = TermReader(tokens)
    let term = try reader.term()
    tokens = reader.tokens
    return term
  }

  /// `S[i,:]`
  private static func reference(_ tokens: inout Tokens) throws(Diagnostic) -> Reference {
    let (tensor, place) = try tokens.word("a tensor in HBM")
    var reference = Reference(tensor: tensor, indices: [], place: place)
    if tokens.take("[") {
      if tokens.first.kind == .word("rows"), case .word(let name) = tokens.second.kind {
        tokens.take()
        tokens.take()
        reference.indices.append(nil)
        reference.gather = .rows(name)
      } else {
        reference.indices.append(try index(&tokens))
        if tokens.take(words: "at") {
          reference.gather = .tile(try tokens.word("a tile of one number").0)
        }
      }
      while tokens.take(",") { reference.indices.append(try index(&tokens)) }
      try tokens.expect("]", "behind the tile's place")
    }
    return reference
  }

  private static func index(_ tokens: inout Tokens) throws(Diagnostic) -> String? {
    tokens.take(":") ? nil : try tokens.word("a loop's variable, or “:”").0
  }

  private static func modifier(_ tokens: inout Tokens) -> Modifiers? {
    for (text, modifier) in Modifiers.words {
      var trial = tokens
      if text.split(separator: " ").allSatisfy({ trial.take(words: String($0)) }) {
        tokens = trial
        return modifier
      }
    }
    return nil
  }
}
