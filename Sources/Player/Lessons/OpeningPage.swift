// The page that is shown while the runs of a lesson are simulated: what the lesson is about.

import Canvas
import Lessons
import Views

/// Title and summary of a lesson that is being opened.
package struct OpeningPage: Sendable {
  private let heading: LessonHeading

  package init(_ heading: LessonHeading) { self.heading = heading }

  /// Draws the whole screen: `width` columns, `height` rows.
  package func frame(width: Int, height: Int) -> Picture {
    var picture = Picture(width: width, height: height)
    var rest = picture.canvas.bounds
    picture.canvas.put(
      " \(heading.title)".padded(width), Style(.title, bold: true, reversed: true), row: 0,
      column: 0, in: rest.takeTop(1))
    _ = rest.takeTop(height / 3)
    let text = Rect(
      row: rest.row, column: rest.column + 4, height: rest.height,
      width: max(0, min(width - 8, LessonLayout.widestText)))
    let lines =
      heading.summary.wrapped(text.width) + [
        "", "\(heading.minutes) minutes. Its runs are being simulated …",
      ]
    for (row, line) in lines.enumerated() {
      picture.canvas.put(
        line, Style(row == lines.count - 1 ? .dim : .plain), row: row, column: 0, in: text)
    }
    return picture
  }
}
