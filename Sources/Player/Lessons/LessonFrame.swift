// The frame of a lesson: the stage above, the beat's text below or beside it.

import Canvas
import Library
import Machine
import Views

extension LessonPlayer {
  /// Draws the whole screen: `width` columns, `height` rows.
  package func frame(width: Int, height: Int) -> Picture {
    guard width >= Player.smallest.width, height >= Player.smallest.height else {
      return stagePlayer().frame(width: width, height: height)
    }
    if let exploring { return walkingFrame(exploring, width: width, height: height) }
    var picture = Picture(width: width, height: height)
    var rest = picture.canvas.bounds
    drawHeader("", in: rest.takeTop(1), on: &picture)
    let footer = rest.takeBottom(1)
    if showsHelp {
      drawHelp(in: rest, on: &picture)
    } else if isAtEnd {
      drawEnd(in: rest, on: &picture)
    } else {
      drawPage(in: rest, on: &picture)
    }
    drawFooter(in: footer, on: &picture)
    return picture
  }

  private func drawPage(in rect: Rect, on picture: inout Picture) {
    let player = stagePlayer()
    let scene = player.scene
    let layout = LessonLayout(beat, scene, in: rect)
    if layout.stage.height > 0 {
      var body = player.body(scene)
      body.wideHeight = 27
      body.draw(in: layout.stage, on: &picture)
    }
    drawRule(layout, scene, on: &picture)
    let (prose, question) = text(layout)
    draw(prose, in: layout.text, on: &picture)
    var rest = layout.text
    _ = rest.takeTop(prose.isEmpty ? 0 : prose.count + 1)
    draw(question, in: rest, on: &picture)
  }

  /// The lines of the page: the beat's text, and the question below it.
  private func text(_ layout: LessonLayout) -> (prose: [TextLine], question: [TextLine]) {
    var lines = TextLines(width: layout.text.width)
    let prose = lines.lines(mask.cover(beat.prose))
    let kept = layout.keepsTextAboveQuestion ? prose : []
    // Until time has passed there is only what to look at: nothing is concluded from what has not happened.
    if animated != nil { return (beat.watching(layout.text.width), []) }
    switch page {
    case .text: return (prose, [])
    case .open(let question):
      let lines = QuestionLines(question, width: layout.text.width)
      return (kept, lines.open(typed: typed, feedback: feedback, hintsGiven: hintsGiven))
    case .revealed(let question):
      let lines = QuestionLines(question, width: layout.text.width)
      return (kept, lines.revealed(answer: answers[question.id]))
    }
  }

  private func draw(_ lines: [TextLine], in rect: Rect, on picture: inout Picture) {
    for (row, line) in lines.prefix(rect.height).enumerated() {
      picture.canvas.put(line, row: row, in: rect)
    }
    if lines.count > rect.height, rect.height > 0 {
      picture.canvas.putRight(" …", Style(.alert, bold: true), row: rect.height - 1, in: rect)
    }
  }

  /// Draws the line between stage and text: the beat's title, the cycle, and the page.
  private func drawRule(_ layout: LessonLayout, _ scene: Scene, on picture: inout Picture) {
    let rect = layout.rule
    picture.canvas.put(
      String(repeating: "─", count: rect.width), Style(.dim), row: 0, column: 0, in: rect)
    picture.canvas.put(
      " \(beat.title) ".cut(rect.width - 4), Style(.title, bold: true), row: 0, column: 1, in: rect)
    var notes: [String] = []
    if layout.stage.height > 0, beat.stage.view != "race", beat.stage.timed.isEmpty {
      notes.append("cycle \(grouped(scene.cycle))")
    }
    if beat.pageCount > 1 { notes.append("\(place.page + 1)/\(beat.pageCount)") }
    let text = notes.isEmpty ? "" : " " + notes.joined(separator: " · ") + " "
    if beat.title.count + text.count + 6 <= rect.width {
      picture.canvas.putRight(text, row: 0, in: rect, inset: 1)
    }
    guard layout.isBeside else { return }
    for row in 0..<layout.stage.height {
      picture.canvas.put(
        "│", Style(.dim), row: row, column: layout.stage.width + 1,
        in: Rect(
          row: layout.stage.row, column: layout.stage.column, height: layout.stage.height,
          width: layout.stage.width + 3))
    }
  }

  // MARK: Header and footer

  private func drawHeader(_ note: String, in rect: Rect, on picture: inout Picture) {
    let right = note.isEmpty ? progress : note
    let left = " \(lesson.title)".padded(max(0, rect.width - right.count))
    picture.canvas.put(
      left + right, Style(.title, bold: true, reversed: true), row: 0, column: 0, in: rect)
  }

  /// ` beat 3 of 12 · 20 min `, for the header.
  var progress: String {
    " beat \(place.beat + 1) of \(lesson.beats.count) · \(lesson.minutes) min "
  }

  private func drawFooter(in rect: Rect, on picture: inout Picture) {
    if let goingTo {
      picture.show("go to beat (1–\(lesson.beats.count)): ", typed: goingTo)
    } else if let message {
      picture.say(message)
    } else {
      picture.canvas.put(keys, Style(.dim), row: 0, column: 0, in: rect)
    }
  }

  /// The keys that the footer names.
  var keys: String {
    if showsHelp { return "any key returns to the lesson" }
    if isAtEnd { return "\(next == nil ? "" : "n next lesson   ")← back   Esc library   q quit" }
    if animated != nil { return "▶ watch: time passes   space → to its end   ← back   q quit" }
    guard case .open(let question) = page else {
      return "→ next  ← back  x walk around  g beat  ? help  q quit"
    }
    let left = question.hints.count - hintsGiven
    let hints = question.hints.isEmpty ? "" : "? hint (\(left))  "
    // The same before and after an answer, so that going back shows the page as it was.
    let pages = if case .tile = question.kind { "PgUp PgDn" } else { "← → page" }
    return "Enter answer  \(hints)! show it  x walk around  \(pages)  g beat  q quit"
  }

  private func drawHelp(in rect: Rect, on picture: inout Picture) {
    let open = LessonKeymap.answering.map { ($0.label, $0.meaning) }
    let rows =
      LessonKeymap.bindings.map { ($0.label, $0.meaning) } + [("", ""), ("At a question", "")]
      + open
    for (row, entry) in rows.enumerated() {
      picture.canvas.put(
        entry.0, Style(.accent, bold: true), row: row + 1, column: 2, in: rect)
      picture.canvas.put(entry.1, row: row + 1, column: 22, in: rect)
    }
  }

  // MARK: Walking around

  /// The frame of free play.
  private func walkingFrame(_ player: Player, width: Int, height: Int) -> Picture {
    var picture = player.frame(width: width, height: height)
    let view = ViewCatalogue.views[player.view].name
    drawHeader(
      " walking around · x returns to beat \(place.beat + 1) · \(view) ",
      in: Rect(row: 0, column: 0, height: 1, width: width), on: &picture)
    return picture
  }
}
