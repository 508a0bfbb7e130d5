// A formula with its numbers in place of its names, as one would write it down: `2 · 16 · 32 · 4 B`.

import Library
import Machine
import Runs

extension Evaluator {
  /// The calculation that an expression stands for.
  func calculation(_ expression: Expression) throws(ExpressionError) -> String {
    try written(expression, within: 0)
  }

  private func written(_ expression: Expression, within outer: Int) throws(ExpressionError)
    -> String
  {
    switch expression {
    case .number(let quantity): return quantity.calculated
    case .text(let text): return text
    case .reference(let reference):
      if let text = try written(reference) { return text }
      return try number(expression)
    case .unary(let sign, let inner, _):
      let text = try written(inner, within: 4)
      return sign == .subtract ? "−\(text)" : "\(sign.rawValue) \(text)"
    case .binary(let sign, let left, let right, _):
      let strength = sign.strength
      guard strength > 0 else { return try number(expression) }
      // What stands behind − or / needs brackets even where it binds as strongly.
      let behind = strength + ([.subtract, .divide].contains(sign) ? 1 : 0)
      let text =
        "\(try written(left, within: strength)) \(sign.written) \(try written(right, within: behind))"
      return strength < outer ? "(\(text))" : text
    }
  }

  /// A function of one number with its argument worked out, `e^(19.2 − 20.3)`; nil for others.
  private func written(_ reference: Expression.Reference) throws(ExpressionError) -> String? {
    let names = ["exp": "e^", "sqrt": "√", "log": "log", "log2": "log2", "ceil": "ceil"]
    guard let name = names[reference.name], reference.parts.count == 1,
      case .call(let arguments, _) = reference.parts[0], arguments.count == 1
    else { return nil }
    return "\(name)(\(try written(arguments[0], within: 0)))"
  }

  private func number(_ expression: Expression) throws(ExpressionError) -> String {
    let value = try value(expression)
    return value.quantity?.calculated ?? value.kind
  }
}

extension Quantity {
  /// The quantity in a calculation: a fraction has the decimals that it has on the screen, so that what is
  /// printed can be worked out from what is printed.
  var calculated: String {
    dimension == .plain && value != value.rounded()
      ? short(Float(value)) : text(in: nil, digits: nil)
  }
}

extension Expression.Operator {
  /// How strongly it binds its operands; 0 for comparisons.
  fileprivate var strength: Int {
    switch self {
    case .add, .subtract: 1
    case .multiply, .divide: 2
    case .power: 3
    default: 0
    }
  }

  fileprivate var written: String {
    switch self {
    case .subtract: "−"
    case .multiply: "·"
    default: rawValue
    }
  }
}
