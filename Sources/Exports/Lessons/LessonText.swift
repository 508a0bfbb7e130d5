// A lesson as plain lines for screen readers and pipes: no boxes, one sentence on each line. What
// must not be shown before a question is answered is masked here and printed later by `LessonWalk`.

import Kernels
import Lessons
import Library
import Machine
import Moments
import Player
import Runs

/// The parts of a lesson as lines, in the order in which `LessonWalk` prints them.
package struct LessonText {
  let lesson: Lesson

  package init(_ lesson: Lesson) { self.lesson = lesson }

  /// Title, summary, the numbers of minutes, beats and questions, and the runs.
  var opening: [String] {
    let counts = [
      counted(lesson.minutes, "minute"), counted(lesson.beats.count, "beat"),
      counted(lesson.questions.count, "question"),
    ]
    let runs = lesson.runs.map { run in
      let origin = run.origin.isEmpty ? "" : ", \(run.origin)"
      // The name of a kernel that is wrong on purpose would reveal what is wrong with it.
      let isFaulty = run.plan.kernel.text.isFaulty
      let kernel = isFaulty ? "a kernel with a fault" : run.plan.kernel.name
      return "Run \(run.name): \(kernel) on \(run.plan.device.name)\(origin)."
    }
    return [lesson.title, lesson.summary, counts.joined(separator: ", ") + "."] + runs
  }

  /// Title, events and prose of a beat, with the answers to its questions masked.
  func beat(_ index: Int, hiding mask: AnswerMask) -> [String] {
    let beat = lesson.beats[index]
    let title = "Beat \(index + 1) of \(lesson.beats.count): \(beat.title)"
    let prose = ProseText(mask: mask).lines(beat.prose)
    let passage = way(to: index, hiding: mask.figures) + marks(beat.stage)
    let watch =
      beat.watch.isEmpty
      ? [] : ProseText(mask: mask).sentences(beat.watch, label: "Watch: ")
    return ["", title] + watch + passage + (prose.isEmpty || passage.isEmpty ? [] : [""]) + prose
  }

  /// The event digest since the previous beat, and the current cycle.
  private func way(to index: Int, hiding hidden: HiddenFigures) -> [String] {
    let stage = lesson.beats[index].stage
    let before = index > 0 ? lesson.beats[index - 1].stage.cycle : -1
    let shown = stage.isZoomed ? [stage.focus] : stage.layout
    // A run that has ended stays at its last cycle.
    let last = shown.map { lesson.runs[$0].recording.lastCycle }.max() ?? 0
    let now = min(stage.cycle, last)
    let isEnd = shown.contains {
      lesson.runs[$0].recording.lastCycle == now
        && hidden.hides(.report("cycles"), of: lesson.runs[$0].name)
    }
    let place = "cycle \(isEnd ? hidden.hiding(grouped(now)) : grouped(now))."
    if stage.cycle == before { return [] }
    if stage.cycle < before { return ["The clock goes back to \(place)"] }
    let passage = EventDigest(
      shown.map { lesson.runs[$0] }, after: before, through: stage.cycle,
      hiding: hidden)
    let rises = shown.flatMap { self.rises(of: lesson.runs[$0], stage, after: before, hidden) }
    return passage.lines + rises + ["The clock stands at \(place)"]
  }

  /// What the bars of the followed row would show: each time that a larger score has made them shrink.
  private func rises(
    of run: CompletedRun, _ stage: Stage, after before: Int, _ hidden: HiddenFigures
  ) -> [String] {
    // The row that the screen follows, under the name that it has there.
    var selection = Selection()
    selection.row = stage.row
    let moment = Moment(run, at: stage.cycle)
    let row = moment.followedRow(selection)
    let word = run.token(row).map { " (“\($0)”)" } ?? ""
    return SoftmaxTrace(run, plane: 0, row: row).rises
      .filter { $0.known > before && $0.known <= stage.cycle }.map { rise in
        func shown(_ text: String) -> String {
          run.facts.names[.factor, default: []].reduce(text) {
            hidden.text($0, .value(of: $1, row: row), of: run.name)
          }
        }
        return
          "\(run.name): a larger score in \(moment.rowName(row, selection))\(word), α = \(shown(short(rise.alpha))): "
          + "everything summed so far shrinks to \(shown(percent(rise.alpha)))."
      }
  }

  /// A share in per cent.
  private func percent(_ share: Float) -> String {
    share < 0.001 ? "less than 0.1 %" : "\(fixed(Double(share) * 100, 1)) %"
  }

  /// The tiles and the row that the screen would highlight.
  private func marks(_ stage: Stage) -> [String] {
    var lines: [String] = []
    for (index, run) in lesson.runs.enumerated() {
      let tiles = stage.highlights.filter { $0.run == index }.map(\.tile.text)
      if !tiles.isEmpty { lines.append("Marked in \(run.name): \(tiles.joined(separator: ", ")).") }
    }
    if let row = stage.row {
      let word = lesson.runs[stage.focus].token(row).map { " (“\($0)”)" } ?? ""
      lines.append("Followed: row \(row)\(word).")
    }
    return lines
  }
}

