// A question with its answer worked out and proved: an answer must come from a run, a formula must
// agree with it, and of the choices exactly one must be true.

import Kernels
import Machine
import Yams

/// Reads one `ask` at its beat.
struct AskReader {
  let source: ScriptSource
  let evaluator: Evaluator

  private static let keys = [
    "question", "answer", "tolerance", "unit", "formula", "choices", "order", "tile", "claim",
    "hint", "explain", "hide", "id", "points",
  ]

  /// - Parameter id: the name it has unless it says otherwise.
  /// - Throws: a fault where the question is wrong.
  func question(_ directive: Outline.Directive, id: String) throws(Fault) -> Question {
    do {
      let entries = try YamlMapping(
        yaml: directive.content, path: source.path, allowed: Self.keys)
      return Question(
        id: entries.has("id") ? try entries.text("id") : id, line: directive.line,
        prompt: try inlines(entries, "question"), kind: try kind(entries, directive.line),
        formula: try formula(entries), hints: try hints(entries),
        explanation: entries.has("explain") ? try inlines(entries, "explain") : [],
        hides: try hides(entries), points: try points(entries))
    } catch let fault as Fault { throw fault } catch let error as FileError {
      throw source.fault(error, line: directive.line)
    } catch { preconditionFailure("\(error)") }
  }

  // MARK: Kinds

  private func kind(_ entries: YamlMapping, _ line: Int) throws -> Question.Kind {
    let kinds = ["choices", "order", "tile"].filter(entries.has)
    guard kinds.count <= 1 else {
      throw entries.fault(kinds[1], "found \(listed(kinds)), expected one kind of answer")
    }
    let kind = kinds.first ?? "answer"
    let foreign = ["tolerance", "unit", "formula"].filter { kind != "answer" && entries.has($0) }
    if let key = foreign.first { throw entries.fault(key, "is for an answer that is a number") }
    if kind != "tile", entries.has("claim") { throw entries.fault("claim", "is for a tile") }
    switch kind {
    case "choices": return try choice(entries, line)
    case "order": return try order(entries)
    case "tile": return try tile(entries)
    default: return try number(entries)
    }
  }

  /// The expression under `key`, worked out.
  private func value(_ entries: YamlMapping, _ key: String, _ evaluator: Evaluator) throws
    -> (value: Value, expression: Expression)
  {
    let place = entries.place(key)
    do {
      let expression = try ExpressionParser.parse(entries.line(key), column: place.column)
      return (try evaluator.value(expression), expression)
    } catch let error as ExpressionFault { throw source.fault(place.line, error) }
  }

  private func quantity(_ entries: YamlMapping, _ key: String) throws
    -> (quantity: Quantity, expression: Expression)
  {
    let (value, expression) = try value(entries, key, evaluator)
    guard let quantity = value.quantity, quantity.value.isFinite else {
      throw entries.fault(
        key, "found \(value.quantity?.text ?? value.kind), expected a finite number")
    }
    return (quantity, expression)
  }

  private func number(_ entries: YamlMapping) throws -> Question.Kind {
    let (answer, expression) = try quantity(entries, "answer")
    guard expression.namesRun else {
      let place = entries.place("answer")
      throw source.fault(
        place.line, place.column,
        "found an answer that no run gives; expected an expression such as flash.hbm.bytes")
    }
    if entries.has("formula") {
      let (known, _) = try quantity(entries, "formula")
      guard agrees(known, answer) else {
        let place = entries.place("formula")
        throw source.fault(
          place.line, place.column,
          "the formula gives \(known.exactText), the answer is \(answer.exactText)")
      }
    }
    var unit: DisplayUnit?
    if entries.has("unit") {
      let name = try entries.text("unit")
      unit = DisplayUnit.named(name)
      guard unit?.dimension == answer.dimension else {
        throw entries.fault(
          "unit", "found \(quoted(name)), expected a unit of \(answer.dimension.name)")
      }
    }
    return .number(answer, tolerance: try tolerance(entries, answer), unit: unit)
  }

