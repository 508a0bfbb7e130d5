// The answer mask: until a question is answered, every number that gives its answer away is hidden,
// whatever its unit and rounding. On the screen ▚ of the same width takes its place, in text a
// placeholder.

import Canvas
import Lessons

/// Values that must be hidden, and the ways to hide them on a canvas and in text.
package struct AnswerMask: Sendable {
  let maskedValues: [Quantity]

  /// The character that takes the place of a digit on the screen.
  static let maskCharacter: Character = "▚"

  package init(maskedValues: [Quantity]) { self.maskedValues = maskedValues }

  /// Hides the values of three and more digits in the given rows of a canvas.
  func cover(_ canvas: inout Canvas, rows: Range<Int>) {
    let withoutShortValues = withoutShortValues
    guard !withoutShortValues.maskedValues.isEmpty else { return }
    for row in rows {
      let line = (0..<canvas.width).map { canvas[row, $0].character }
      for digits in withoutShortValues.hidden(in: line) {
        for column in digits { canvas[row, column].character = Self.maskCharacter }
      }
    }
  }

  /// A mask of the answers of open questions.
  /// - Parameter givesParts: true if the terms of a sum that is asked for may be shown.
  package init(_ questions: some Sequence<Question>, givesParts: Bool = false) {
    self.init(
      maskedValues: questions.flatMap { givesParts ? $0.maskedValues : $0.maskedValues + $0.parts })
  }

  /// The mask without values of one or two digits, which occur everywhere by chance.
  package var withoutShortValues: AnswerMask {
    AnswerMask(maskedValues: maskedValues.filter(Self.isDistinctive))
  }

  /// The digits of all numbers in a line that are to be hidden, as ranges of its characters.
  package func hidden(in line: [Character]) -> [Range<Int>] {
    guard !maskedValues.isEmpty else { return [] }
    return WrittenNumber.all(in: line).filter { number in
      maskedValues.contains { number.means($0) }
    }.map(\.digits)
  }

  /// True if a figure of known value is to be hidden, whatever its number of digits.
  package func hides(_ figure: Quantity) -> Bool {
    maskedValues.contains { isSame(figure.value, $0.value) }
  }

  /// Hides figures in prose. Their values are known, so that those of one or two digits are hidden
  /// as well.
  func cover(_ prose: [Prose]) -> [Prose] {
    guard !maskedValues.isEmpty else { return prose }
    return prose.map { $0.mapInlines(cover) }
  }

  private func cover(_ inline: Inline) -> Inline {
    guard let figure = inline.figure, hides(figure) else { return inline }
    var masked = inline
    masked.text = String(
      inline.text.map { $0.isNumber || ",.".contains($0) ? Self.maskCharacter : $0 })
    return masked
  }

  private func isSame(_ a: Double, _ b: Double) -> Bool {
    abs(a - b) <= 1e-9 * max(abs(a), abs(b))
  }

  /// True for an integer of at least three digits, and for a fraction with at least three
  /// significant ones. Shorter numbers are everywhere, and hiding them would hide the picture.
  private static func isDistinctive(_ quantity: Quantity) -> Bool {
    let secret = quantity.value
    guard secret.isFinite else { return false }
    if secret == secret.rounded() { return abs(secret) >= 100 }
    // 0.05 has one significant digit, 0.0512 has three.
    var scaled = abs(secret)
    while scaled < 0.1 { scaled *= 10 }
    while scaled >= 1 { scaled /= 10 }
    let twoDigits = scaled * 100
    return abs(twoDigits - twoDigits.rounded()) > 1e-6
  }
}

// MARK: Plain lines

extension AnswerMask {
  /// The text that takes the place of a hidden number.
  package static let placeholder = "(hidden until answered)"

  /// The text of `inlines` with the placeholder for hidden numbers.
  package func hiding(_ inlines: [Inline]) -> String {
    inlines.map { inline in
      if let figure = inline.figure, hides(figure) { return Self.placeholder }
      return hiding(inProse: inline.text)
    }.joined()
  }

  /// The author's text with the placeholder for hidden numbers, except for those of one or two
  /// digits, which may mean anything.
  package func hiding(inProse text: String) -> String { withoutShortValues.hiding(in: text) }

  /// `text` with the placeholder for hidden numbers. Indices of tiles such as `S[1,2]` are not
  /// numbers.
  package func hiding(in text: String) -> String {
    let line = Array(text)
    var result = ""
    var end = 0
    for digits in hidden(in: line) {
      result += String(line[end..<digits.lowerBound]) + Self.placeholder
      end = digits.upperBound
    }
    return result + String(line[end...])
  }
}
