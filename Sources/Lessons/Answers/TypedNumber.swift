// Converts a number as people type it to the expression language: `64×64×4`, `16 384`, `10⁻⁶`,
// `１６`. Keyboards, browsers and word processors insert many characters where ASCII is expected.

import Foundation
import Library

/// A typed number as an expression.
struct TypedNumber {
  /// The text as an expression.
  let text: String
  /// Relative rounding error of the first number: half a unit in its last digit, divided by its
  /// value. 0 where it was typed with fewer than three digits or without a decimal point.
  let rounding: Double

  /// Why the text cannot be read as one number, in a sentence.
  struct Ambiguity: Error { var reason: String }

  init(_ typed: String) throws(Ambiguity) {
    var text = Self.plainSigns(typed)
    text = text.replacing(#/^ *[=≈~+] */#, with: "").replacing(#/\. *$/#, with: "")
    text = Self.hexadecimal(text)
    // `4x` is the factor 4; the x is no multiplication sign.
    text = text.replacing(#/^([0-9.,' _]+)([xX*]|times) *$/#) { String($0.1) }
    // Between numbers, an x is a multiplication sign.
    text = text.replacing(#/([0-9)%]) *[xX] *(?=[0-9(.])/#) { "\($0.1)*" }
    text = text.replacing("**", with: "^")
    self.text = try Self.withoutGroups(text)
    rounding = Self.rounding(self.text)
  }

  // MARK: Signs

  /// The text with every typographic variant of an operator or digit replaced with its ASCII form.
  private static func plainSigns(_ typed: String) -> String {
    var text = ""
    var isRaised = false
    for character in typed {
      let raised = superscripts[character]
      if (raised != nil) != isRaised { text += isRaised ? ")" : "^(" }
      isRaised = raised != nil
      text += raised ?? plainSign(character)
    }
    return isRaised ? text + ")" : text
  }

  private static let superscripts: [Character: String] = [
    "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8",
    "⁹": "9", "⁻": "-", "⁺": "",
  ]

  private static let signs: [Character: String] = [
    "×": "*", "✕": "*", "✖": "*", "⨯": "*", "·": "*", "⋅": "*", "∙": "*", "•": "*", "∗": "*",
    "⁎": "*", "÷": "/", "∕": "/", "⁄": "/", "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-",
    "‒": "-", "﹣": "-", "٫": ".", "٬": ",", "％": "%", "½": "(1/2)", "¼": "(1/4)", "¾": "(3/4)",
    "⅓": "(1/3)", "⅔": "(2/3)", "⅕": "(1/5)", "⅛": "(1/8)", "μ": "µ", "’": "'", "‘": "'", "ʼ": "'",
    "′": "'", "`": "'", "´": "'",
  ]

  private static func plainSign(_ character: Character) -> String {
    if let sign = signs[character] { return sign }
    if character.isNonASCIISpace || character.isWhitespace { return " " }
    guard let scalar = character.unicodeScalars.first, !character.isASCII else {
      return String(character)
    }
    // The full-width forms of Chinese and Japanese keyboards are in the order of ASCII.
    if (0xFF01...0xFF5E).contains(scalar.value),
      let plain = Unicode.Scalar(scalar.value - 0xFEE0)
    {
      return String(Character(plain))
    }
    let isDigit = scalar.properties.generalCategory == .decimalNumber
    return isDigit ? character.wholeNumberValue.map { "\($0)" } ?? "" : String(character)
  }

  /// Hexadecimal numbers in decimal: `0x4000` as 16384.
  private static func hexadecimal(_ text: String) -> String {
    text.replacing(#/\b0[xX]([0-9a-fA-F]{1,12})\b/#) { match in
      Int(match.1, radix: 16).map { "\($0)" } ?? String(match.0)
    }
  }

  // MARK: Groups of digits

  /// Numbers without digit separators: `16,384`, `16 384`, `16'384` and `16_384` become `16384`.
  /// - Throws: where a comma may be a decimal point: it does not separate groups of three digits.
  private static func withoutGroups(_ text: String) throws(Ambiguity) -> String {
    var result = ""
    var rest = Substring(text)
    while let first = rest.first {
      guard first.isASCIIDigit else {
        result.append(rest.removeFirst())
        continue
      }
      var number = rest.prefix { $0.isASCIIDigit || ".,' _".contains($0) }
      while let last = number.last, !last.isASCIIDigit { number.removeLast() }
      result += try plain(number)
      rest = rest[number.endIndex...]
    }
    return result
  }

  /// One number without its digit separators.
  private static func plain(_ number: Substring) throws(Ambiguity) -> String {
    if let match = number.wholeMatch(
      of: #/[1-9][0-9]{0,2}([,' _])[0-9]{3}(\1[0-9]{3})*(\.[0-9]+)?/#)
    {
      return String(number).replacing(String(match.1), with: "")
    }
    let points = number.filter { $0 == "." }.count
    // Several numbers, or none: the parser handles them.
    guard points > 1 || number.contains(",") else { return String(number) }
    throw Ambiguity(reason: isAmbiguous(String(number)))
  }

  private static func isAmbiguous(_ number: String) -> String {
    "\(quoted(number)) can be read in two ways: a comma parts thousands here, as in 16,384, and a "
      + "point a fraction, as in 16.5."
  }

  // MARK: Rounding

  private static func rounding(_ text: String) -> Double {
    let number = text.prefix { $0.isASCIIDigit || $0 == "." || $0 == "-" }
    let digits = number.filter(\.isASCIIDigit).drop { $0 == "0" }
    guard let point = number.firstIndex(of: "."), digits.count >= 3, let value = Double(number),
      value != 0
    else { return 0 }
    let decimals = number.distance(from: point, to: number.endIndex) - 1
    let step = (0..<decimals).reduce(1.0) { scale, _ in scale / 10 }
    // Relative, so that units and powers behind the number do not change it.
    return step / 2 / abs(value)
  }

  // MARK: Value

  /// The value; nil where the text is no number. A unit behind a formula applies to the whole
  /// formula.
  var quantity: Quantity? {
    if let value = Self.value(text) { return value }
    guard let match = text.wholeMatch(of: #/(.*[0-9)]) *([A-Za-zµ%\/]+) */#),
      let unit = DisplayUnit.named(String(match.2)), let number = Self.value(String(match.1)),
      number.dimension == .plain
    else { return nil }
    return Quantity(number.value * unit.size, unit.dimension)
  }

  private static func value(_ text: String) -> Quantity? {
    guard let expression = try? ExpressionParser.parse(text),
      let value = try? Evaluator([], cycle: 0).value(expression).quantity, value.value.isFinite
    else { return nil }
    return value
  }
}
