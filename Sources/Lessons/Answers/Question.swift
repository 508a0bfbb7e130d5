// What a lesson asks: the prompt, the true answer, which the run has given, and whether what a
// viewer has typed means the same.

import Machine
import RealModule
import Runs

/// A question and its answer.
package struct Question: Sendable {
  package enum Kind: Sendable, Equatable {
    /// The true value, how far off is right (absolute, in the base unit), and the unit in which a
    /// bare number is understood.
    case number(Quantity, tolerance: Double, unit: DisplayUnit?)
    /// The texts and which of them is right.
    case choice([String], right: Int)
    /// The items as they are shown, and the places at which they truly stand: `shown[truth[0]]`
    /// comes first.
    case order(shown: [String], truth: [Int])
    /// Index in `Lesson.runs`, that run's name, and the tile.
    case tile(run: Int, named: String, TileName)
  }

  /// How the answer could have been known: the expression as written, and its value.
  package struct Formula: Sendable, Equatable {
    package var text: String
    package var value: String

    package init(text: String, value: String) {
      self.text = text
      self.value = value
    }
  }

  package var id: String
  /// The author has given it its id; else that says where it stands.
  package var isNamed = false
  /// Its fence's line in the file, from 1.
  package var line: Int
  package var prompt: [Inline]
  package var kind: Kind
  package var formula: Formula?
  /// Given one at a time.
  package var hints: [[Inline]]
  package var explanation: [Inline]
  /// Views that would give it away.
  package var hides: [String]
  package var points: Double
  /// Cycles per second of the devices that the lesson's runs are on.
  package var clocks: [Double] = []
  /// Figures that together come to the answer: what was read and what was written of all bytes.
  package var parts: [Quantity] = []

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

  /// What is made of a viewer's answer; `shown` is the answer written out.
  package enum Mark: Sendable, Equatable {
    /// It is no answer to this kind of question; says what one looks like.
    case unreadable(String)
    case wrong(shown: String)
    case right(shown: String)
  }

  /// What would give the answer away: itself, in cycles as well as in seconds.
  package var secrets: [Quantity] {
    guard case .number(let value, _, _) = kind else { return [] }
    return clocks.reduce([value]) { known, clock in known + value.converted(byClock: clock) }
  }
}

extension Quantity {
  /// Cycles as seconds and seconds as cycles, at so many cycles per second; and so what is counted
  /// per cycle or second. Empty for others.
  fileprivate func converted(byClock clock: Double) -> [Quantity] {
    let (cycles, seconds) = (dimension.cyclePower, dimension.secondPower)
    guard (cycles == 0) != (seconds == 0), clock > 0 else { return [] }
    var other = dimension
    (other.cyclePower, other.secondPower) = (seconds, cycles)
    return [Quantity(value * .pow(clock, seconds - cycles), other)]
  }
}
