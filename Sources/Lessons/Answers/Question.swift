// A question of a lesson: the prompt, the kind of answer with the correct one, hints, and the
// outcome of marking a typed answer.

import Machine
import Moments
import Runs

/// A question and its correct answer.
package struct Question: Sendable {
  /// The kind of answer, and the correct one.
  package enum Kind: Sendable, Equatable {
    /// A number: the correct value, the tolerance (absolute, in the base unit), and the unit in
    /// which a bare number is understood.
    case number(Quantity, tolerance: Double, unit: DisplayUnit?)
    /// The texts of the choices, and the index of the correct one.
    case choice([String], right: Int)
    /// The items as they are shown, and their correct order as indices: `shown[truth[0]]` comes
    /// first.
    case order(shown: [String], truth: [Int])
    /// A tile: index of the run in `Lesson.runs`, name of the run, and the tile.
    case tile(run: Int, named: String, TileName)
  }

  /// How the answer can be calculated, in numbers, `2 · 16 · 32 · 4 B`, and what it comes to.
  package struct Formula: Sendable, Equatable {
    package var text: String
    package var value: String

    package init(text: String, value: String) {
      self.text = text
      self.value = value
    }
  }

  package var id: String
  /// True where the author sets the id; otherwise it is the question's number.
  package var isNamed = false
  /// Line of the block's opening fence in the file, from 1.
  package var line: Int
  package var prompt: [Inline]
  package var kind: Kind
  package var formula: Formula?
  /// Shown one at a time.
  package var hints: [[Inline]]
  package var explanation: [Inline]
  /// Names of the views that must not be shown because they reveal the answer.
  package var hides: [String]
  /// Points for a correct answer, 0 to 1,000.
  package var points: Double
  /// The figures that must not be seen because they tell the answer, by the names of their runs.
  package var figures = HiddenFigures()

  package init(
    id: String, line: Int = 1, prompt: [Inline], kind: Kind, formula: Formula? = nil,
    hints: [[Inline]] = [], explanation: [Inline], hides: [String] = [], points: Double = 1
  ) {
    self.id = id
    self.line = line
    self.prompt = prompt
    self.kind = kind
    self.formula = formula
    self.hints = hints
    self.explanation = explanation
    self.hides = hides
    self.points = points
  }

  /// The outcome of marking a typed answer; `shown` is the answer as it was understood.
  package enum Mark: Sendable, Equatable {
    /// The text cannot be read as an answer; the message says what an answer looks like.
    case unreadable(String)
    case wrong(shown: String)
    case right(shown: String)
  }

  /// The correct answer, where it is a number.
  package var number: Quantity? {
    if case .number(let value, _, _) = kind { value } else { nil }
  }
}
