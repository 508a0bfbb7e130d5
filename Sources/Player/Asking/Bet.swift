// A bet before a race: who is first, by how much, and who moves more bytes.

import Kernels
import Machine

/// A question before the race, with its choices.
struct BetQuestion: Sendable {
  let text: String
  let choices: [String]
  /// Index of the right choice.
  let answer: Int
}

/// The questions, and what has been answered.
package struct Bet: Sendable {
  let questions: [BetQuestion]
  /// Indices of the choices that were made.
  private(set) var answers: [Int] = []

  /// - Parameter runs: two.
  init(_ runs: [CompletedRun]) {
    let cycles = runs.map { Double($0.recording.lastCycle) }
    let bytes = runs.map(\.recording.totals.hbm.bytes)
    let factor = (cycles.max() ?? 1) / max(1, cycles.min() ?? 1)
    let names = runs.map(\.name)
    questions = [
      BetQuestion(
        text: "Which is done first?", choices: names + ["both at once"],
        answer: cycles[0] == cycles[1] ? 2 : cycles[0] < cycles[1] ? 0 : 1),
      BetQuestion(
        text: "How many times as fast is it?",
        choices: ["less than 1.2 times", "1.2 to 2 times", "2 to 4 times", "more than 4 times"],
        answer: factor < 1.2 ? 0 : factor < 2 ? 1 : factor < 4 ? 2 : 3),
      BetQuestion(
        text: "Which moves more bytes over the bus?", choices: names + ["both the same"],
        answer: bytes[0] == bytes[1] ? 2 : bytes[0] > bytes[1] ? 0 : 1),
    ]
  }

  /// The question that is open; nil when all are answered.
  var open: BetQuestion? { answers.count < questions.count ? questions[answers.count] : nil }

  /// Takes a letter, `a` for the first choice.
  mutating func answer(_ letter: Character) {
    guard let open, let value = letter.lowercased().utf8.first, value >= 97 else { return }
    let index = Int(value) - 97
    if open.choices.indices.contains(index) { answers.append(index) }
  }

  /// What was bet and whether it was right, a line each.
  var results: [(text: String, isRight: Bool)] {
    zip(questions, answers).map { question, answer in
      let isRight = question.answer == answer
      let truth = isRight ? "" : "; it is: \(question.choices[question.answer])"
      return ("\(question.text) You said: \(question.choices[answer])\(truth).", isRight)
    }
  }
}
