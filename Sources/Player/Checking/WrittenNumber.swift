// Numbers as they are written in a line of text, read back: value, unit and precision. `check` uses them to
// find an answer that the author has written out above its question.

import Lessons
import Library
import Runs

/// A number in a line of characters.
struct WrittenNumber {
  /// Indices in the line of its digits, commas and decimal point.
  var digits: Range<Int>
  /// Value in the base unit of its dimension.
  var value: Double
  /// What its unit measures; nil without a unit, and for an unknown one.
  var dimension: Dimension?
  /// Largest rounding error: half a unit of the last digit, in the base unit.
  var slack: Double
  var significantDigits: Int

  /// True if the number can be read as `secret`: it is exact, or it has at least three digits that
  /// agree. A number without a unit may stand in a column of any unit.
  func means(_ secret: Quantity) -> Bool {
    if means(secret.value) { return true }
    return dimension == nil && significantDigits >= 3
      && DisplayUnit.all.contains {
        $0.dimension == secret.dimension && means(secret.value / $0.size)
      }
  }

  private func means(_ secret: Double) -> Bool {
    if abs(value - secret) <= 1e-9 * abs(secret) { return true }
    return significantDigits >= 3 && abs(value - secret) <= slack * (1 + 1e-9)
  }

  /// All numbers of a line, without those in names and tile labels such as `fp32` or `K[128]`.
  static func all(in line: [Character]) -> [WrittenNumber] {
    var result: [WrittenNumber] = []
    var index = 0
    while index < line.count {
      guard isDigit(line[index]) else {
        index += 1
        continue
      }
      let end = self.end(of: line, from: index)
      if !isPartOfName(line, index) { result.append(read(line, index..<end)) }
      index = end
    }
    return result
  }

  private static func isDigit(_ character: Character) -> Bool {
    character.isASCII && character.isNumber
  }

  /// The end of the number that begins at `start`: digits, commas before groups of three, one
  /// decimal point before a digit.
  private static func end(of line: [Character], from start: Int) -> Int {
    var end = start
    var hasPoint = false
    func digits(_ from: Int) -> Int { line[from...].prefix(while: isDigit).count }
    end += digits(end)
    while end + 1 < line.count {
      if line[end] == ",", !hasPoint, digits(end + 1) == 3 {
        end += 4
      } else if line[end] == ".", !hasPoint, isDigit(line[end + 1]) {
        hasPoint = true
        end += 1 + digits(end + 1)
      } else {
        break
      }
    }
    return end
  }

  private static func isPartOfName(_ line: [Character], _ start: Int) -> Bool {
    guard start > 0 else { return false }
    let before = line[start - 1]
    if before.isLetter || before == "_" { return true }
    if before == ".", start > 1, line[start - 2].isLetter { return true }
    if before == "-", start > 1, line[start - 2].isLetter || isDigit(line[start - 2]) {
      return true
    }
    // Inside the brackets of a tile's label.
    var index = start - 1
    while index > 0, isDigit(line[index]) || line[index] == "," { index -= 1 }
    return index > 0 && line[index] == "[" && (line[index - 1].isLetter || isDigit(line[index - 1]))
  }

  private static func read(_ line: [Character], _ digits: Range<Int>) -> WrittenNumber {
    let text = String(line[digits].filter { $0 != "," })
    let decimals = text.firstIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) - 1 }
    var unit = 1.0
    var step = 1.0
    for _ in 0..<(decimals ?? 0) { step /= 10 }
    var end = digits.upperBound
    if let exponent = exponent(line, from: end) {
      unit = power(of: 10, exponent.value)
      end = exponent.end
    }
    let (size, dimension) = self.unit(line, from: end)
    unit *= size
    let isNegative = digits.lowerBound > 0 && "-−".contains(line[digits.lowerBound - 1])
    let value = (Double(text) ?? .nan) * unit * (isNegative ? -1 : 1)
    let significant = text.filter { $0 != "." }.drop { $0 == "0" }.count
    return WrittenNumber(
      digits: digits, value: value, dimension: dimension, slack: 0.5 * step * unit,
      significantDigits: significant)
  }

  /// The exponent after a number, `e-05`, and its end; nil if there is none.
  private static func exponent(_ line: [Character], from start: Int) -> (value: Int, end: Int)? {
    guard start + 1 < line.count, line[start] == "e" else { return nil }
    let isNegative = line[start + 1] == "-"
    let first = start + (isNegative ? 2 : 1)
    let digits = line.dropFirst(first).prefix(while: isDigit)
    guard let value = Int(String(digits)) else { return nil }
    return (isNegative ? -value : value, first + digits.count)
  }

  private static func power(of base: Double, _ exponent: Int) -> Double {
    (0..<min(400, abs(exponent))).reduce(1) { result, _ in
      exponent < 0 ? result / base : result * base
    }
  }

  /// The unit after a number: its size in base units, 1e9 for `GB` and `GFLOP/s`, and what it
  /// measures; size 1 and nil for an unknown word.
  private static func unit(
    _ line: [Character], from end: Int
  ) -> (size: Double, dimension: Dimension?) {
    var start = end
    if start < line.count, line[start] == " " || line[start] == "\u{A0}" { start += 1 }
    let rest = line.dropFirst(start)
    for word in [
      rest.prefix { $0.isLetter || $0 == "%" || $0 == "/" },
      rest.prefix { $0.isLetter || $0 == "%" },
    ] {
      if let unit = DisplayUnit.named(String(word)) { return (unit.size, unit.dimension) }
    }
    let word = String(rest.prefix(while: \.isLetter))
    let prefixes: [Character: Double] = ["k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15]
    let bases: [String: Dimension] = [
      "B": .bytes, "FLOP": .flops, "FLOPs": .flops, "cyc": .cycles, "cycles": .cycles,
      "s": .seconds,
    ]
    guard let first = word.first, let size = prefixes[first],
      let dimension = bases[String(word.dropFirst())]
    else { return (1, nil) }
    return (size, dimension)
  }
}
