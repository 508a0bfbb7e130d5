// The answer mask: before a question is answered, no number may be seen that means its answer, whatever its
// unit and however it is rounded. On a screen ▒ of the same width takes its place, in a text a few words.

import Canvas
import Lessons

/// Quantities that must not be seen yet.
package struct AnswerMask: Sendable {
  let maskedValues: [Quantity]

  static let blot: Character = "▒"

  package init(maskedValues: [Quantity]) { self.maskedValues = maskedValues }

  /// Blots out these numbers in the given rows of a canvas.
  func cover(_ canvas: inout Canvas, rows: Range<Int>) {
    let telling = telling
    guard !telling.maskedValues.isEmpty else { return }
    for row in rows {
      let line = (0..<canvas.width).map { canvas[row, $0].character }
      for digits in telling.hidden(in: line) {
        for column in digits { canvas[row, column].character = Self.blot }
      }
    }
  }

  /// The answers of questions that are still open.
  /// - Parameter givesParts: the two directions of a sum that is asked for may be shown.
  package init(_ questions: some Sequence<Question>, givesParts: Bool = false) {
    self.init(
      maskedValues: questions.flatMap { givesParts ? $0.maskedValues : $0.maskedValues + $0.parts })
  }

  /// For texts in which small numbers mean anything.
  package var telling: AnswerMask { AnswerMask(maskedValues: maskedValues.filter(Self.isTelling)) }

  /// The places of the digits of numbers that are secret.
  package func hidden(in line: [Character]) -> [Range<Int>] {
    guard !maskedValues.isEmpty else { return [] }
    return WrittenNumber.all(in: line).filter { number in
      maskedValues.contains { number.means($0) }
    }.map(\.digits)
  }

  /// Whether a figure that is known, not read off a text, is secret: in any unit and rounding.
  package func hides(_ figure: Quantity) -> Bool {
    maskedValues.contains { isSame(figure.value, $0.value) }
  }

  /// Blots out figures of a text, which are known and not guessed, whatever their digits.
  func cover(_ prose: [Prose]) -> [Prose] {
    guard !maskedValues.isEmpty else { return prose }
    return prose.map { $0.mapInlines(cover) }
  }

  private func cover(_ inline: Inline) -> Inline {
    guard let figure = inline.figure, hides(figure) else { return inline }
    var veiled = inline
    veiled.text = String(inline.text.map { $0.isNumber || ",.".contains($0) ? Self.blot : $0 })
    return veiled
  }

  private func isSame(_ a: Double, _ b: Double) -> Bool {
    abs(a - b) <= 1e-9 * max(abs(a), abs(b))
  }

  /// Numbers of one or two digits are everywhere: hiding them would hide the picture.
  private static func isTelling(_ quantity: Quantity) -> Bool {
    let secret = quantity.value
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

// MARK: Plain lines

extension AnswerMask {
  package static let placeholder = "(hidden until answered)"

  /// The text of `inlines`, without what is secret in it.
  package func hiding(_ inlines: [Inline]) -> String {
    inlines.map { inline in
      if let figure = inline.figure, hides(figure) { return Self.placeholder }
      return hiding(inProse: inline.text)
    }.joined()
  }

  /// What an author wrote, in which a 4 may be any 4.
  package func hiding(inProse text: String) -> String { telling.hiding(in: text) }

  /// `text` without the numbers that are secret. Places such as `S[1,2]` are none.
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
