// A closed form of HBM traffic, as `Tc·N·d + (Tc-1)·N`: its parser, and its value as a sum of
// products of sizes.

import Machine

/// A line of `moves`: the elements of one tensor that are read and written. Nil: not stated.
struct Move: Sendable {
  var tensor: String
  var reads: Formula?
  var writes: Formula?
  var condition: Condition?
  var place: SourcePosition
}

/// A sum of products of sizes.
struct Formula: Sendable, Equatable {
  /// Each product of sizes, with its integer coefficient.
  var terms: [Product: Int] = [:]
  /// The formula as the text writes it.
  var text: String

  struct Product: Hashable, Sendable {
    var sizes: [String]
  }
}

extension Formula {
  /// The names of all sizes in it.
  var sizes: Set<String> { Set(terms.keys.flatMap(\.sizes)) }

  static func + (a: Formula, b: Formula) -> Formula {
    Formula(terms: a.terms.merging(b.terms, uniquingKeysWith: +), text: "\(a.text) + \(b.text)")
  }

  private static func sum(_ a: [Product: Int], _ b: [Product: Int], sign: Int) -> [Product: Int] {
    a.merging(b.mapValues { sign * $0 }, uniquingKeysWith: +).filter { $0.value != 0 }
  }

  /// Nil if a coefficient reaches 2⁴⁰ or a product has more than six sizes.
  private static func product(_ a: [Product: Int], _ b: [Product: Int]) -> [Product: Int]? {
    var result: [Product: Int] = [:]
    for (left, times) in a {
      for (right, more) in b {
        let sizes = (left.sizes + right.sizes).sorted()
        let (product, overflows) = times.multipliedReportingOverflow(by: more)
        guard !overflows, abs(product) < 1 << 40, sizes.count <= 6 else { return nil }
        result[Product(sizes: sizes), default: 0] += product
      }
    }
    return result.filter { $0.value != 0 }
  }

  /// Reads a formula. A name that `reads` or `writes` follows ends it: there the next line of
  /// `moves` begins.
  init(_ tokens: inout Tokens) throws(Diagnostic) {
    var reader = Reader(tokens: tokens)
    terms = try reader.sum(depth: 0)
    text = reader.text
    tokens = reader.tokens
  }

  private struct Reader {
    var tokens: Tokens
    var text = ""

    mutating func sum(depth: Int) throws(Diagnostic) -> [Product: Int] {
      guard depth < 32 else {
        throw Diagnostic(tokens.first.place, "found brackets in brackets 32 deep")
      }
      var result = try product(depth: depth)
      while true {
        if take("+", " + ") {
          result = Formula.sum(result, try product(depth: depth), sign: 1)
        } else if take("-", depth > 0 ? "-" : " - ") {
          result = Formula.sum(result, try product(depth: depth), sign: -1)
        } else {
          return result
        }
      }
    }

    /// Factors, with or without a sign between them: `Tc·N`, `2N`.
    private mutating func product(depth: Int) throws(Diagnostic) -> [Product: Int] {
      var result = try factor(depth: depth)
      while take("*", "·") || beginsFactor {
        let place = tokens.first.place
        guard let product = Formula.product(result, try factor(depth: depth)), product.count <= 256
        else {
          throw Diagnostic(
            place,
            "found a formula of too many terms, more than six sizes in one, or too large a number")
        }
        result = product
      }
      return result
    }

    /// Words that end a formula, because they begin something else.
    private static let words: Set = ["reads", "writes", "with", "without", "where", "as", "not"]

    private var beginsFactor: Bool {
      switch tokens.first.kind {
      case .sign("("), .sign("⌈"): true
      case .word(let word):
        !Self.words.contains(word)
          && ![.word("reads"), .word("writes")].contains(tokens.second.kind)
      default: false
      }
    }

    private mutating func factor(depth: Int) throws(Diagnostic) -> [Product: Int] {
      let token = tokens.first
      switch token.kind {
      case .number(let value):
        guard let whole = Int(exactly: value), whole < 1 << 32 else {
          throw Diagnostic(token.place, "found \(token.text); expected a whole number")
        }
        text += tokens.take().text
        return [Product(sizes: []): whole]
      case .word(let name):
        text += tokens.take().text
        return [Product(sizes: [name]): 1]
      case .sign("("):
        take("(", "(")
        let inner = try sum(depth: depth + 1)
        try close(")")
        return inner
      case .sign("⌈"): return try ceiling()
      default:
        throw Diagnostic(
          token.place, "found \(token.shown); expected a size, as N·d or Tc·(N·dv + 2·N)")
      }
    }

    /// `⌈n/bn⌉`: the number of tiles along an axis.
    private mutating func ceiling() throws(Diagnostic) -> [Product: Int] {
      tokens.take()
      let (size, _) = try tokens.word("a size")
      try tokens.expect("/", "between a size and its tile")
      let tile: String
      if case .number = tokens.first.kind {
        tile = tokens.take().text
      } else {
        tile = try tokens.word("the name of a tile's size, or a number").0
      }
      let name = "⌈\(size)/\(tile)⌉"
      text += name
      try tokens.expect("⌉", "behind \(size)/\(tile)")
      return [Product(sizes: [name]): 1]
    }

    @discardableResult
    private mutating func take(_ sign: String, _ shown: String) -> Bool {
      guard tokens.take(sign) else { return false }
      text += shown
      return true
    }

    private mutating func close(_ sign: String) throws(Diagnostic) {
      try tokens.expect(sign, "behind what is in brackets")
      text += sign
    }
  }
}
