// Whether every page of a lesson fits the smallest screen: said before a class, not during it.

import Canvas
import Lessons
import Views

extension LessonPlayer {
  /// What does not fit 80 × 24 or is not one column wide, by index of the beat.
  public static func misfits(_ lesson: Lesson) -> [(beat: Int, message: String)] {
    var player = LessonPlayer(lesson)
    var result: [(beat: Int, message: String)] = []
    let header = " \(lesson.title) \(player.progress)"
    if header.count > Player.smallest.width {
      result.append(
        (0, "the title is \(header.count - Player.smallest.width) columns too long for the header"))
    }
    for (index, beat) in lesson.beats.enumerated() {
      player.arrive(at: Place(beat: index))
      result += (player.misfits + beat.wideCharacters).map { (index, $0) }
    }
    return result
  }

  /// Of the beat at hand; the same in every theme, because themes differ in looks only.
  private var misfits: [String] {
    let (width, height) = Player.smallest
    let rect = Rect(row: 1, column: 0, height: height - 2, width: width)
    let layout = LessonLayout(beat, stagePlayer().scene, in: rect)
    var result: [String] = []
    if beat.title.count > layout.rule.width - 14 {
      result.append("the heading is longer than \(layout.rule.width - 14) columns")
    }
    for page in 0..<beat.pageCount {
      let rows = beat.rows(
        ofPage: page, layout.text.width, keepingText: page > 0 && layout.keepsText)
      guard rows > layout.text.height else { continue }
      let room = beat.stage.view == "text" ? "" : " beside the view \(beat.stage.view)"
      result.append(
        "\(beat.name(ofPage: page)) takes \(rows) rows, and 80 × 24 has \(layout.text.height)\(room)"
      )
    }
    var lines = TextLines(width: layout.text.width)
    _ = lines.lines(beat.prose)
    result += lines.cut.map { "this is wider than \(lines.width) columns: \($0)" }
    return result
  }
}

extension Beat {
  fileprivate func name(ofPage number: Int) -> String {
    switch page(number) {
    case .text: "the text"
    case .open(let question): "question \(question.id)"
    case .revealed(let question): "the answer to \(question.id)"
    }
  }

  /// Characters that a cell cannot hold.
  fileprivate var wideCharacters: [String] {
    var seen: [Character] = []
    for character in everything where character.oneColumn != character {
      if !seen.contains(character) { seen.append(character) }
    }
    return seen.map { "“\($0)” is not one column wide" }
  }

  private var everything: String {
    let texts = [title] + (prose + notes).map(\.plain) + questions.flatMap(\.texts)
    return texts.joined()
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
