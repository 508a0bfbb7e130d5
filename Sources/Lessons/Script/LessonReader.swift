// Reads a lesson's file beat by beat. All errors are collected, so that an author sees them at
// once.

import Library
import Machine

extension Lesson {
  /// The result of reading a file: a lesson, or its errors.
  package struct Reading: Sendable {
    package internal(set) var lesson: Lesson?
    /// Errors in the order of the file; empty if there is a lesson.
    package let diagnostics: [FileDiagnostic]
    /// Number of claims that were proved: expectations, formulas, choices, orders and tiles.
    package let claims: Int
  }

  /// Reads a lesson, simulates its runs and proves its claims; messages name the file `path`.
  package static func read(_ text: String, path: String) -> Reading {
    var reader = LessonReader(ScriptSource(text, path: path))
    let lesson = reader.read()
    let diagnostics = reader.diagnostics.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    return Reading(
      lesson: diagnostics.isEmpty ? lesson : nil, diagnostics: diagnostics, claims: reader.claims)
  }
}

/// Reads the lesson in one file.
struct LessonReader {
  private let source: ScriptSource
  private(set) var diagnostics: [FileDiagnostic] = []
  private(set) var claims = 0
  private var ids: Set<String> = []
  private let work = EvaluationBudget()
  private static let mostFaults = 50

  init(_ source: ScriptSource) { self.source = source }

  mutating func read() -> Lesson? {
    diagnostics = source.unsafeCharacters
    guard diagnostics.isEmpty else {
      diagnostics = Array(diagnostics.prefix(Self.mostFaults))
      return nil
    }
    do {
      let outline = try Outline(source)
      let front = try FrontMatter(outline.frontMatter, source)
      let runs = front.runs.map { RunFigures($0) }
      let beats = beats(outline.sections, runs, layout: front.layout)
      var lesson = Lesson(
        name: name, path: source.path, title: front.heading.title, summary: front.heading.summary,
        minutes: front.heading.minutes,
        runs: runs.compactMap(\.run), timed: front.timed, beats: beats, lines: source.lines)
      lesson.keep = try kept(front, runs, at: beats.last?.stage.cycle ?? 0)
      return lesson
    } catch {
      diagnostics.append(error)
      return nil
    }
  }

  /// The file's name without `.md`: `05-flash-attention` for `lessons/05-flash-attention.md`.
  private var name: String {
    let file = source.path.split(separator: "/").last.map(String.init) ?? source.path
    return file.hasSuffix(".md") ? String(file.dropLast(3)) : file
  }

  /// Limits that no real lesson reaches.
  private static let (mostBeats, mostQuestions) = (200, 20)

  private mutating func beats(
    _ sections: [Outline.Section], _ runs: [RunFigures], layout: [Int]
  ) -> [Beat] {
    // The last run is in focus: lessons put FlashAttention behind standard attention.
    var stage = Stage(layout: layout, focus: layout[layout.count - 1])
    var beats: [Beat] = []
    if let extra = sections.dropFirst(Self.mostBeats).first {
      diagnostics.append(
        source.diagnostic(
          extra.line, 1, "found \(sections.count) beats, expected \(Self.mostBeats) at most"))
      return []
    }
    for section in sections where diagnostics.count < Self.mostFaults {
      let previous = stage.cycle
      (stage.highlights, stage.row, stage.panel, stage.animation) = ([], nil, nil, nil)
      do throws(FileDiagnostic) {
        let cue = try single(.cue, section)
        if let cue {
          stage = try CueReader(source: source, runs: runs, work: work).stage(cue, after: stage)
        }
        let asks = section.directives.filter { $0.kind == .ask }
        if let extra = asks.dropFirst(Self.mostQuestions).first {
          throw source.diagnostic(
            extra.line, 1,
            "found \(asks.count) questions in this beat, expected \(Self.mostQuestions) at most")
        }
        let evaluator = Evaluator(
          runs, cycle: stage.cycle, previous: previous, work: work)
        var beat = beat(section, stage, evaluator)
        if let cue { beat.watch = try watch(cue, stage, runs) }
        beats.append(beat)
      } catch { diagnostics.append(error) }
    }
    return beats
  }

  /// What is said while the animation of a cue plays: its numbers are those at its beginning.
  private func watch(
    _ cue: Outline.Directive, _ stage: Stage, _ runs: [RunFigures]
  ) throws(FileDiagnostic) -> [Inline] {
    let reader = CueReader(source: source, runs: runs, work: work)
    guard let text = try reader.watch(cue, stage), let animation = stage.animation else {
      return []
    }
    let evaluator = Evaluator(
      runs, cycle: animation.start, previous: animation.start, work: work)
    return try InlineReader(source: source, evaluator: evaluator).read(text)
  }

