// The answer mask: until a question is answered, every figure that tells its answer is hidden by its name,
// on the screen, in the beat's text and in plain lines.

import Lessons
import Machine
import Moments

/// What must be hidden because of open questions.
package struct AnswerMask: Sendable {
  package let figures: HiddenFigures
  /// The answers: a figure of the text may come to one by another way.
  private let answers: [Quantity]

  /// A mask of the answers of open questions.
  /// - Parameter look: how a hidden figure is written.
  package init(_ questions: some Sequence<Question>, look: HiddenFigures.Look = .signs) {
    var figures = questions.reduce(HiddenFigures()) { $0.union($1.figures) }
    figures.look = look
    self.figures = figures
    answers = questions.compactMap(\.number)
  }

  /// True if a piece of text tells an answer.
  private func hides(_ inline: Inline) -> Bool {
    guard let figure = inline.figure else { return false }
    return figures.meets(inline.names)
      || answers.contains { $0.dimension == figure.dimension && isSame($0.value, figure.value) }
  }

  private func isSame(_ a: Double, _ b: Double) -> Bool {
    abs(a - b) <= 1e-9 * max(abs(a), abs(b))
  }

  /// Hides figures in prose.
  func cover(_ prose: [Prose]) -> [Prose] { prose.map { $0.mapInlines(cover) } }

  private func cover(_ inline: Inline) -> Inline {
    guard hides(inline) else { return inline }
    var hidden = inline
    // In words the unit of an expression is part of what is hidden.
    hidden.text = figures.look == .words ? HiddenFigures.words : figures.hiding(inline.text)
    return hidden
  }

  /// The text of `inlines` with hidden figures.
  package func hiding(_ inlines: [Inline]) -> String { inlines.map { cover($0).text }.joined() }
}
