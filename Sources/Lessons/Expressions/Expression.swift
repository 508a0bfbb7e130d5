// Syntax tree of the expressions that a lesson computes from its runs. Each node has its column,
// for error messages.

import Kernels
import Machine

/// A parsed expression.
indirect enum Expression: Sendable {
  case number(Quantity)
  case text(String)
  /// A value of a run, a tile or a function call: `flash.S[0,1](2,3)`, `ratio(a, b)`.
  case reference(Reference)
  case unary(Operator, Expression, column: Int)
  case binary(Operator, Expression, Expression, column: Int)

  enum Operator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case power = "^"
    case less = "<"
    case lessOrEqual = "<="
    case equal = "=="
    case notEqual = "!="
    case greaterOrEqual = ">="
    case greater = ">"
    case and, or, not
  }

  /// A name and the members, indices and arguments that follow it.
  struct Reference: Sendable {
    var name: String
    var parts: [Part]
    var column: Int
  }

  enum Part: Sendable {
    case member(String, column: Int)
    /// Indices of a tile: `[0,1]`.
    case index([Expression], column: Int)
    /// Arguments of a function, or row and column in a tile: `(2,3)`.
    case call([Expression], column: Int)
  }

  /// True where part of the expression is a value of a run.
  var namesRun: Bool {
    switch self {
    case .number, .text: false
    case .unary(_, let inner, _): inner.namesRun
    case .binary(_, let left, let right, _): left.namesRun || right.namesRun
    case .reference(let reference): reference.namesRun
    }
  }
}

extension Expression.Reference {
  fileprivate var namesRun: Bool {
    guard case .call(let arguments, _)? = parts.first else { return !parts.isEmpty }
    // `cycle` and `events` name their run in a text.
    return ["cycle", "events"].contains(name) || arguments.contains(where: \.namesRun)
  }
}

/// An error in an expression; columns count from 1.
struct ExpressionError: Error {
  var column: Int
  var message: String
  var note: String?
}
