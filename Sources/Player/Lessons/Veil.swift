// The veil before an answer: every number on the screen that equals it is blotted out with ▒ of the
// same width, whatever its unit and however it is rounded.

import Canvas
import Lessons

/// Numbers that must not be seen yet.
struct Veil: Sendable {
  let secrets: [Double]

  static let blot: Character = "▒"

  /// Blots out these numbers in the given rows of a canvas.
  func cover(_ canvas: inout Canvas, rows: Range<Int>) {
    let telling = secrets.filter(Self.isTelling)
    guard !telling.isEmpty else { return }
    for row in rows {
      let line = (0..<canvas.width).map { canvas[row, $0].character }
      for number in WrittenNumber.all(in: line)
      where telling.contains(where: { number.means($0) }) {
        for column in number.digits { canvas[row, column].character = Self.blot }
      }
    }
  }

  /// Blots out figures of a text, which are known and not guessed, whatever their digits.
  func cover(_ prose: [Prose]) -> [Prose] {
    guard !secrets.isEmpty else { return prose }
    return prose.map { $0.mapInlines(cover) }
  }

  private func cover(_ inline: Inline) -> Inline {
    guard let figure = inline.figure, secrets.contains(where: { isSame(figure, $0) }) else {
      return inline
    }
    var veiled = inline
    veiled.text = String(inline.text.map { $0.isNumber || ",.".contains($0) ? Self.blot : $0 })
    return veiled
  }

  private func isSame(_ a: Double, _ b: Double) -> Bool {
    abs(a - b) <= 1e-9 * max(abs(a), abs(b))
  }

  /// Numbers of one or two digits are everywhere: hiding them would hide the picture.
  private static func isTelling(_ secret: Double) -> Bool {
    guard secret.isFinite else { return false }
    if secret == secret.rounded() { return abs(secret) >= 100 }
    // 0.05 has one digit that says something, 0.0512 has three.
    var scaled = abs(secret)
    while scaled < 0.1 { scaled *= 10 }
    while scaled >= 1 { scaled /= 10 }
    let twoDigits = scaled * 100
    return abs(twoDigits - twoDigits.rounded()) > 1e-6
  }
}

/// A number as it stands in a line of characters.
struct WrittenNumber {
  /// The places of its digits, commas and point.
  var digits: Range<Int>
  /// In the base unit.
  var value: Double
  /// Half a unit of the last digit that is shown.
  var slack: Double
  var significantDigits: Int

  /// Rounded numbers mean a secret if they show three digits of it; exact ones always.
  func means(_ secret: Double) -> Bool {
    if abs(value - secret) <= 1e-9 * abs(secret) { return true }
    return significantDigits >= 3 && abs(value - secret) <= slack * (1 + 1e-9)
  }

  /// The numbers of a line; not those of names and tile labels such as `fp32` or `K[128]`.
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

  /// Digits, commas before three digits, one point before a digit.
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
    if before == "-", start > 1, line[start - 2].isLetter || isDigit(line[start - 2]) {
      return true
    }
    // Inside the brackets of a tile's name.
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
    unit *= unitSize(line, from: end)
    let isNegative = digits.lowerBound > 0 && "-−".contains(line[digits.lowerBound - 1])
    let value = (Double(text) ?? .nan) * unit * (isNegative ? -1 : 1)
    let significant = text.filter { $0 != "." }.drop { $0 == "0" }.count
    return WrittenNumber(
      digits: digits, value: value, slack: 0.5 * step * unit, significantDigits: significant)
  }

  /// `e-05` after a number.
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

  /// How many of the base unit the word after a number stands for: 1e9 for `GB` and `GFLOP/s`.
  private static func unitSize(_ line: [Character], from end: Int) -> Double {
    var start = end
    if start < line.count, line[start] == " " { start += 1 }
    let word = String(line.dropFirst(start).prefix { $0.isLetter || $0 == "%" })
    if let unit = DisplayUnit.all.first(where: { $0.symbol == word || $0.name == word }) {
      return unit.size
    }
    let prefixes: [Character: Double] = ["k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15]
    let bases = ["B", "FLOP", "FLOPs", "cyc", "cycles", "s"]
    guard let first = word.first, let size = prefixes[first],
      bases.contains(String(word.dropFirst()))
    else { return 1 }
    return size
  }
}

extension Prose {
  /// The same text with every piece changed.
  func mapInlines(_ change: (Inline) -> Inline) -> Prose {
    switch self {
    case .paragraph(let inlines): .paragraph(inlines.map(change))
    case .heading(let inlines): .heading(inlines.map(change))
    case .list(let items, let isOrdered):
      .list(items: items.map { $0.map(change) }, isOrdered: isOrdered)
    case .quote(let inlines): .quote(inlines.map(change))
    case .code: self
    case .table(let header, let rows):
      .table(header: header.map { $0.map(change) }, rows: rows.map { $0.map { $0.map(change) } })
    }
  }
}