  /// Whole numbers exactly, others but for rounding.
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
    if text.hasSuffix("%") { return abs(answer.value) * tolerance.value }
    guard [.plain, answer.dimension].contains(tolerance.dimension), tolerance.value >= 0 else {
      throw entries.fault("tolerance", "found \(tolerance.text), expected \(answer.dimension.name)")
    }
    return tolerance.value
  }

  private func choice(_ entries: YamlMapping, _ line: Int) throws -> Question.Kind {
    let pairs = try entries.pairs("choices")
    let texts = try pairs.map { try plain($0.text, $0.line, $0.column) }
    guard (2...9).contains(pairs.count), Set(texts).count == texts.count else {
      throw entries.fault("choices", "expected two to nine different choices")
    }
    let claims = pairs.compactMap(\.value)
    if claims.isEmpty {
      guard entries.has("answer") else {
        throw entries.fault("choices", "expected answer: the text of the right one, or text: claim")
      }
      let answer = try entries.text("answer")
      guard let right = pairs.firstIndex(where: { $0.text == answer }) else {
        throw entries.fault(
          "answer",
          "found \(quoted(answer))\(suggestion(for: answer, in: pairs.map(\.text))), "
            + "expected one of the choices")
      }
      return .choice(texts, right: right)
    }
    guard claims.count == pairs.count, !entries.has("answer") else {
      throw entries.fault("choices", "expected a claim for each choice, and then no answer")
    }
    var right: [Int] = []
    for (index, claim) in claims.enumerated() where try holds(claim) { right.append(index) }
    guard right.count == 1 else {
      throw entries.fault(
        "choices",
        right.isEmpty
          ? "no claim is true, expected exactly one"
          : "found \(right.count) claims that are true (\(listed(right.map { texts[$0] }))), expected one"
      )
    }
    return .choice(texts, right: right[0])
  }

  private func holds(_ claim: YamlMapping.Line, _ evaluator: Evaluator? = nil) throws -> Bool {
    do {
      let expression = try ExpressionParser.parse(claim.text, column: claim.column)
      let value = try (evaluator ?? self.evaluator).value(expression)
      guard case .flag(let flag) = value else {
        throw ExpressionFault(
          column: claim.column, message: "found \(value.kind), expected a claim such as a < b")
      }
      return flag
    } catch let error as ExpressionFault { throw source.fault(claim.line, error) }
  }

  private func order(_ entries: YamlMapping) throws -> Question.Kind {
    let pairs = try entries.pairs("order")
    guard (2...9).contains(pairs.count), pairs.allSatisfy({ $0.value != nil }) else {
      throw entries.fault("order", "expected two to nine pairs of text: RUN EVENT")
    }
    var previous = -1
    for pair in pairs {
      let event = pair.value!
      let cycle = try cycle(event)
      guard cycle > previous else {
        throw source.fault(
          event.line, event.column,
          "this happens at cycle \(grouped(cycle)), not after the one above it (\(grouped(previous)))"
        )
      }
      previous = cycle
    }
    let texts = try pairs.map { try plain($0.text, $0.line, $0.column) }
    let truth = Self.shuffle(texts.count, seed: entries.line)
    var shown = texts
    for (place, item) in zip(truth, texts) { shown[place] = item }
    return .order(shown: shown, truth: truth)
  }

  private func cycle(_ event: YamlMapping.Line) throws -> Int {
    let names = evaluator.runs.map(\.run.name)
    do {
      let reference = try EventReference(event.text, runs: names, column: event.column)
      return try reference.cycle(
        in: evaluator.runs.map(\.events), names: names, after: evaluator.previous,
        column: event.column)
    } catch { throw source.fault(event.line, error) }
  }

  /// Where the first, second … item is shown: always the same, and never all in place.
  private static func shuffle(_ count: Int, seed: Int) -> [Int] {
    var places = Array(0..<count)
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
    for index in stride(from: count - 1, to: 0, by: -1) {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      places.swapAt(index, Int(state >> 33) % (index + 1))
    }
    return places == Array(0..<count) ? places.reversed() : places
  }

  private func tile(_ entries: YamlMapping) throws -> Question.Kind {
    let text = try entries.text("tile")
    let words = text.split(separator: " ").map(String.init)
    let names = evaluator.runs.map(\.run.name)
    guard words.count == 2, let run = names.firstIndex(of: words[0]), let tile = TileName(words[1]),
      evaluator.runs[run].has(tile)
    else {
      throw entries.fault(
        "tile",
        "found \(quoted(text)), expected a run and one of its tiles, such as \(names[0]) O[0]")
    }
    if entries.has("claim") { try prove(entries, run, tile) }
    return .tile(run: run, tile)
  }

  /// The claim must hold for this tile and for no other of the same matrix.
  private func prove(_ entries: YamlMapping, _ run: Int, _ tile: TileName) throws {
    let place = entries.place("claim")
    let claim = YamlMapping.Line(
      text: try entries.line("claim"), line: place.line, column: place.column)
    let figures = evaluator.runs[run]
    for other in figures.tiles(like: tile) {
      guard let values = figures.tile(other, in: evaluator.states[run], index: run) else {
        continue
      }
      var evaluator = evaluator
      evaluator.tile = values
      guard try holds(claim, evaluator) != other.isSame(as: tile) else { continue }
      throw source.fault(
        place.line, place.column,
        other.isSame(as: tile)
          ? "the claim is false for \(tile.text)"
          : "the claim is true for \(other.text) as well as for \(tile.text)")
    }
  }

  // MARK: Texts

  private func formula(_ entries: YamlMapping) throws -> Question.Formula? {
    guard entries.has("formula") else { return nil }
    let (value, _) = try quantity(entries, "formula")
    let unit = entries.has("unit") ? DisplayUnit.named(try entries.text("unit")) : nil
    return Question.Formula(
      text: try entries.line("formula"), value: value.text(in: unit, digits: nil))
  }

  private func inlines(_ entries: YamlMapping, _ key: String) throws -> [Inline] {
    let place = entries.place(key)
    return try inlines(entries.line(key), place.line, place.column)
  }

  private func inlines(_ text: String, _ line: Int, _ column: Int) throws(Fault) -> [Inline] {
    try InlineReader(source: source, evaluator: evaluator)
      .read(PlacedCharacter.place(text, line: line, column: column)[...])
  }

  private func plain(_ text: String, _ line: Int, _ column: Int) throws(Fault) -> String {
    try inlines(text, line, column).plain
  }

  private func hints(_ entries: YamlMapping) throws -> [[Inline]] {
    guard entries.has("hint") else { return [] }
    return try entries.linesOfList("hint").map { try inlines($0.text, $0.line, $0.column) }
  }

  private func hides(_ entries: YamlMapping) throws(FileError) -> [String] {
    guard entries.has("hide") else { return [] }
    let words = try entries.words("hide")
    let valid = Stage.viewNames.filter { $0 != "text" }
    for word in words where !valid.contains(word) {
      throw entries.fault(
        "hide",
        "found \(quoted(word))\(suggestion(for: word, in: valid)); the views are "
          + valid.joined(separator: ", "))
    }
    return words
  }

  private func points(_ entries: YamlMapping) throws(FileError) -> Double {
    guard entries.has("points") else { return 1 }
    let points = try entries.number("points")
    guard points >= 0, points <= 1000 else {
      throw entries.fault("points", "found \(points), expected 0 to 1,000")
    }
    return points
  }
}

extension Quantity {
  /// With all its digits, for complaints.
  var exactText: String {
    let number = value == value.rounded() && abs(value) < 1e15 ? grouped(Int(value)) : "\(value)"
    let symbol = dimension.symbol
    return symbol.isEmpty ? number : "\(number) \(symbol)"
  }
}
