// Numbers that would give an open question away, taken out of whatever is printed before it is
// answered.

import Lessons

/// The answers of questions that are still open, in base units.
struct Secrets {
  var values: [Double]

  static let placeholder = "(hidden until answered)"

  init(_ questions: some Sequence<Question>) { values = questions.compactMap(\.secret) }

  /// The text of `inlines`, without the figures that are secret.
  func hiding(_ inlines: [Inline]) -> String {
    inlines.map { inline in
      guard let figure = inline.figure, isSecret(figure, within: 0) else { return inline.text }
      return Self.placeholder
    }.joined()
  }

  /// `text` without the numbers that are secret. Places such as `S[1,2]` are none.
  func hiding(in text: String) -> String {
    guard !values.isEmpty else { return text }
    var result = ""
    var rest = Substring(text)
    var depth = 0
    while let character = rest.first {
      let isStart = character.isASCIIDigit && depth == 0 && !(result.last?.isPartOfName ?? false)
      if isStart, let number = WrittenNumber(&rest) {
        result += isSecret(number.value, within: number.slack) ? Self.placeholder : number.text
      } else {
        if character == "[" { depth += 1 }
        if character == "]" { depth = max(0, depth - 1) }
        result.append(rest.removeFirst())
      }
    }
    return result
  }

  private func isSecret(_ value: Double, within slack: Double) -> Bool {
    values.contains { secret in
      abs(value - secret) <= max(slack, 1e-9 * abs(secret))
    }
  }
}

/// A number as our own texts write it: `155,648`, `0.368`, `1.2e-05`, `40.3 GB`.
private struct WrittenNumber {
  var text = ""
  var value = 0.0
  /// How much was lost to rounding.
  var slack = 0.0

  /// Takes it from the front of `rest`, without its unit.
  init?(_ rest: inout Substring) {
    var digits = ""
    var decimals = 0
    var hasPoint = false
    var left = rest
    while let character = left.first {
      let next = left.dropFirst().first
      if character.isASCIIDigit {
        digits.append(character)
        if hasPoint { decimals += 1 }
      } else if character == ".", !hasPoint, next?.isASCIIDigit == true {
        digits.append(character)
        hasPoint = true
      } else if character != "," || hasPoint || !Self.isGroup(left.dropFirst()) {
        break
      }
      text.append(left.removeFirst())
    }
    var exponent = Self.exponent(&left)
    text += exponent
    if exponent.isEmpty { exponent = "e0" }
    guard let number = Double(digits + exponent), let power = Double("1" + exponent) else {
      return nil
    }
    let size = Self.size(left)
    value = number * size
    if hasPoint || size > 1 || power != 1 {
      slack = 0.5 * size * power
      for _ in 0..<decimals { slack /= 10 }
    }
    rest = left
  }

  /// Three digits and no more.
  private static func isGroup(_ text: Substring) -> Bool {
    text.prefix { $0.isASCIIDigit }.count == 3
  }

  private static func exponent(_ rest: inout Substring) -> String {
    guard rest.first == "e" else { return "" }
    let sign = rest.dropFirst().first == "-" ? "-" : ""
    let digits = rest.dropFirst(1 + sign.count).prefix { $0.isASCIIDigit }
    guard (1...3).contains(digits.count) else { return "" }
    rest = rest.dropFirst(1 + sign.count + digits.count)
    return "e" + sign + digits
  }

  /// What the unit's prefix stands for: 1e9 before ` GB`.
  private static func size(_ rest: Substring) -> Double {
    let sizes: [Character: Double] = ["k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15]
    guard rest.first == " ", let prefix = rest.dropFirst().first, let size = sizes[prefix],
      rest.dropFirst(2).first == "B"
    else { return 1 }
    return size
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
  fileprivate var isPartOfName: Bool { isLetter || isNumber || self == "_" || self == "." }
}
