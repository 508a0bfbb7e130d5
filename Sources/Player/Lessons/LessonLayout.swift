// Where the stage and the text of a beat are. The text takes the rows of its tallest page, so that
// the stage does not move between the pages of a beat; the stage has the rest.

import Canvas
import Lessons
import Views

/// The parts of a lesson's screen between header and footer.
struct LessonLayout {
  /// The stage; without rows for a beat of text alone.
  var stage: Rect
  /// The line with the beat's title.
  var rule: Rect
  var text: Rect
  /// True if the text is beside the stage, on a screen of at least 180 columns.
  var isBeside = false
  /// True if the beat's text stays on the screen, above its questions.
  var keepsTextAboveQuestion = false

  /// The most columns of a line of text: longer lines are hard to read.
  static let widestText = 90
  private static let besideWidth = 62

  init(_ beat: Beat, _ scene: Scene, in rect: Rect) {
    var rest = rect
    if beat.stage.view == "text" {
      stage = Rect(row: rect.row, column: rect.column, height: 0, width: rect.width)
      rule = rest.takeTop(1)
      text = Self.column(of: rest)
      keepsTextAboveQuestion = true
    } else if rect.width >= 180 {
      isBeside = true
      keepsTextAboveQuestion = true
      stage = rest.takeLeft(rect.width - Self.besideWidth - 3)
      _ = rest.takeLeft(3)
      rule = rest.takeTop(1)
      text = rest
    } else {
      let width = min(Self.widestText, rect.width - 2)
      let most = rect.height - 1 - Self.leastStage(beat.stage, scene)
      let comfortable = rect.height - 3 - Self.comfortableStage(beat.stage, scene)
      keepsTextAboveQuestion = beat.rows(width, keepingText: true) <= comfortable
      // A blank row below the text where there is room.
      let rows = beat.rows(width, keepingText: keepsTextAboveQuestion)
      let height = rows + 1 <= comfortable ? rows + 1 : min(rows, max(1, most))
      text = Self.column(of: rest.takeBottom(height))
      rule = rest.takeBottom(1)
      stage = rest
    }
  }

  /// The column of the text: at most `widestText` columns, one from the edge.
  private static func column(of rect: Rect) -> Rect {
    Rect(
      row: rect.row, column: rect.column + 1, height: rect.height,
      width: min(widestText, rect.width - 2))
  }

  /// The fewest rows in which the stage's view is readable.
  private static func leastStage(_ stage: Stage, _ scene: Scene) -> Int {
    switch stage.view {
    case "race": RaceRows.least(scene)
    case "chip": ChipView.leastRows(scene)
    case "sm", "cycles": 14
    case "launches": LaunchesView.rows(scene)
    case "traffic": scene.moments.reduce(0) { $0 + 1 + $1.run.plan.traffic.count }
    case "timeline": 1 + 6 * scene.moments.count
    case "roofline": 10 + scene.moments.count
    case "recompute": 9 + 2 * scene.moments.count
    default: 9
    }
  }

  /// The rows from which on the view leaves little out.
  private static func comfortableStage(_ stage: Stage, _ scene: Scene) -> Int {
    stage.view == "race" ? RaceRows.comfortable(scene) : leastStage(stage, scene) + 4
  }
}

extension Beat {
  /// What is said while the animation before the beat plays.
  func watching(_ width: Int) -> [TextLine] {
    let text = TextLines(width: width)
    let words = watch.isEmpty ? [Inline("The text follows when the picture stops.")] : watch
    return text.wrapped(
      words, first: text.cells("Watch: ", Style(.accent, bold: true)), rest: text.cells("       "))
  }

  /// Rows of the tallest page of the beat in `width` columns.
  /// - Parameter keepingText: whether the beat's text stays above its questions.
  func rows(_ width: Int, keepingText: Bool) -> Int {
    (0..<pageCount).map { rows(ofPage: $0, width, keepingText: keepingText) }.max() ?? 0
  }

  /// Rows of a page, with the longest hint and the longest answer that it can show.
  func rows(ofPage number: Int, _ width: Int, keepingText: Bool) -> Int {
    var text = TextLines(width: width)
    let above = keepingText && number > 0 && !prose.isEmpty ? text.lines(prose).count + 1 : 0
    switch page(number) {
    case .text:
      let watched = stage.animation == nil ? 0 : watching(width).count
      return max(watched, text.lines(prose).count)
    case .open(let question): return above + QuestionLines(question, width: width).tallest.count
    case .revealed(let question):
      return above + QuestionLines(question, width: width).tallestAnswer.count
    }
  }
}
