// A lesson on the screen: the place in it, the answers so far, and what is being typed. What a page
// shows follows from lesson and place, so going back shows what was shown before.

import Lessons
import Machine
import Moments

/// The state of a lesson that is being played; `update` and `advance` change it.
package struct LessonPlayer: Sendable {
  package let lesson: Lesson
  package internal(set) var place: Place
  /// The viewer's answers by question id; empty for a question that was given up.
  package internal(set) var answers: [String: String]
  /// What the last row says until the next key; nil for nothing.
  package internal(set) var message: String?
  /// True for one large view at a time, however large the screen: for a projector.
  package var showsOneView = false
  /// True on a screen: steps of free play glide.
  package var animatesSteps = false
  /// What has been typed at the open question.
  var typed = ""
  /// What is said about the last answer; nil for nothing.
  var feedback: String?
  /// The last wrong answer to the open question; nil if there was none.
  var mistake: String?
  var hintsGiven = 0
  /// The number of a beat that is being typed; nil while none is.
  var goingTo: String?
  var showsHelp = false
  /// True on the page behind the last beat.
  var isAtEnd = false
  /// The cycle that the animation before a beat has reached; nil while none runs.
  var animated: Double?
  /// The player of free play, away from the lesson; nil during the lesson.
  var exploring: Player?
  /// The step index of each of the lesson's runs.
  private let stepIndices: [StepIndex]
  /// The softmax of the beat's followed row, in each of the runs on the screen.
  private var traces: [SoftmaxTrace] = []

  /// Starts at a beat, from 0; an index beyond the end means the last beat. Answers to questions
  /// that the lesson does not have are dropped.
  package init(_ lesson: Lesson, beat: Int = 0, answers: [String: String] = [:]) {
    self.lesson = lesson
    let last = lesson.beats.count - 1
    place = Place(beat: min(max(0, beat), last))
    let known = Set(lesson.questions.map(\.id))
    self.answers = answers.filter { known.contains($0.key) }
    stepIndices = lesson.runs.map { StepIndex($0.recording) }
    traceBeat()
    if place.beat > 0 {
      message = "Resumed at beat \(place.beat + 1); Home starts over."
    } else {
      startAnimation()
    }
  }

  /// The current beat.
  package var beat: Beat { lesson.beats[place.beat] }
  var page: Page { beat.page(place.page) }

  /// The ids of the questions that have been answered, in the lesson's order.
  package var answered: [String] { lesson.questions.map(\.id).filter { answers[$0] != nil } }

  /// What tells the answers of the beat's questions that are still open on this page.
  var mask: AnswerMask { AnswerMask(beat.openQuestions(at: place.page)) }
  /// Names of the views to hide on this page.
  var hiddenViews: Set<String> { Set(beat.openQuestions(at: place.page).flatMap(\.hides)) }

  /// Takes the message away before the next key.
  package mutating func dismissMessage() { message = nil }

  /// Shows a message on the last rows, until the next key.
  package mutating func say(_ text: String) { message = text }

  // MARK: Time

  /// True while an animation or free play advances without a key.
  package var isPlaying: Bool { exploring?.isMoving ?? (animated != nil) }

  /// Advances the animation or free play by `seconds` of wall-clock time.
  package mutating func advance(bySeconds seconds: Double) {
    if exploring != nil {
      exploring?.advance(bySeconds: seconds)
    } else if let cycle = animated, let animation = beat.stage.animation {
      let next = cycle + seconds * animation.cyclesPerSecond
      animated = next < Double(beat.stage.cycle) ? next : nil
    }
  }

  /// Plays the animation before the beat once more.
  mutating func replay() {
    arrive(at: Place(beat: place.beat), forward: true)
    if animated == nil { message = "No time passes before this beat." }
  }

  private mutating func startAnimation() {
    guard place.page == 0, let animation = beat.stage.animation,
      animation.start < beat.stage.cycle
    else { return }
    animated = Double(animation.start)
  }

  // MARK: Moving

  /// Goes to a page. The animation before the beat plays only on the way forward.
  mutating func arrive(at place: Place, forward: Bool = false) {
    let isOtherBeat = place.beat != self.place.beat
    self.place = place
    if isOtherBeat { traceBeat() }
    isAtEnd = false
    (typed, feedback, mistake, hintsGiven, animated) = ("", nil, nil, 0, nil)
    if forward { startAnimation() }
  }

  mutating func goForward() {
    if isAtEnd { return }
    if case .open(let question) = page, answers[question.id] == nil {
      message = "Answer first, or press ! to be shown."
    } else if place.page + 1 < beat.pageCount {
      arrive(at: Place(beat: place.beat, page: place.page + 1))
    } else if place.beat + 1 < lesson.beats.count {
      arrive(at: Place(beat: place.beat + 1), forward: true)
    } else {
      isAtEnd = true
    }
  }

  mutating func goBack() {
    if isAtEnd {
      isAtEnd = false
    } else if place.page > 0 {
      arrive(at: Place(beat: place.beat, page: place.page - 1))
    } else if place.beat > 0 {
      let before = place.beat - 1
      arrive(at: Place(beat: before, page: lesson.beats[before].pageCount - 1))
    } else {
      message = "This is the start of the lesson."
    }
  }

  // MARK: The stage

  /// Follows the beat's row through its runs: once, and not for every frame.
  private mutating func traceBeat() {
    traces = []
    traces = stagePlayer().traces
  }

  /// A player that shows the runs as the beat's stage says.
  func stagePlayer() -> Player {
    let stage = beat.stage
    let shown = stage.isZoomed ? [stage.focus] : stage.layout
    var player = Player(
      shown.map { lesson.runs[$0] }, shown.map { stepIndices[$0] }, row: stage.row, traces: traces)
    player.set(stage, shown: shown)
    player.tables = stage.timed.map { index in
      let run = lesson.timed[index]
      return LaunchTable(run.name, run.totals, on: run.plan.device)
    }
    player.showsOneView = showsOneView
    player.hiddenViews = hiddenViews
    player.hidden = mask.figures
    if let animated { player.move(to: Int(clamping: animated)) }
    if case .open(let question) = page, case .tile(let run, _, _) = question.kind {
      if let index = shown.firstIndex(of: run) { player.focus = index }
      player.selection.tile = TileName(typed)
    }
    return player
  }
}
