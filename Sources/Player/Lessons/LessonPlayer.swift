// A lesson on the screen: the place in it, what has been answered, and what is being typed. What a
// page shows follows from the lesson and the place, so going back shows what was shown before.

import Lessons
import Machine
import Moments

package struct LessonPlayer: Sendable {
  package let lesson: Lesson
  package internal(set) var place: Place
  /// What the viewer has answered, by question; empty for one that was given up.
  package internal(set) var answers: [String: String]
  package internal(set) var message: String?
  /// One view at a time and large, however large the screen: for a projector.
  package var showsFew = false
  /// What stands at an open question.
  var typed = ""
  /// What became of the answer before.
  var verdict: String?
  /// The last answer that was wrong.
  var mistake: String?
  var hintsGiven = 0
  /// The number of a beat that is being typed.
  var goingTo: String?
  var showsHelp = false
  /// The time that passes before a beat; nil where it stands.
  var animated: Double?
  /// The walk around, away from the lesson's path.
  var exploring: Player?
  private let landmarks: [StepIndex]

  /// Starts at a beat; one that a changed lesson no longer has means the last.
  package init(_ lesson: Lesson, beat: Int = 0, answers: [String: String] = [:]) {
    self.lesson = lesson
    let last = lesson.beats.count - 1
    place = Place(beat: min(max(0, beat), last))
    let known = Set(lesson.questions.map(\.id))
    self.answers = answers.filter { known.contains($0.key) }
    landmarks = lesson.runs.map { StepIndex($0.recording) }
    if place.beat > 0 {
      message = "Resumed at beat \(place.beat + 1); Home starts over."
    } else {
      startAnimation()
    }
  }

  package var beat: Beat { lesson.beats[place.beat] }
  var page: Page { beat.page(place.page) }

  /// The ids of all questions that have been answered, in their order.
  package var answered: [String] { lesson.questions.map(\.id).filter { answers[$0] != nil } }

  /// What would give away a question of this beat that this page has not answered.
  var maskedValues: [Quantity] {
    beat.openQuestions(at: place.page).flatMap { $0.maskedValues + $0.parts }
  }
  var hiddenViews: Set<String> { Set(beat.openQuestions(at: place.page).flatMap(\.hides)) }

  /// Says something below the picture, until the next key.
  package mutating func say(_ text: String) { message = text }

  // MARK: Time

  /// Frames follow one another without a key.
  package var isPlaying: Bool { exploring?.isPlaying ?? (animated != nil) }

  /// Lets time pass.
  package mutating func advance(bySeconds seconds: Double) {
    if exploring != nil {
      exploring?.advance(bySeconds: seconds)
    } else if let cycle = animated, let animation = beat.stage.animation {
      let next = cycle + seconds * animation.cyclesPerSecond
      animated = next < Double(beat.stage.cycle) ? next : nil
    }
  }

  private mutating func startAnimation() {
    guard place.page == 0, let animation = beat.stage.animation,
      animation.start < beat.stage.cycle
    else { return }
    animated = Double(animation.start)
  }

  // MARK: Moving

  /// Comes to a page; only forwards does time pass on the way.
  mutating func arrive(at place: Place, forward: Bool = false) {
    self.place = place
    (typed, verdict, mistake, hintsGiven, animated) = ("", nil, nil, 0, nil)
    if forward { startAnimation() }
  }

  mutating func goForward() {
    if case .open(let question) = page, answers[question.id] == nil {
      message = "Answer first, or press ! to be shown."
    } else if place.page + 1 < beat.pageCount {
      arrive(at: Place(beat: place.beat, page: place.page + 1))
    } else if place.beat + 1 < lesson.beats.count {
      arrive(at: Place(beat: place.beat + 1), forward: true)
    } else {
      message = "This is the end of the lesson."
    }
  }

  mutating func goBack() {
    if place.page > 0 {
      arrive(at: Place(beat: place.beat, page: place.page - 1))
    } else if place.beat > 0 {
      let before = place.beat - 1
      arrive(at: Place(beat: before, page: lesson.beats[before].pageCount - 1))
    } else {
      message = "This is the start of the lesson."
    }
  }

  // MARK: The stage

  /// A player set up as the beat's stage says.
  func stagePlayer() -> Player {
    let stage = beat.stage
    let shown = stage.isZoomed ? [stage.focus] : stage.layout
    var player = Player(shown.map { lesson.runs[$0] }, shown.map { landmarks[$0] })
    player.set(stage, shown: shown)
    player.tables = stage.timed.map { index in
      let run = lesson.timed[index]
      return LaunchTable(run.name, run.totals, on: run.plan.device)
    }
    player.showsFew = showsFew
    player.hiddenViews = hiddenViews
    if let animated { player.move(to: Int(clamping: animated)) }
    if case .open(let question) = page, case .tile(let run, _, _) = question.kind {
      if let index = shown.firstIndex(of: run) { player.focus = index }
      player.selection.tile = TileName(typed)
    }
    return player
  }
}
