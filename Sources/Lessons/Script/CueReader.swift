// Reads a `cue` block: the cycle at which a beat stops, and what the screen shows there.

import Library
import Machine
import Moments

/// Reads one cue, which changes the stage of the previous beat.
struct CueReader {
  let source: ScriptSource
  let runs: [RunFigures]
  let work: EvaluationBudget

  private static let keys = [
    "until", "cycle", "focus", "view", "highlight", "row", "layout", "zoom", "play", "speed",
    "watch", "of",
  ]
  private var names: [String] { runs.map(\.name) }
  /// Names of the recorded runs, which come first in `runs`.
  private var playable: [String] { runs.filter { $0.run != nil }.map(\.name) }

  /// The stage after the cue.
  /// - Throws: the first error in the cue.
  func stage(_ directive: Outline.Directive, after previous: Stage) throws(FileDiagnostic) -> Stage
  {
    var stage = previous
    if let word = shorthand(directive) {
      stage.cycle = word == "start" ? 0 : lastCycle
      return stage
    }
    do {
      // A cue has no prose whose spaces must be kept.
      let content = Outline.Part(
        line: directive.content.line, lines: directive.content.lines.map { normalizingSpaces($0) })
      let entries = try YamlMapping(yaml: content, path: source.path, allowed: Self.keys)
      guard !entries.keys.isEmpty else {
        throw source.diagnostic(
          directive.line + 1, 1,
          "found a cue that says nothing, expected until, view or another key")
      }
      stage.cycle = try cycle(entries, after: previous.cycle)
      try set(&stage, entries)
      stage.animation = try animation(entries, from: previous.cycle, to: stage.cycle)
      try checkView(stage, entries)
    } catch let diagnostic as FileDiagnostic { throw diagnostic } catch let error as FileError {
      throw source.diagnostic(error, line: directive.line)
    } catch { preconditionFailure("\(error)") }
    return stage
  }

  /// What a cue says to look at while its animation plays, with its place in the file; nil without one.
  /// - Throws: where nothing plays.
  func watch(
    _ directive: Outline.Directive, _ stage: Stage
  ) throws(FileDiagnostic) -> [PlacedCharacter]? {
    guard shorthand(directive) == nil else { return nil }
    do throws(FileError) {
      let entries = try YamlMapping(
        yaml: directive.content, path: source.path, allowed: Self.keys)
      guard entries.has("watch") else { return nil }
      guard stage.animation != nil else {
        throw entries.diagnostic("watch", "needs play: true, and time that passes")
      }
      let place = entries.place("watch")
      return PlacedCharacter.place(
        try entries.line("watch"), line: place.line, column: place.column)
    } catch { throw source.diagnostic(error, line: directive.line) }
  }

  /// The word of a cue that is just `start` or `end`.
  private func shorthand(_ directive: Outline.Directive) -> String? {
    let words = directive.content.lines.joined(separator: " ").split(whereSeparator: \.isWhitespace)
    guard words.count == 1, words[0] == "start" || words[0] == "end" else { return nil }
    return String(words[0])
  }

  /// Last cycle of the longest run.
  private var lastCycle: Int { runs.compactMap(\.run?.recording.lastCycle).max() ?? 0 }

  // MARK: When

  private func cycle(_ entries: YamlMapping, after previous: Int) throws -> Int {
    if entries.has("until"), entries.has("cycle") {
      throw entries.diagnostic("cycle", "found until and cycle, expected one of them")
    }
    if entries.has("until") {
      let place = entries.place("until")
      do {
        return try self.until(entries.text("until"), after: previous, column: place.column)
      } catch let error as ExpressionError { throw source.diagnostic(place.line, error) }
    }
    guard entries.has("cycle") else { return previous }
    let place = entries.place("cycle")
    do {
      let evaluator = Evaluator(runs, cycle: previous, previous: previous, work: work)
      let expression = try ExpressionParser.parse(entries.text("cycle"), column: place.column)
      let value = try evaluator.value(expression)
      guard let number = value.quantity, [.plain, .cycles].contains(number.dimension),
        let cycle = Int(exactly: number.value.rounded()), (0...lastCycle).contains(cycle)
      else {
        throw ExpressionError(
          column: place.column,
          message:
            "found \(value.quantity?.text ?? value.kind), expected a cycle from 0 to \(lastCycle)")
      }
      return cycle
    } catch let error as ExpressionError { throw source.diagnostic(place.line, error) }
  }

  private func until(_ text: String, after previous: Int, column: Int) throws -> Int {
    let words = text.split(separator: " ").map(String.init)
    if words == ["start"] { return 0 }
    if words == ["end"] { return lastCycle }
    if words.count == 2, let run = runs.first(where: { $0.name == words[0] })?.run {
      if words[1] == "start" { return 0 }
      if words[1] == "end" { return run.recording.lastCycle }
    }
    let reference = try EventReference(text, runs: names, column: column)
    try work.add(Double(runs[reference.run].events.count), column)
    return try reference.cycle(
      in: runs.map(\.events), names: names, after: previous, column: column)
  }

  private func animation(
    _ entries: YamlMapping, from start: Int, to end: Int
  ) throws(FileError) -> Stage.Animation? {
    let plays = entries.has("play") ? try entries.flag("play") : false
    let speed = entries.has("speed") ? try entries.number("speed") : nil
    if let speed, !plays || speed < 1 {
      throw entries.diagnostic(
        "speed", plays ? "found \(speed), expected at least 1" : "needs play: true")
    }
    guard plays, end > start else { return nil }
    return Stage.Animation(
      start: start, cyclesPerSecond: speed ?? max(1, Double(end - start) / 4))
  }

