// Reads questions whose answer is not a number, and proves the answer from the runs: which choice
// is true, the order of events, the one tile for which a claim holds.

import Library
import Machine
import Notation

extension QuestionReader {
  func choice(_ entries: YamlMapping, _ line: Int) throws -> Question.Kind {
    let pairs = try entries.pairs("choices")
    let texts = try pairs.map { try plain($0.text, $0.line, $0.column) }
    guard (2...9).contains(pairs.count), Set(texts).count == texts.count else {
      throw entries.diagnostic("choices", "expected two to nine different choices")
    }
    try checkLetters(texts, pairs.map(\.line))
    let claims = pairs.compactMap(\.value)
    if claims.isEmpty {
      guard entries.has("answer") else {
        throw entries.diagnostic(
          "choices", "expected answer: the text of the right one, or text: claim")
      }
      let answer = try entries.text("answer")
      guard let right = pairs.firstIndex(where: { $0.text == answer }) else {
        throw entries.diagnostic(
          "answer",
          "found \(quoted(answer))\(suggestion(for: answer, in: pairs.map(\.text))), "
            + "expected one of the choices")
      }
      return .choice(texts, right: right)
    }
    guard claims.count == pairs.count, !entries.has("answer") else {
      throw entries.diagnostic("choices", "expected a claim for each choice, and then no answer")
    }
    try requireRun(claims)
    var right: [Int] = []
    for (index, claim) in claims.enumerated() where try holds(claim) { right.append(index) }
    guard right.count == 1 else {
      throw entries.diagnostic(
        "choices",
        right.isEmpty
          ? "no claim is true, expected exactly one"
          : "found \(right.count) claims that are true (\(listed(right.map { texts[$0] }))), expected one"
      )
    }
    return .choice(texts, right: right[0])
  }

  /// Choices that are single letters must be in alphabetical order: typed as an answer, such a
  /// letter must not mean another choice.
  private func checkLetters(_ texts: [String], _ lines: [Int]) throws {
    for (index, text) in texts.enumerated() {
      let meant = Question.choice(text, among: texts)
      guard meant != index, let meant else { continue }
      throw source.diagnostic(
        lines[index], 1,
        "found the choice \(quoted(text)) in the place of \(Question.letter(index)), while "
          + "\(Question.letter(meant)) means another; expected it in the order of the letters")
    }
  }

  /// Refuses claims that name no run, because a run does not decide them.
  private func requireRun(_ claims: [YamlMapping.Line]) throws {
    for claim in claims {
      if let expression = try? ExpressionParser.parse(claim.text), !expression.namesRun {
        throw source.diagnostic(
          claim.line, claim.column, "found a claim that no run decides, such as 1 < 2")
      }
    }
  }

  private func holds(_ claim: YamlMapping.Line, _ evaluator: Evaluator? = nil) throws -> Bool {
    do {
      let expression = try ExpressionParser.parse(claim.text, column: claim.column)
      let value = try (evaluator ?? self.evaluator).value(expression)
      guard case .flag(let flag) = value else {
        throw ExpressionError(
          column: claim.column, message: "found \(value.kind), expected a claim such as a < b")
      }
      return flag
    } catch let error as ExpressionError { throw source.diagnostic(claim.line, error) }
  }

  func order(_ entries: YamlMapping) throws -> Question.Kind {
    let pairs = try entries.pairs("order")
    guard (2...9).contains(pairs.count), pairs.allSatisfy({ $0.value != nil }) else {
      throw entries.diagnostic("order", "expected two to nine pairs of text: RUN EVENT")
    }
    var previous = -1
    for pair in pairs {
      let event = pair.value!
      let cycle = try cycle(event)
      guard cycle > previous else {
        throw source.diagnostic(
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
    let names = evaluator.names
    do {
      let reference = try EventReference(event.text, runs: names, column: event.column)
      try evaluator.work.add(
        Double(evaluator.runs[reference.run].events.count), event.column)
      return try reference.cycle(
        in: evaluator.runs.map(\.events), names: names, after: evaluator.previous,
        column: event.column)
    } catch { throw source.diagnostic(event.line, error) }
  }

  /// The places at which the first, second … item is shown. The shuffle depends on `seed` alone,
  /// and never keeps the original order.
  private static func shuffle(_ count: Int, seed: Int) -> [Int] {
    var places = Array(0..<count)
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
    for index in stride(from: count - 1, to: 0, by: -1) {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      places.swapAt(index, Int(state >> 33) % (index + 1))
    }
    return places == Array(0..<count) ? places.reversed() : places
  }

  func tile(_ entries: YamlMapping) throws -> Question.Kind {
    let text = try entries.text("tile")
    let words = normalizingSpaces(text).split(separator: " ").map(String.init)
    let names = evaluator.names
    guard words.count == 2, let run = names.firstIndex(of: words[0]),
      let tile = TileName(ofFirstHead: words[1]),
      evaluator.runs[run].has(tile)
    else {
      throw entries.diagnostic(
        "tile",
        "found \(quoted(text)), expected a run and one of its tiles, such as \(names[0]) O[0]")
    }
    try prove(entries, run, tile)
    return .tile(run: run, named: names[run], tile)
  }

  /// Checks that the claim holds for this tile and for no other tile of the same tensor.
  private func prove(_ entries: YamlMapping, _ run: Int, _ tile: TileName) throws {
    let place = entries.place("claim")
    let claim = YamlMapping.Line(
      text: try entries.line("claim"), line: place.line, column: place.column)
    let figures = evaluator.runs[run]
    let state: State
    do { state = try evaluator.state(of: run, place.column) } catch {
      throw source.diagnostic(place.line, error)
    }
    for other in figures.tiles(like: tile) {
      do { try evaluator.work.add(EvaluationBudget.tile, place.column) } catch {
        throw source.diagnostic(place.line, error)
      }
      guard let values = figures.tile(other, in: state, index: run) else {
        continue
      }
      var evaluator = evaluator
      evaluator.tile = values
      guard try holds(claim, evaluator) != other.isSame(as: tile) else { continue }
      throw source.diagnostic(
        place.line, place.column,
        other.isSame(as: tile)
          ? "the claim is false for \(tile.text)"
          : "the claim is true for \(other.text) as well as for \(tile.text)")
    }
  }
}
