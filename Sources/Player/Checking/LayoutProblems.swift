// Layout problems: pages of a lesson that do not fit the smallest screen, 80 × 24, and answers that stand
// above their questions. `tilewalk check` reports them, so that they show before a class.

import Canvas
import Lessons
import Library

extension LessonPlayer {
  /// A page that does not fit 80 × 24, or a character that is not one column wide.
  package struct LayoutProblem: Sendable, Equatable {
    /// Line of the beat or the question in the lesson's file, from 1.
    package var line: Int
    package var message: String
  }

  /// All layout problems of a lesson. They are the same in every theme: themes change only looks.
  package static func layoutProblems(_ lesson: Lesson) -> [LayoutProblem] {
    var player = LessonPlayer(lesson)
    var result: [LayoutProblem] = []
    let extra = " \(lesson.title) \(player.progress)".count - Player.smallest.width
    if extra > 0 {
      result.append(
        LayoutProblem(
          line: lesson.line(where: { $0.hasPrefix("title:") }, from: 1),
          message: "the title is \(extra) columns too long for the header"))
    }
    result += lesson.wide(in: lesson.title + lesson.summary, from: 1)
    for (index, beat) in lesson.beats.enumerated() {
      player.arrive(at: Place(beat: index))
      result += player.layoutProblems
      result += beat.toldAnswers
      result += lesson.wide(in: beat.everything, from: beat.line)
    }
    return result
  }

  /// The layout problems of the current beat.
  private var layoutProblems: [LayoutProblem] {
    let (width, height) = Player.smallest
    let rect = Rect(row: 1, column: 0, height: height - 2, width: width)
    let layout = LessonLayout(beat, stagePlayer().scene, in: rect)
    var result: [LayoutProblem] = []
    let room = layout.rule.width - 24
    if beat.title.count > room {
      result.append(
        LayoutProblem(line: beat.line, message: "the heading is longer than \(room) columns"))
    }
    result += (0..<beat.pageCount).compactMap { layoutProblem(ofPage: $0, layout) }
    var lines = TextLines(width: layout.text.width)
    _ = lines.lines(beat.prose)
    result += lines.cut.map {
      LayoutProblem(line: $0.line, message: "this is wider than \(lines.width) columns: \($0.text)")
    }
    return result
  }

  private func layoutProblem(ofPage page: Int, _ layout: LessonLayout) -> LayoutProblem? {
    let rows = beat.rows(
      ofPage: page, layout.text.width, keepingText: page > 0 && layout.keepsTextAboveQuestion)
    guard rows > layout.text.height else { return nil }
    let room = beat.stage.view == "text" ? "" : " below the view \(beat.stage.view)"
    let (name, line) = beat.name(ofPage: page)
    return LayoutProblem(
      line: line,
      message: "\(name) takes \(rows) rows, and 80 × 24 has \(layout.text.height)\(room)")
  }
}

extension Beat {
  fileprivate func name(ofPage number: Int) -> (name: String, line: Int) {
    switch page(number) {
    case .text: ("the text of “\(title)”", line)
    case .open(let question): ("question \(question.id)", question.line)
    case .revealed(let question): ("the answer to \(question.id)", question.line)
    }
  }

  fileprivate var everything: String {
    let texts = [title, watch.plain] + (prose + notes).map(\.plain) + questions.flatMap(\.texts)
    return texts.joined(separator: " ")
  }
}

extension Lesson {
  /// Number of the first line of the file, from `start` on, that `isWanted` accepts; `start` if
  /// there is none.
  fileprivate func line(where isWanted: (String) -> Bool, from start: Int) -> Int {
    let rest = lines.dropFirst(start - 1)
    return rest.firstIndex(where: isWanted).map { $0 + 1 } ?? start
  }

  /// A problem for each of the first five characters that do not fit into one cell, with its line.
  fileprivate func wide(in text: String, from start: Int) -> [LessonPlayer.LayoutProblem] {
    var seen: [Character] = []
    for character in text where character.oneColumn != character {
      if !seen.contains(character) { seen.append(character) }
    }
    // A character may have a thousand combining accents, so the message shows its first scalar
    // only.
    return seen.prefix(5).map { character in
      LessonPlayer.LayoutProblem(
        line: line(where: { $0.contains(character) }, from: start),
        message:
          "“\(visible(String(character.unicodeScalars.prefix(1))))” (\(codes(of: character))) "
          + "is not one column wide")
    }
  }
}

extension Question {
  fileprivate var texts: [String] {
    var texts: [String] = ([prompt, explanation] + hints).map(\.plain)
    if let formula { texts += [formula.text, formula.value] }
    return texts + items
  }

  private var items: [String] {
    switch kind {
    case .choice(let texts, _): texts
    case .order(let shown, _): shown
    default: []
    }
  }
}