  // MARK: What is shown

  /// Refuses views that have nothing to show.
  private func checkView(_ stage: Stage, _ entries: YamlMapping) throws(FileError) {
    let key = entries.has("view") ? "view" : entries.keys.first ?? "view"
    if stage.view == "ledger", case .matmul = runs[stage.focus].plan.problem {
      throw entries.diagnostic(key, "the view ledger has nothing to show of a product")
    }
    if stage.view == "text", stage.animation != nil {
      throw entries.diagnostic("play", "the view text has no picture in which time could pass")
    }
  }

  private func set(_ stage: inout Stage, _ entries: YamlMapping) throws(FileError) {
    if entries.has("layout") {
      let text = try entries.text("layout")
      guard let layout = FrontMatter.layout(text, playable) else {
        throw entries.diagnostic(
          "layout", unplayable(text) ?? FrontMatter.layoutDiagnostic(text, playable))
      }
      stage.layout = layout
      if !layout.contains(stage.focus) { stage.focus = layout[layout.count - 1] }
    }
    if entries.has("focus") { try setFocus(&stage, entries) }
    if entries.has("view") {
      let view = try entries.text("view")
      guard Stage.viewNames.contains(view) else {
        throw entries.diagnostic(
          "view",
          "found \(quoted(view))\(suggestion(for: view, in: Stage.viewNames)); the views are "
            + Stage.viewNames.joined(separator: ", "))
      }
      stage.view = view
      stage.timed = []
    }
    if entries.has("of") { try setTimed(&stage, entries) }
    if entries.has("zoom") { stage.isZoomed = try entries.flag("zoom") }
    if entries.has("highlight") { stage.highlights = try highlights(entries, stage) }
    if entries.has("row") {
      guard case .attention(let problem) = runs[stage.focus].plan.asked else {
        throw entries.diagnostic("row", "a product has no queries to follow")
      }
      stage.row = try entries.integer("row", in: 0...problem.queries - 1)
    }
  }

  /// The error for a run that the screen cannot show, because it has no recording.
  private func unplayable(_ text: String) -> String? {
    let words = text.split(separator: " ").map(String.init)
    guard let name = words.first(where: { names.contains($0) && !playable.contains($0) }) else {
      return nil
    }
    return "the run \(name) is timing-only: it has figures, but nothing to look at"
  }

  /// Sets the timing-only runs whose launches are shown.
  private func setTimed(_ stage: inout Stage, _ entries: YamlMapping) throws(FileError) {
    let text = try entries.text("of")
    let timed = names.dropFirst(playable.count)
    guard stage.view == "launches" else {
      throw entries.diagnostic("of", "is for the view launches, and the view is \(stage.view)")
    }
    guard let chosen = FrontMatter.layout(text, Array(timed)) else {
      throw entries.diagnostic(
        "of",
        "found \(quoted(text)), expected one or two of the timing-only runs "
          + timed.joined(separator: ", "))
    }
    stage.timed = chosen
  }

  private func setFocus(_ stage: inout Stage, _ entries: YamlMapping) throws(FileError) {
    let panels = Panel.allCases.map(\.rawValue)
    stage.panel = nil
    for word in try entries.text("focus").split(separator: " ").map(String.init) {
      if let diagnostic = unplayable(word) { throw entries.diagnostic("focus", diagnostic) }
      if let run = names.firstIndex(of: word) {
        stage.focus = run
        if !stage.layout.contains(run) {
          throw entries.diagnostic(
            "focus", "the run \(word) is not on the screen; layout: puts it there")
        }
      } else if let panel = Panel(rawValue: word), stage.panel == nil {
        stage.panel = panel
      } else {
        let valid = names + panels
        throw entries.diagnostic(
          "focus",
          "found \(quoted(word))\(suggestion(for: word, in: valid)), expected a run ("
            + names.joined(separator: ", ") + ") or a panel (" + panels.joined(separator: ", ")
            + ")")
      }
    }
  }

  private func highlights(
    _ entries: YamlMapping, _ stage: Stage
  ) throws(FileError) -> [Highlight] {
    var highlights: [Highlight] = []
    var chosen = stage.layout
    for word in try entries.words("highlight") {
      if let diagnostic = unplayable(word) { throw entries.diagnostic("highlight", diagnostic) }
      if let run = names.firstIndex(of: word) {
        chosen = [run]
      } else if let tile = TileName(ofFirstHead: word) {
        let runs = chosen.filter { self.runs[$0].has(tile) }
        guard !runs.isEmpty else {
          throw entries.diagnostic(
            "highlight",
            "found \(quoted(word)), which is no tile of "
              + chosen.map { names[$0] }.joined(separator: " or "))
        }
        highlights += runs.map { Highlight(run: $0, tile: tile) }
      } else {
        throw entries.diagnostic(
          "highlight", "found \(quoted(word)), expected tiles such as S[0,1] or K[2]")
      }
    }
    return highlights
  }
}

extension Stage {
  /// Names that `view:` may have. All but `text` are views of the screen.
  package static let viewNames = [
    "race", "ledger", "tile", "heat", "difference", "traffic", "timeline", "roofline", "recompute",
    "chip", "sm", "cycles", "launches", "text",
  ]
}

extension RunFigures {
  /// Whether the run has such a tile at any cycle.
  func has(_ name: TileName) -> Bool {
    tiles(like: name).contains { $0.isSame(as: name) }
  }
}
