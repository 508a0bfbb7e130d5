// The page behind the last beat: the score, what to keep, and what comes next.

import Canvas
import Lessons
import Views

extension LessonPlayer {
  /// The name of the lesson that comes next in the course; nil where none does.
  var next: String? { lesson.isBuiltIn ? LessonLibrary.next(after: lesson.name) : nil }

  /// How many questions were answered rightly, wrongly or given up, and not at all.
  package var score: (right: Int, wrong: Int, open: Int) {
    var score = (right: 0, wrong: 0, open: 0)
    for question in lesson.questions {
      guard let answer = answers[question.id] else {
        score.open += 1
        continue
      }
      if case .right = question.mark(answer) { score.right += 1 } else { score.wrong += 1 }
    }
    return score
  }

  /// The score in words.
  private var scoreText: String {
    let (right, wrong, open) = score
    let all = right + wrong + open
    guard all > 0 else { return "This lesson asks nothing." }
    let parts = [
      "\(right) of \(all) questions right", wrong > 0 ? "\(wrong) wrong or given up" : "",
      open > 0 ? "\(open) not answered" : "",
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: ", ") + "."
  }

  /// Draws the end page.
  func drawEnd(in rect: Rect, on picture: inout Picture) {
    let width = min(rect.width - 8, LessonLayout.widestText)
    let text = TextLines(width: width)
    var lines: [TextLine] = [
      text.cells("The end of “\(lesson.title)”", Style(.title, bold: true)), [],
      text.cells(scoreText, Style(.accent, bold: true)), [],
    ]
    if !lesson.keep.isEmpty {
      lines.append(text.cells("Keep this:", Style(bold: true)))
      for (index, line) in lesson.keep.enumerated() {
        lines += text.wrapped(
          line, first: text.cells(" \(index + 1). ", Style(.accent, bold: true)),
          rest: text.cells("    "))
      }
      lines.append([])
    }
    if let next, let heading = try? LessonLibrary.heading(next) {
      lines += text.wrapped(
        [Inline("Next: \(heading.title), \(heading.minutes) minutes. \(heading.summary)")],
        first: text.cells("n ", Style(.accent, bold: true)), rest: text.cells("  "))
    } else {
      lines.append(text.cells("Esc goes back to the library.", Style(.dim)))
    }
    let top = max(0, (rect.height - lines.count) / 3)
    for (row, line) in lines.prefix(max(0, rect.height - top)).enumerated() {
      picture.canvas.put(line, row: top + row, column: 4, in: rect)
    }
  }
}