// MARK: Questions

extension LessonText {
  /// The prompt, the choices, and the form of an answer.
  func question(_ question: Question, number: Int, hiding mask: AnswerMask) -> [String] {
    let points = question.points == 1 ? "" : " (\(plain(question.points)) points)"
    let label = "Question \(number) of \(lesson.questions.count)\(points): "
    return [""] + ProseText(mask: mask).sentences(question.prompt, label: label)
      + choices(question.kind) + [form(of: question.kind)]
  }

  private func choices(_ kind: Question.Kind) -> [String] {
    switch kind {
    case .choice(let texts, _): texts.enumerated().map { "\(Question.letter($0))) \($1)" }
    case .order(let texts, _): texts.enumerated().map { "\($0 + 1). \($1)" }
    case .number, .tile: []
    }
  }

  private func form(of kind: Question.Kind) -> String {
    switch kind {
    case .number(let value, _, let unit):
      let name = unit?.name ?? Self.bareUnits[value.dimension]
      return "Answer with a number\(name.map { " in \($0)" } ?? "")."
    case .choice: return "Answer with the letter of one of them."
    case .order: return "Answer with all their numbers in the true order, the first one first."
    case .tile(let run, _, _):
      return "Answer with a tile of \(lesson.runs[run].name): NAME[ROW] or NAME[ROW,COLUMN]."
    }
  }

  private static let bareUnits: [Dimension: String] = [
    .bytes: "B", .cycles: "cycles", .seconds: "s", .flops: "FLOP",
  ]

  /// The verdict, the given and the correct answer, the formula, and the explanation.
  func reveal(_ question: Question, _ grade: Grade, hiding mask: AnswerMask) -> [String] {
    var lines = [grade.feedback]
    if let answer = grade.answer { lines.append("Your answer: \(answer)") }
    lines.append("The true answer: \(question.expected)")
    if let formula = question.formula {
      lines.append("How to know: \(formula.text) = \(formula.value)")
    }
    return lines + ProseText(mask: mask).sentences(question.explanation)
  }

  /// What to keep of the lesson.
  var ending: [String] {
    guard !lesson.keep.isEmpty else { return [] }
    let open = ProseText(mask: AnswerMask([]))
    return ["", "Keep this:"]
      + lesson.keep.enumerated().flatMap { open.sentences($1, label: "\($0 + 1). ") }
  }

  /// The last line of a lesson: points, and the number of answers of each outcome.
  func score(_ grades: [Grade]) -> String {
    guard !grades.isEmpty else { return "Score: this lesson asks nothing." }
    let counts = Grade.Outcome.allCases.compactMap { outcome -> String? in
      let count = grades.count { $0.outcome == outcome }
      return count > 0 ? "\(count) \(outcome.rawValue)" : nil
    }
    let (score, maximum) = (grades.map(\.score).reduce(0, +), grades.map(\.maximum).reduce(0, +))
    return "Score: \(plain(score)) of \(counted(maximum, "point")); "
      + counts.joined(separator: ", ") + "."
  }
}

/// A count with its noun: `1 point`, `2.5 points`.
private func counted(_ count: Double, _ noun: String) -> String {
  "\(plain(count)) \(noun)\(count == 1 ? "" : "s")"
}

private func counted(_ count: Int, _ noun: String) -> String { counted(Double(count), noun) }

/// A number without a needless decimal point: `2`, `2.5`.
private func plain(_ number: Double) -> String {
  Int(exactly: number).map { "\($0)" } ?? "\(number)"
}
