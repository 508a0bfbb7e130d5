// Parses the text in braces, an expression and the format of its value: `EXPRESSION in KB to 1`.

import Library
import Machine

/// An expression, the unit in which its value is shown, and the number of decimals.
struct DisplayFormat {
  var expression: String
  var unit: DisplayUnit?
  var digits: Int?

  init(_ text: String, column: Int) throws(ExpressionError) {
    expression = normalizingSpaces(text)
    if let (rest, word) = Self.suffix(" to ", of: expression), let digits = Int(word) {
      guard (0...6).contains(digits) else {
        throw ExpressionError(column: column, message: "found \(digits) decimals, expected 0 to 6")
      }
      (expression, self.digits) = (rest, digits)
    }
    if let (rest, word) = Self.suffix(" in ", of: expression) {
      guard let unit = DisplayUnit.named(word) else {
        let names = DisplayUnit.all.map(\.name)
        throw ExpressionError(
          column: column + rest.count + 4,
          message: "found the unit \(quoted(word)); there are \(names.joined(separator: " "))",
          note: nearest(word, in: names))
      }
      (expression, self.unit) = (rest, unit)
    }
  }

  private static func suffix(_ sign: String, of text: String) -> (String, String)? {
    guard let range = text.ranges(of: sign).last else { return nil }
    return (
      String(text[..<range.lowerBound]),
      String(text[range.upperBound...].trimming { $0 == " " })
    )
  }

  func text(_ value: Value, column: Int) throws(ExpressionError) -> String {
    switch value {
    case .text(let text): return text
    case .flag(let flag): return flag ? "yes" : "no"
    case .quantity(let quantity):
      guard quantity.value.isFinite else {
        throw ExpressionError(column: column, message: "found \(quantity.text), expected a number")
      }
      return try text(quantity, column)
    case .grid(let grid):
      guard grid.values.count <= 8 else {
        throw ExpressionError(
          column: column, message: "found \(value.kind), expected one: name a row and a column")
      }
      guard unit == nil, digits == nil else {
        return try grid.values.map { value throws(ExpressionError) in
          try text(Quantity(value, grid.dimension), column)
        }.joined(separator: ", ")
      }
      // The same digits as in the `tile` view.
      return grid.values.map { short(Float($0)) }.joined(separator: ", ")
    }
  }

  private func text(_ quantity: Quantity, _ column: Int) throws(ExpressionError) -> String {
    if let unit, unit.name != "plain", unit.dimension != quantity.dimension {
      throw ExpressionError(
        column: column,
        message: "found \(quantity.dimension.name), which cannot be shown in \(unit.name)")
    }
    return quantity.text(in: unit, digits: digits)
  }
}
