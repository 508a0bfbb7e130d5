// Where the stage and the text of a beat are: the text takes the rows it needs, the same on all pages
// of the beat so that the picture stands still, and the stage has the rest.

import Canvas
import Lessons
import Views

/// The parts of a lesson's screen between header and footer.
struct LessonLayout {
  /// Without rows where the beat is text alone.
  var stage: Rect
  /// The line that names the beat.
  var rule: Rect
  var text: Rect
  /// The text stands beside the stage, not below it.
  var isBeside = false
  /// Whether the beat's text stays when a question is asked.
  var keepsText = false

  static let widestText = 90
  private static let besideWidth = 62

  init(_ beat: Beat, _ scene: Scene, in rect: Rect) {
    var rest = rect
    if beat.stage.view == "text" {
      stage = Rect(row: rect.row, column: rect.column, height: 0, width: rect.width)
      rule = rest.takeTop(1)
      text = Self.column(of: rest)
      keepsText = true
    } else if rect.width >= 180 {
      isBeside = true
      keepsText = true
      stage = rest.takeLeft(rect.width - Self.besideWidth - 3)
      _ = rest.takeLeft(3)
      rule = rest.takeTop(1)
      text = rest
    } else {
      let width = min(Self.widestText, rect.width - 2)
      let most = rect.height - 1 - Self.leastStage(beat.stage, scene)
      let comfortable = rect.height - 3 - Self.comfortableStage(beat.stage, scene)
      keepsText = beat.rows(width, keepingText: true) <= comfortable
      // A little air below the text where there is room.
      let rows = beat.rows(width, keepingText: keepsText)
      let height = rows + 1 <= comfortable ? rows + 1 : min(rows, max(1, most))
      text = Self.column(of: rest.takeBottom(height))
      rule = rest.takeBottom(1)
      stage = rest
    }
  }

  /// Lines that the eye can follow, one column from the edge.
  private static func column(of rect: Rect) -> Rect {
    Rect(
      row: rect.row, column: rect.column + 1, height: rect.height,
      width: min(widestText, rect.width - 2))
  }

  /// The fewest rows in which a view says something.
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

  private static func comfortableStage(_ stage: Stage, _ scene: Scene) -> Int {
    stage.view == "race" ? RaceRows.comfortable(scene) : leastStage(stage, scene) + 4
  }
}

extension Beat {
  /// The rows of its tallest page.
  func rows(_ width: Int, keepingText: Bool) -> Int {
    (0..<pageCount).map { rows(ofPage: $0, width, keepingText: keepingText) }.max() ?? 0
  }

  /// The rows of a page, with the longest hint and the answer it will have.
  func rows(ofPage number: Int, _ width: Int, keepingText: Bool) -> Int {
    var text = TextLines(width: width)
    let above = keepingText && number > 0 && !prose.isEmpty ? text.lines(prose).count + 1 : 0
    switch page(number) {
    case .text: return text.lines(prose).count
    case .open(let question): return above + QuestionLines(question, width: width).tallest.count
    case .revealed(let question):
      return above + QuestionLines(question, width: width).tallestAnswer.count
    }
  }
}