  /// What a viewer should keep of the lesson, with the numbers at its end.
  private func kept(
    _ front: FrontMatter, _ runs: [RunFigures], at cycle: Int
  ) throws(FileDiagnostic) -> [[Inline]] {
    let evaluator = Evaluator(runs, cycle: cycle, previous: cycle, work: work)
    var kept: [[Inline]] = []
    for line in front.keep {
      kept.append(
        try InlineReader(source: source, evaluator: evaluator)
          .read(PlacedCharacter.place(line.text, line: line.line, column: line.column)))
    }
    return kept
  }

  /// The only directive of a kind; nil where there is none.
  private func single(
    _ kind: Outline.Kind, _ section: Outline.Section
  ) throws(FileDiagnostic) -> Outline.Directive? {
    let all = section.directives.filter { $0.kind == kind }
    guard all.count <= 1 else {
      throw source.diagnostic(
        all[1].line, 1, "found a second \(kind.rawValue) in this beat, expected one")
    }
    return all.first
  }

  private mutating func beat(
    _ section: Outline.Section, _ stage: Stage, _ evaluator: Evaluator
  ) -> Beat {
    var beat = Beat(
      title: title(section, evaluator), line: section.line,
      prose: section.prose.flatMap { prose($0, evaluator) }, stage: stage)
    if section.title.isEmpty {
      diagnostics.append(source.diagnostic(section.line, 1, "found a beat without a title"))
    }
    for directive in section.directives {
      switch directive.kind {
      case .cue: break
      case .ask: question(directive, evaluator).map { beat.questions.append($0) }
      case .expect: expect(directive, evaluator)
      case .notes: beat.notes += prose(directive.content, evaluator)
      }
    }
    return beat
  }

  /// The heading of a beat without styles, its expressions evaluated.
  private mutating func title(_ section: Outline.Section, _ evaluator: Evaluator) -> String {
    let text = PlacedCharacter.place(
      section.title, line: section.line, column: section.column)
    do throws(FileDiagnostic) {
      return try InlineReader(source: source, evaluator: evaluator).read(text).plain
    } catch {
      diagnostics.append(error)
      return section.title
    }
  }

  private mutating func prose(_ part: Outline.Part, _ evaluator: Evaluator) -> [Prose] {
    let (blocks, diagnostics) = ProseReader(source, evaluator).read(part)
    self.diagnostics += diagnostics
    return blocks
  }

  private mutating func question(
    _ directive: Outline.Directive, _ evaluator: Evaluator
  ) -> Question? {
    do throws(FileDiagnostic) {
      let question = try QuestionReader(source: source, evaluator: evaluator)
        .question(directive, id: "q\(ids.count + 1)")
      guard ids.insert(question.id).inserted else {
        throw source.diagnostic(
          directive.line, 1, "found the id \(quoted(question.id)) a second time")
      }
      if question.isProved { claims += 1 }
      return question
    } catch {
      diagnostics.append(error)
      return nil
    }
  }

  private mutating func expect(_ directive: Outline.Directive, _ evaluator: Evaluator) {
    for (index, line) in directive.content.lines.enumerated() {
      let indentation = line.prefix { $0 == " " }.count
      guard !line.allSatisfy(\.isWhitespace), line.dropFirst(indentation).first != "#" else {
        continue
      }
      do throws(ExpressionError) {
        let column = indentation + 1
        let claim = try ExpressionParser.parse(line.dropFirst(indentation), column: column)
        try evaluator.prove(claim, column: column)
        claims += 1
      } catch {
        diagnostics.append(source.diagnostic(directive.content.line + index, error))
      }
    }
  }
}

extension Evaluator {
  /// Evaluates a claim.
  /// - Throws: where it is false, with the values of both sides.
  fileprivate func prove(_ claim: Expression, column: Int) throws(ExpressionError) {
    guard case .flag(let holds) = try value(claim) else {
      throw ExpressionError(
        column: column, message: "found \(try value(claim).kind), expected a claim such as a < b")
    }
    guard !holds else { return }
    var sides = ""
    if case .binary(_, let left, let right, _) = claim, let a = try value(left).quantity,
      let b = try value(right).quantity
    {
      sides = ": on the left \(a.exactText), on the right \(b.exactText)"
    }
    throw ExpressionError(
      column: column, message: "the claim is false at cycle \(grouped(cycle))\(sides)")
  }
}

extension Question {
  /// True where the runs prove the answer, and not only the author claims it.
  fileprivate var isProved: Bool {
    switch kind {
    case .number: formula != nil
    case .choice, .order, .tile: true
    }
  }
}
