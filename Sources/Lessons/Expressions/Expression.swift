// What a lesson computes from its runs, as a tree. Every part remembers its column, so that a
// complaint points at it.

import Kernels
import Machine

/// An expression as it was read.
indirect enum Expression: Sendable {
  case number(Quantity)
  case text(String)
  /// A run's figure, a tile, a function: `flash.S[0,1](2,3)`, `ratio(a, b)`.
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

  /// A name and what follows it.
  struct Reference: Sendable {
    var name: String
    var parts: [Part]
    var column: Int
  }

  enum Part: Sendable {
    case member(String, column: Int)
    /// `[0,1]`.
    case index([Expression], column: Int)
    /// `(2,3)`.
    case call([Expression], column: Int)
  }

  /// True if any part of it comes from a run.
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
    // A function of runs' figures, or of the text of an event.
    return ["cycle", "events"].contains(name) || arguments.contains(where: \.namesRun)
  }
}

/// What is wrong with an expression, and where; columns count from 1.
struct ExpressionError: Error {
  var column: Int
  var message: String
  var note: String?
}
