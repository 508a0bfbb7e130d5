// A question as lines of text. Before the answer: the prompt, the choices, what is being typed.
// After it: the viewer's answer beside the true one, the formula and the explanation.

import Canvas
import Lessons

/// The lines of a question on a page.
struct QuestionLines {
  let question: Question
  private let text: TextLines

  init(_ question: Question, width: Int) {
    self.question = question
    text = TextLines(width: width)
  }

  private static let indent = 4

  private func sign(_ character: Character, _ style: Style) -> TextLine {
    text.cells(" ") + [Cell(character, style)] + text.cells("  ")
  }

  private var prompt: [TextLine] {
    text.wrapped(
      question.prompt, Style(bold: true), first: sign("?", Style(.accent, bold: true)),
      rest: text.cells("    "))
  }

  private func item(_ words: String, _ mark: String, _ style: Style) -> [TextLine] {
    let first = text.cells(mark.padded(Self.indent), style)
    return text.wrapped([Inline(words)], style, first: first, rest: text.cells("    "))
  }

  // MARK: Open

  /// The open question.
  /// - Parameters:
  ///   - typed: what has been typed so far.
  ///   - verdict: what is said about the last answer; nil for nothing.
  ///   - hintsGiven: number of hints that were asked for; the last one is shown.
  func open(typed: String, feedback: String?, hintsGiven: Int) -> [TextLine] {
    var lines = prompt
    switch question.kind {
    case .choice(let texts, _):
      for (index, choice) in texts.enumerated() {
        let isChosen = typed == Question.letter(index)
        lines += item(
          choice, "\(isChosen ? "▸" : " ")\(Question.letter(index))",
          isChosen ? Style(.accent, bold: true) : Style())
      }
    case .order(let shown, _):
      for (index, event) in shown.enumerated() { lines += item(event, " \(index + 1)", Style()) }
    default: break
    }
    lines.append(entry(typed, feedback))
    if hintsGiven > 0 { lines += hint(hintsGiven - 1) }
    return lines
  }

  /// The line for typing, or the verdict on the last answer.
  private func entry(_ typed: String, _ feedback: String?) -> TextLine {
    if let feedback { return text.cells("    " + feedback, Style(.alert, bold: true)) }
    if case .choice = question.kind { return text.cells("    " + how, Style(.dim)) }
    let start = text.cells("  > ", Style(.accent, bold: true))
    if typed.isEmpty {
      return start + [Cell(" ", Style(reversed: true))] + text.cells(" " + how, Style(.dim))
    }
    return start + text.cells(typed.suffix(max(1, text.width - 8)), Style(.accent, bold: true))
      + [Cell(" ", Style(reversed: true))]
  }

  /// How to answer, in words.
  private var how: String {
    switch question.kind {
    case .number(_, _, let unit): "a number\(unit.map { " in \($0.symbol)" } ?? ""), then Enter"
    case .choice(let texts, _): "a–\(Question.letter(texts.count - 1)), or ↑ ↓ and Enter"
    case .order: "all their numbers in the true order, then Enter"
    case .tile: "point with the arrow keys and Tab, or type its name; then Enter"
    }
  }

  private func hint(_ index: Int) -> [TextLine] {
    text.wrapped(
      question.hints[index],
      first: text.cells("    Hint \(index + 1) of \(question.hints.count): ", Style(bold: true)),
      rest: text.cells("    "))
  }

  /// The open question in the form that takes the most rows.
  var tallest: [TextLine] {
    let hints = question.hints.indices.map { open(typed: "", feedback: nil, hintsGiven: $0 + 1) }
    let bare = open(typed: "", feedback: nil, hintsGiven: 0)
    return hints.reduce(bare) { $1.count > $0.count ? $1 : $0 }
  }

  /// The answered question in the form that takes the most rows.
  var tallestAnswer: [TextLine] {
    let answers: [String?] =
      switch question.kind {
      case .choice(let texts, _): texts.indices.map(Question.letter)
      case .order(let shown, _): [shown.indices.map { String($0 + 1) }.joined(separator: " ")]
      default: [nil]
      }
    return answers.map { revealed(answer: $0) }.max { $0.count < $1.count } ?? []
  }

  // MARK: Revealed

  /// The answered question.
  /// - Parameter answer: the viewer's answer; nil if there is none, empty if the question was given
  ///   up.
  func revealed(answer: String?) -> [TextLine] {
    var lines = prompt
    lines += truth(answer)
    if let formula = question.formula {
      lines += text.wrapped(
        [Inline(formula.text, .code), Inline(" = "), Inline(formula.value, .strong)],
        first: text.cells("    how: ", Style(.dim)), rest: text.cells("    "))
    }
    lines += text.wrapped(
      question.explanation, first: text.cells("    "), rest: text.cells("    "))
    return lines
  }

  private func truth(_ answer: String?) -> [TextLine] {
    let (yours, isRight) = feedback(answer)
    switch question.kind {
    case .choice(let texts, let right):
      return texts.enumerated().flatMap { index, choice in
        let isYours = choice == yours
        let mark = index == right ? " ✓" : isYours ? " ✗" : "  "
        return item(
          choice + (isYours ? "  ← your answer" : ""), mark,
          index == right ? Style(.accent, bold: true) : Style(isYours ? .alert : .dim))
      }
    case .order(let shown, let truth):
      let order = truth.enumerated().flatMap { place, index in
        item("\(shown[index])", " \(index + 1)", Style(bold: true))
      }
      return order + line(isRight, yours, with: nil)
    default: return line(isRight, yours, with: question.expected)
    }
  }

  /// `✓ 16,384 B   your answer: 16,384 B`.
  private func line(_ isRight: Bool, _ yours: String?, with expected: String?) -> [TextLine] {
    let truth = expected.map { text.cells("  ✓ \($0)   ", Style(.accent, bold: true)) }
    let answer = yours.map { "\(isRight ? "✓" : "✗") your answer: \($0)" } ?? "not answered"
    return text.wrapped(
      [Inline(answer)], Style(isRight ? .plain : .alert, bold: isRight),
      first: truth ?? text.cells("    "), rest: text.cells("    "))
  }

  private func feedback(_ answer: String?) -> (yours: String?, isRight: Bool) {
    guard let answer, !answer.isEmpty else { return (nil, false) }
    switch question.mark(answer) {
    case .unreadable: return (answer, false)
    case .wrong(let shown): return (shown, false)
    case .right(let shown): return (shown, true)
    }
  }
}
