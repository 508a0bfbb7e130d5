// Reads a question of a lesson and proves its answer: the answer must come from a run, the formula
// must give the same, and exactly one of the choices must be true.

import Library
import Machine
import Moments
import Notation

/// Reads one `ask` block at the cycle of its beat.
struct QuestionReader {
  let source: ScriptSource
  let evaluator: Evaluator

  private static let keys = [
    "question", "answer", "tolerance", "unit", "formula", "choices", "order", "tile", "claim",
    "hint", "explain", "hide", "id", "points",
  ]

  /// - Parameter id: the id of a question that sets none.
  /// - Throws: the first error in the question.
  func question(_ directive: Outline.Directive, id: String) throws(FileDiagnostic) -> Question {
    do {
      let entries = try YamlMapping(
        yaml: directive.content, path: source.path, allowed: Self.keys)
      var question = Question(
        id: entries.has("id") ? try entries.text("id") : id, line: directive.line,
        prompt: try inlines(entries, "question"), kind: try kind(entries, directive.line),
        formula: try formula(entries), hints: try hints(entries),
        explanation: entries.has("explain") ? try inlines(entries, "explain") : [],
        points: try points(entries))
      question.isNamed = entries.has("id")
      try hide(entries, in: &question)
      return question
    } catch let diagnostic as FileDiagnostic { throw diagnostic } catch let error as FileError {
      throw source.diagnostic(error, line: directive.line)
    } catch { preconditionFailure("\(error)") }
  }

  // MARK: Kinds

  private func kind(_ entries: YamlMapping, _ line: Int) throws -> Question.Kind {
    let kinds = ["choices", "order", "tile"].filter(entries.has)
    if entries.has("answer"), let kind = kinds.first, kind != "choices" {
      throw entries.diagnostic("answer", "found answer beside \(kind), expected one kind of answer")
    }
    guard kinds.count <= 1 else {
      throw entries.diagnostic(kinds[1], "found \(listed(kinds)), expected one kind of answer")
    }
    let kind = kinds.first ?? "answer"
    let foreign = ["tolerance", "unit", "formula"].filter { kind != "answer" && entries.has($0) }
    if let key = foreign.first {
      throw entries.diagnostic(key, "is for an answer that is a number")
    }
    if kind != "tile", entries.has("claim") { throw entries.diagnostic("claim", "is for a tile") }
    switch kind {
    case "choices": return try choice(entries, line)
    case "order": return try order(entries)
    case "tile": return try tile(entries)
    default: return try number(entries)
    }
  }

  /// The expression under `key`, and its value.
  private func value(_ entries: YamlMapping, _ key: String, _ evaluator: Evaluator) throws
    -> (value: Value, expression: Expression)
  {
    let place = entries.place(key)
    do {
      let expression = try ExpressionParser.parse(entries.line(key), column: place.column)
      return (try evaluator.value(expression), expression)
    } catch let error as ExpressionError { throw source.diagnostic(place.line, error) }
  }

  private func quantity(_ entries: YamlMapping, _ key: String) throws
    -> (quantity: Quantity, expression: Expression)
  {
    let (value, expression) = try value(entries, key, evaluator)
    guard let quantity = value.quantity, quantity.value.isFinite else {
      throw entries.diagnostic(
        key, "found \(value.quantity?.text ?? value.kind), expected a finite number")
    }
    return (quantity, expression)
  }

  private func number(_ entries: YamlMapping) throws -> Question.Kind {
    let (answer, expression) = try quantity(entries, "answer")
    guard expression.namesRun else {
      let place = entries.place("answer")
      throw source.diagnostic(
        place.line, place.column,
        "found an answer that no run gives; expected an expression such as flash.hbm.bytes")
    }
    if entries.has("formula") {
      let (known, _) = try quantity(entries, "formula")
      guard agrees(known, answer) else {
        let place = entries.place("formula")
        throw source.diagnostic(
          place.line, place.column,
          "the formula gives \(known.exactText), the answer is \(answer.exactText)")
      }
    }
    var unit: DisplayUnit?
    if entries.has("unit") {
      let name = try entries.text("unit")
      unit = DisplayUnit.named(name)
      guard unit?.dimension == answer.dimension else {
        throw entries.diagnostic(
          "unit", "found \(quoted(name)), expected a unit of \(answer.dimension.name)")
      }
    }
    return .number(answer, tolerance: try tolerance(entries, answer), unit: unit)
  }

