// Numbers that would give an open question away, taken out of whatever is printed before it is
// answered.

import Lessons
import Player

/// The answers of questions that are still open.
struct Secrets {
  private let veil: Veil

  static let placeholder = "(hidden until answered)"

  /// - Parameter givesParts: the two directions of a sum that is asked for may be shown.
  init(_ questions: some Sequence<Question>, givesParts: Bool = false) {
    veil = Veil(secrets: questions.flatMap { givesParts ? $0.secrets : $0.secrets + $0.parts })
  }

  /// The text of `inlines`, without what is secret in it.
  func hiding(_ inlines: [Inline]) -> String {
    inlines.map { inline in
      if let figure = inline.figure, veil.hides(figure) { return Self.placeholder }
      return hiding(inProse: inline.text)
    }.joined()
  }

  /// What an author wrote, in which a 4 may be any 4.
  func hiding(inProse text: String) -> String { hiding(text, veil.telling) }

  /// `text` without the numbers that are secret. Places such as `S[1,2]` are none.
  func hiding(in text: String) -> String { hiding(text, veil) }

  private func hiding(_ text: String, _ veil: Veil) -> String {
    let line = Array(text)
    var result = ""
    var end = 0
    for digits in veil.hidden(in: line) {
      result += String(line[end..<digits.lowerBound]) + Self.placeholder
      end = digits.upperBound
    }
    return result + String(line[end...])
  }
}
