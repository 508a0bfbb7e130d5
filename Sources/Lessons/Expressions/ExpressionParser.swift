// Recursive-descent parser of expressions. Precedence, lowest first: or, and, not, comparison, sum,
// product, sign, power.

import Kernels
import Library
import Machine

/// Parses one expression.
struct ExpressionParser {
  private let tokens: [Token]
  private var index = 0
  /// Current depth of parentheses; limited, because each level is a level of recursion.
  private var depth = 0
  private static let deepest = 40
  /// Most tokens of an expression, because a long sum is a deep tree.
  private static let longest = 500

  /// Parses the whole of `text`.
  static func parse(_ text: some StringProtocol, column: Int = 1) throws(ExpressionError)
    -> Expression
  {
    let tokens = try Token.tokens(of: Substring(text), column: column)
    guard tokens.count <= longest else {
      throw ExpressionError(
        column: column,
        message: "found \(tokens.count) words and signs, expected \(longest) at most")
    }
    var parser = ExpressionParser(tokens: tokens)
    let expression = try parser.disjunction()
    guard parser.next.kind == .end else {
      throw parser.unexpected("an operator or the end")
    }
    return expression
  }

  private init(tokens: [Token]) { self.tokens = tokens }

  private var next: Token { tokens[index] }

  private func unexpected(_ expected: String) -> ExpressionError {
    ExpressionError(
      column: next.column, message: "found \(next.described), expected \(expected)")
  }

  private mutating func take(_ sign: String) -> Bool {
    guard next.kind == .sign(sign) else { return false }
    index += 1
    return true
  }

  private mutating func require(_ sign: String) throws(ExpressionError) {
    guard take(sign) else { throw unexpected(quoted(sign)) }
  }

  private mutating func takeWord(_ word: String) -> Bool {
    guard next.kind == .name(word) else { return false }
    index += 1
    return true
  }

  // MARK: Precedence

  private mutating func disjunction() throws(ExpressionError) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.deepest else {
      throw ExpressionError(
        column: next.column, message: "found more than \(Self.deepest) levels of parentheses")
    }
    var left = try conjunction()
    while case let column = next.column, takeWord("or") {
      left = .binary(.or, left, try conjunction(), column: column)
    }
    return left
  }

  private mutating func conjunction() throws(ExpressionError) -> Expression {
    var left = try negation()
    while case let column = next.column, takeWord("and") {
      left = .binary(.and, left, try negation(), column: column)
    }
    return left
  }

  private mutating func negation() throws(ExpressionError) -> Expression {
    let column = next.column
    guard takeWord("not") else { return try comparison() }
    return .unary(.not, try comparison(), column: column)
  }

  private mutating func comparison() throws(ExpressionError) -> Expression {
    let left = try sum()
    let column = next.column
    for sign in [
      Expression.Operator.lessOrEqual, .greaterOrEqual, .equal, .notEqual, .less, .greater,
    ]
    where take(sign.rawValue) {
      return .binary(sign, left, try sum(), column: column)
    }
    return left
  }

  private mutating func sum() throws(ExpressionError) -> Expression {
    var left = try product()
    while true {
      let column = next.column
      if take("+") {
        left = .binary(.add, left, try product(), column: column)
      } else if take("-") {
        left = .binary(.subtract, left, try product(), column: column)
      } else {
        return left
      }
    }
  }

  private mutating func product() throws(ExpressionError) -> Expression {
    var left = try sign()
    while true {
      let column = next.column
      if take("*") {
        left = .binary(.multiply, left, try sign(), column: column)
      } else if take("/") {
        left = .binary(.divide, left, try sign(), column: column)
      } else {
        return left
      }
    }
  }

  private mutating func sign() throws(ExpressionError) -> Expression {
    let column = next.column
    var isNegative = false
    while take("-") { isNegative.toggle() }
    let value = try power()
    return isNegative ? .unary(.subtract, value, column: column) : value
  }

  private mutating func power() throws(ExpressionError) -> Expression {
    let base = try operand()
    let column = next.column
    guard take("^") else { return base }
    let sign = next.column
    guard take("-") else { return .binary(.power, base, try operand(), column: column) }
    return .binary(
      .power, base, .unary(.subtract, try operand(), column: sign), column: column)
  }

  // MARK: Operands

  private mutating func operand() throws(ExpressionError) -> Expression {
    let token = next
    switch token.kind {
    case .number(let value):
      index += 1
      return .number(measured(value))
    case .text(let text):
      index += 1
      return .text(text)
    case .name(let name):
      index += 1
      return .reference(
        Expression.Reference(name: name, parts: try parts(), column: token.column))
    case .sign("("):
      index += 1
      let inner = try disjunction()
      try require(")")
      return inner
    case .sign, .end:
      throw unexpected("a number, a run's figure or a function")
    }
  }

  /// A number with the unit behind it, if there is one: `5%`, `48 KiB`.
  private mutating func measured(_ value: Double) -> Quantity {
    if take("%") { return Quantity(value / 100) }
    guard case .name(let name) = next.kind, let unit = DisplayUnit.named(name),
      !["x", "plain"].contains(unit.name) || ["×", "x", "times"].contains(name)
    else { return Quantity(value) }
    index += 1
    return Quantity(value * unit.size, unit.dimension)
  }

  private mutating func parts() throws(ExpressionError) -> [Expression.Part] {
    var parts: [Expression.Part] = []
    while true {
      let column = next.column
      if take(".") {
        guard case .name(let name) = next.kind else { throw unexpected("a name after the dot") }
        parts.append(.member(name, column: next.column))
        index += 1
      } else if take("[") {
        parts.append(.index(try arguments(until: "]"), column: column))
      } else if take("(") {
        parts.append(.call(try arguments(until: ")"), column: column))
      } else {
        return parts
      }
    }
  }

  private mutating func arguments(until end: String) throws(ExpressionError) -> [Expression] {
    guard !take(end) else { return [] }
    var arguments = [try disjunction()]
    while take(",") { arguments.append(try disjunction()) }
    try require(end)
    return arguments
  }
}
