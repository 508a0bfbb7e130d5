// The presenter's view: the notes of the beat that the class sees, the answer to the open question,
// the clock, and the next beat.

import Canvas
import Lessons
import Library
import Views

/// The presenter's view of a lesson, in a second terminal.
package struct PresenterFrame: Sendable {
  package let lesson: Lesson
  /// The place of the player that is followed; nil while nobody plays the lesson.
  package var status: LessonStatus?
  /// True once a player that was followed has ended.
  package var hasEnded = false
  /// Number of lines scrolled out at the top.
  package var scrolled = 0

  package init(_ lesson: Lesson) { self.lesson = lesson }

  private var place: Place {
    let beat = min(max(0, status?.beat ?? 0), lesson.beats.count - 1)
    return Place(beat: beat, page: max(0, status?.page ?? 0))
  }

  private var beat: Beat { lesson.beats[place.beat] }

  /// Draws the whole screen: `width` columns, `height` rows.
  package func frame(width: Int, height: Int) -> Picture {
    var picture = Picture(width: width, height: height)
    var rest = picture.canvas.bounds
    drawHeader(in: rest.takeTop(1), on: &picture)
    drawFooter(in: rest.takeBottom(1), on: &picture)
    _ = rest.takeTop(1)
    let next = rest.takeBottom(2)
    let text = Rect(
      row: rest.row, column: rest.column + 1, height: rest.height,
      width: min(LessonLayout.widestText, rest.width - 2))
    let lines = status == nil ? waiting(text.width) : lines(text.width)
    let shown = lines.dropFirst(min(max(0, scrolled), max(0, lines.count - text.height)))
    for (row, line) in shown.prefix(text.height).enumerated() {
      picture.canvas.put(line, row: row, in: text)
    }
    if status != nil { drawNext(in: next, on: &picture) }
    return picture
  }

  private func drawHeader(in rect: Rect, on picture: inout Picture) {
    let right = status.map { " \(clock($0)) · beat \(place.beat + 1) of \(lesson.beats.count) " }
    let left = " Notes · \(lesson.title)".padded(max(0, rect.width - (right?.count ?? 0)))
    picture.canvas.put(
      left + (right ?? ""), Style(.title, bold: true, reversed: true), row: 0, column: 0, in: rect)
  }

  /// Elapsed time, minutes and seconds: `12:34 of 20 min`.
  private func clock(_ status: LessonStatus) -> String {
    let seconds = min(max(0, Int(clamping: status.elapsed)), 359_999)
    let tail = seconds % 60 < 10 ? "0\(seconds % 60)" : "\(seconds % 60)"
    return "\(seconds / 60):\(tail) of \(lesson.minutes) min"
  }

  private func drawNext(in rect: Rect, on picture: inout Picture) {
    let isLast = place.beat + 1 == lesson.beats.count
    let text = isLast ? "This is the last beat." : "Next: \(lesson.beats[place.beat + 1].title)"
    picture.canvas.put(
      String(repeating: "─", count: rect.width), Style(.dim), row: 0, column: 0, in: rect)
    picture.canvas.put(text, Style(bold: true), row: 1, column: 1, in: rect)
  }

  private func drawFooter(in rect: Rect, on picture: inout Picture) {
    picture.canvas.put("↑ ↓ scroll   q quit", Style(.dim), row: 0, column: 0, in: rect)
  }

  // MARK: Text

  private func waiting(_ width: Int) -> [TextLine] {
    let text = TextLines(width: width)
    let state = hasEnded ? "The lesson has been closed." : "Nobody plays this lesson yet."
    return text.wrapped([Inline(state, .strong)])
      + text.wrapped([
        Inline("Waiting for "), Inline("tilewalk lesson \(lesson.name)", .code),
        Inline(" in another terminal of this user."),
      ])
  }

  private func lines(_ width: Int) -> [TextLine] {
    var text = TextLines(width: width)
    var lines = text.wrapped([Inline(beat.title)], Style(.title, bold: true))
    if status?.isExploring == true {
      lines += text.wrapped([Inline("(walking around)")], Style(.accent))
    }
    lines.append([])
    lines +=
      beat.notes.isEmpty
      ? text.wrapped([Inline("No notes for this beat.")], Style(.dim)) : text.lines(beat.notes)
    switch beat.page(place.page) {
    case .text:
      for question in beat.questions { lines += [[]] + asked("Will ask: ", question, text) }
    case .open(let question):
      lines += [[]] + asked("Asks: ", question, text) + secret(question, text)
    case .revealed(let question):
      lines += [[]] + asked("Has asked: ", question, text) + secret(question, text)
    }
    return lines
  }

  private func asked(_ label: String, _ question: Question, _ text: TextLines) -> [TextLine] {
    text.wrapped(
      question.prompt, first: text.cells(label, Style(.accent, bold: true)),
      rest: text.cells("  "))
  }

  /// The answer, how to get it, and the hints: what the class does not see yet.
  private func secret(_ question: Question, _ text: TextLines) -> [TextLine] {
    let rest = text.cells("  ")
    var lines = text.wrapped(
      [Inline(question.expected, .strong)], first: text.cells("  Answer: "), rest: rest)
    if let formula = question.formula {
      lines += text.wrapped([Inline(formula.text, .code)], first: text.cells("  How: "), rest: rest)
    }
    for (index, hint) in question.hints.enumerated() {
      lines += text.wrapped(hint, first: text.cells("  Hint \(index + 1): "), rest: rest)
    }
    return lines
  }
}
