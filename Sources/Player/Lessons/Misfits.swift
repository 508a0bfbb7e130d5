// Whether every page of a lesson fits the smallest screen: said before a class, not during it.

import Canvas
import Lessons
import Views

extension LessonPlayer {
  /// A thing that does not fit 80 × 24, or is not one column wide.
  public struct Misfit: Sendable, Equatable {
    /// Of the beat or the question in the lesson's file, from 1.
    public var line: Int
    public var message: String
  }

  /// All of a lesson's misfits. They are the same in every theme: themes differ in looks only.
  public static func misfits(_ lesson: Lesson) -> [Misfit] {
    var player = LessonPlayer(lesson)
    var result: [Misfit] = []
    let extra = " \(lesson.title) \(player.progress)".count - Player.smallest.width
    if extra > 0 {
      result.append(
        Misfit(line: 1, message: "the title is \(extra) columns too long for the header"))
    }
    result += (lesson.title + lesson.summary).wideCharacters.map { Misfit(line: 1, message: $0) }
    for (index, beat) in lesson.beats.enumerated() {
      player.arrive(at: Place(beat: index))
      result += player.misfits
      result += beat.everything.wideCharacters.map { Misfit(line: beat.line, message: $0) }
    }
    return result
  }

  /// Of the beat at hand.
  private var misfits: [Misfit] {
    let (width, height) = Player.smallest
    let rect = Rect(row: 1, column: 0, height: height - 2, width: width)
    let layout = LessonLayout(beat, stagePlayer().scene, in: rect)
    var result: [Misfit] = []
    let room = layout.rule.width - 24
    if beat.title.count > room {
      result.append(
        Misfit(line: beat.line, message: "the heading is longer than \(room) columns"))
    }
    result += (0..<beat.pageCount).compactMap { misfit(ofPage: $0, layout) }
    var lines = TextLines(width: layout.text.width)
    _ = lines.lines(beat.prose)
    result += lines.cut.map {
      Misfit(line: beat.line, message: "this is wider than \(lines.width) columns: \($0)")
    }
    return result
  }

  private func misfit(ofPage page: Int, _ layout: LessonLayout) -> Misfit? {
    let rows = beat.rows(
      ofPage: page, layout.text.width, keepingText: page > 0 && layout.keepsText)
    guard rows > layout.text.height else { return nil }
    let room = beat.stage.view == "text" ? "" : " below the view \(beat.stage.view)"
    let (name, line) = beat.name(ofPage: page)
    return Misfit(
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
    let texts = [title] + (prose + notes).map(\.plain) + questions.flatMap(\.texts)
    return texts.joined()
  }
}

extension String {
  /// Characters that a cell cannot hold, each with what is wrong.
  fileprivate var wideCharacters: [String] {
    var seen: [Character] = []
    for character in self where character.oneColumn != character {
      if !seen.contains(character) { seen.append(character) }
    }
    // A character may be a pile of a thousand accents: its first scalar names it.
    return seen.prefix(5).map {
      "“\(visible(String($0.unicodeScalars.first!)))” is not one column wide"
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

extension Prose {
  fileprivate var plain: String {
    switch self {
    case .paragraph(let inlines), .heading(let inlines), .quote(let inlines): inlines.plain
    case .list(let items, _): items.map(\.plain).joined()
    case .code(let lines): lines.joined()
    case .table(let header, let rows): ([header] + rows).joined().map(\.plain).joined()
    }
  }
}
