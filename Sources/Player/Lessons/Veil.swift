// The veil before an answer: every number on the screen that means it is blotted out with ▒ of the
// same width, whatever its unit and however it is rounded.

import Canvas
import Lessons

/// Quantities that must not be seen yet.
public struct Veil: Sendable {
  let secrets: [Quantity]

  static let blot: Character = "▒"

  public init(secrets: [Quantity]) { self.secrets = secrets }

  /// Blots out these numbers in the given rows of a canvas.
  func cover(_ canvas: inout Canvas, rows: Range<Int>) {
    let telling = telling
    guard !telling.secrets.isEmpty else { return }
    for row in rows {
      let line = (0..<canvas.width).map { canvas[row, $0].character }
      for digits in telling.hidden(in: line) {
        for column in digits { canvas[row, column].character = Self.blot }
      }
    }
  }

  /// For texts in which small numbers mean anything.
  public var telling: Veil { Veil(secrets: secrets.filter(Self.isTelling)) }

  /// The places of the digits of numbers that are secret.
  public func hidden(in line: [Character]) -> [Range<Int>] {
    guard !secrets.isEmpty else { return [] }
    return WrittenNumber.all(in: line).filter { number in
      secrets.contains { number.means($0) }
    }.map(\.digits)
  }

  /// Whether a figure that is known, not read off a text, is secret: in any unit and rounding.
  public func hides(_ figure: Quantity) -> Bool {
    secrets.contains { isSame(figure.value, $0.value) }
  }

  /// Blots out figures of a text, which are known and not guessed, whatever their digits.
  func cover(_ prose: [Prose]) -> [Prose] {
    guard !secrets.isEmpty else { return prose }
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