  /// True where two quantities are equal: exactly for whole numbers, else up to rounding (10⁻⁵).
  private func agrees(_ a: Quantity, _ b: Quantity) -> Bool {
    guard a.dimension == b.dimension else { return false }
    if a.value == a.value.rounded(), b.value == b.value.rounded() { return a.value == b.value }
    return abs(a.value - b.value) <= 1e-5 * max(abs(a.value), abs(b.value))
  }

  private func tolerance(_ entries: YamlMapping, _ answer: Quantity) throws -> Double {
    guard entries.has("tolerance") else {
      return answer.value == answer.value.rounded() ? 0 : abs(answer.value) * 0.01
    }
    let text = try entries.line("tolerance")
    let (tolerance, _) = try quantity(entries, "tolerance")
    guard (0...0.5).contains(tolerance.value) || !text.hasSuffix("%") else {
      throw entries.diagnostic("tolerance", "found \(text), expected 0% to 50%")
    }
    if text.hasSuffix("%") { return abs(answer.value) * tolerance.value }
    guard [.plain, answer.dimension].contains(tolerance.dimension), tolerance.value >= 0 else {
      throw entries.diagnostic(
        "tolerance", "found \(tolerance.text), expected \(answer.dimension.name)")
    }
    return tolerance.value
  }

  // MARK: Texts

  private func formula(_ entries: YamlMapping) throws -> Question.Formula? {
    guard entries.has("formula") else { return nil }
    let (value, expression) = try quantity(entries, "formula")
    let place = entries.place("formula")
    let calculation: String
    do { calculation = try evaluator.calculation(expression) } catch {
      throw source.diagnostic(place.line, error)
    }
    let unit = entries.has("unit") ? DisplayUnit.named(try entries.text("unit")) : nil
    return Question.Formula(
      text: calculation, value: unit == nil ? value.calculated : value.text(in: unit, digits: nil))
  }

  private func inlines(_ entries: YamlMapping, _ key: String) throws -> [Inline] {
    let place = entries.place(key)
    return try inlines(entries.line(key), place.line, place.column)
  }

  private func inlines(_ text: String, _ line: Int, _ column: Int) throws(FileDiagnostic)
    -> [Inline]
  {
    try InlineReader(source: source, evaluator: evaluator)
      .read(PlacedCharacter.place(text, line: line, column: column))
  }

  func plain(_ text: String, _ line: Int, _ column: Int) throws(FileDiagnostic) -> String {
    try inlines(text, line, column).plain
  }

  private func hints(_ entries: YamlMapping) throws -> [[Inline]] {
    guard entries.has("hint") else { return [] }
    return try entries.linesOfList("hint").map { try inlines($0.text, $0.line, $0.column) }
  }

  /// Sets what must not be seen: the figures of the answer, and the views and figures under `hide`.
  private func hide(_ entries: YamlMapping, in question: inout Question) throws {
    if question.number != nil {
      question.figures = evaluator.figureNames(try quantity(entries, "answer").expression)
    }
    guard entries.has("hide") else { return }
    let views = Stage.viewNames.filter { $0 != "text" }
    for word in try entries.words("hide") {
      if views.contains(word) {
        question.hides.append(word)
        continue
      }
      guard evaluator.names.contains(where: { word.hasPrefix($0 + ".") }) else {
        throw entries.diagnostic(
          "hide",
          "found \(quoted(word))\(suggestion(for: word, in: views)); expected a figure, such as "
            + "\(evaluator.names.first ?? "RUN").hbm.bytes, or a view: "
            + views.joined(separator: ", "))
      }
      question.figures = question.figures.union(try figures(word, entries.place("hide").line))
    }
  }

  /// The figures that an expression under `hide` names.
  private func figures(_ text: String, _ line: Int) throws(FileDiagnostic) -> HiddenFigures {
    do {
      let expression = try ExpressionParser.parse(text)
      _ = try evaluator.value(expression)
      return evaluator.figureNames(expression)
    } catch { throw source.diagnostic(line, error) }
  }

  private func points(_ entries: YamlMapping) throws(FileError) -> Double {
    guard entries.has("points") else { return 1 }
    let points = try entries.number("points")
    guard points >= 0, points <= 1000 else {
      throw entries.diagnostic("points", "found \(points), expected 0 to 1,000")
    }
    return points
  }
}

extension Quantity {
  /// The quantity with all its digits, for error messages.
  var exactText: String {
    let number = value == value.rounded() && abs(value) < 1e15 ? grouped(Int(value)) : "\(value)"
    let symbol = dimension.symbol
    return symbol.isEmpty ? number : "\(number) \(symbol)"
  }
}
