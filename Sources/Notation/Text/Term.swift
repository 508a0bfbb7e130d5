// A term, as `α * o + drop(p) @ v`: its syntax tree and its parser.

/// The expression on the right-hand side of a statement.
indirect enum Term: Equatable, Sendable {
  case number(Float, SourcePosition)
  case name(String, SourcePosition)
  case negative(Term, SourcePosition)
  /// A sign between two terms, element by element; the place is the sign's.
  case binary(Sign, Term, Term, SourcePosition)
  /// `a @ b`
  case product(Term, Term, SourcePosition)
  /// `a.T`
  case transposed(Term, SourcePosition)
  case call(String, [Term], SourcePosition)

  enum Sign: String, Sendable {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"
    case modulo = "%"
    // Comparisons give 1 where they hold and 0 elsewhere.
    case equal = "=="
    case atMost = "<="
    case atLeast = ">="
    case less = "<"
    case greater = ">"
    case and = "and"
    case or = "or"

    static let comparisons: [Sign] = [.equal, .atMost, .atLeast, .less, .greater]
  }

  /// Where the term begins; for a binary operation, where its sign stands.
  var place: SourcePosition {
    switch self {
    case .number(_, let place), .name(_, let place), .negative(_, let place),
      .binary(_, _, _, let place), .product(_, _, let place), .transposed(_, let place),
      .call(_, _, let place):
      place
    }
  }

  /// The terms directly inside.
  var parts: [Term] {
    switch self {
    case .number, .name: []
    case .negative(let a, _), .transposed(let a, _): [a]
    case .binary(_, let a, let b, _), .product(let a, let b, _): [a, b]
    case .call(_, let terms, _): terms
    }
  }

  /// The names in it, in order, with repetitions.
  var names: [(name: String, place: SourcePosition)] {
    if case .name(let name, let place) = self { return [(name, place)] }
    return parts.flatMap(\.names)
  }

  func mentions(_ name: String) -> Bool { names.contains { $0.name == name } }
}

/// Reads terms: `@` binds tighter than `*`, `/` and `%`, those tighter than `+` and `-`, those tighter than
/// comparisons, and `and` tighter than `or`.
struct TermReader {
  var tokens: Tokens
  private var depth = 0
  private var parts = 0
  /// The deepest nesting of brackets, and the largest number of operands, that are accepted.
  private static let mostDepth = 64
  private static let mostParts = 64

  init(_ tokens: Tokens) { self.tokens = tokens }

  mutating func term() throws(Diagnostic) -> Term {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.mostDepth else {
      throw Diagnostic(tokens.first.place, "found brackets in brackets \(Self.mostDepth) deep")
    }
    var left = try conjunction()
    while tokens.first.kind == .word("or") {
      let place = tokens.take().place
      left = .binary(.or, left, try conjunction(), place)
    }
    return left
  }

  private mutating func conjunction() throws(Diagnostic) -> Term {
    var left = try comparison()
    while tokens.first.kind == .word("and") {
      let place = tokens.take().place
      left = .binary(.and, left, try comparison(), place)
    }
    return left
  }

  private mutating func comparison() throws(Diagnostic) -> Term {
    let left = try sum()
    guard let sign = sign(Term.Sign.comparisons.map(\.rawValue)) else { return left }
    return .binary(sign.0, left, try sum(), sign.1)
  }

  private mutating func sum() throws(Diagnostic) -> Term {
    var left = try factor()
    while let sign = sign(["+", "-"]) {
      left = .binary(sign.0, left, try factor(), sign.1)
    }
    return left
  }

  private mutating func factor() throws(Diagnostic) -> Term {
    var left = try matrixProduct()
    while let sign = sign(["*", "/", "%"]) {
      left = .binary(sign.0, left, try matrixProduct(), sign.1)
    }
    return left
  }

  private mutating func matrixProduct() throws(Diagnostic) -> Term {
    var left = try signed()
    while tokens.first.kind == .sign("@") {
      let place = tokens.take().place
      left = .product(left, try signed(), place)
    }
    return left
  }

  private mutating func signed() throws(Diagnostic) -> Term {
    let place = tokens.first.place
    var isNegative = false
    while tokens.take("-") { isNegative.toggle() }
    let term = try postfix()
    guard isNegative else { return term }
    if case .number(let value, _) = term { return .number(-value, place) }
    return .negative(term, place)
  }

  private mutating func postfix() throws(Diagnostic) -> Term {
    var term = try primary()
    while tokens.first.kind == .sign(".") {
      let place = tokens.take().place
      let (word, _) = try tokens.word("T behind the point, for “transposed”")
      guard word == "T" else {
        throw Diagnostic(place, "found .\(word); expected .T, for “transposed”")
      }
      term = .transposed(term, place)
    }
    return term
  }

  private mutating func primary() throws(Diagnostic) -> Term {
    let token = tokens.first
    if token.kind != .sign("(") { parts += 1 }
    guard parts <= Self.mostParts else {
      throw Diagnostic(
        token.place,
        "found a formula of more than \(Self.mostParts) parts; expected several statements")
    }
    switch token.kind {
    case .number(let value):
      tokens.take()
      return .number(Float(value), token.place)
    case .word("inf"):
      tokens.take()
      return .number(.infinity, token.place)
    case .word(let word):
      tokens.take()
      return tokens.first.kind == .sign("(")
        ? .call(word, try arguments(of: word), token.place) : .name(word, token.place)
    case .sign("("):
      tokens.take()
      let term = try term()
      try tokens.expect(")", "behind what is in brackets")
      return term
    default:
      throw Diagnostic(
        token.place, "found \(token.shown); expected a name, a number or a bracket")
    }
  }

  private mutating func arguments(of function: String) throws(Diagnostic) -> [Term] {
    tokens.take()
    var arguments: [Term] = []
    if tokens.take(")") { return arguments }
    repeat { arguments.append(try term()) } while tokens.take(",")
    try tokens.expect(")", "behind what \(function) takes")
    return arguments
  }

  private mutating func sign(_ signs: [String]) -> (Term.Sign, SourcePosition)? {
    guard case .sign(let sign) = tokens.first.kind, signs.contains(sign) else { return nil }
    return (Term.Sign(rawValue: sign)!, tokens.take().place)
  }
}

extension Term {
  /// The term without `.T`, and whether it is transposed (a second `.T` cancels the first).
  var untransposed: (Term, Bool) {
    guard case .transposed(let inner, _) = self else { return (self, false) }
    let (term, isTransposed) = inner.untransposed
    return (term, !isTransposed)
  }
}
