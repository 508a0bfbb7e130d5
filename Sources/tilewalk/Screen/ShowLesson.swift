// A lesson on the screen, and the presenter's view of it in a second terminal.

import Foundation
import Lessons
import Player
import Runs
import Terminal

/// Plays a lesson from where the viewer left it.
/// - Parameter name: a name or a file.
func showLesson(_ name: String, _ heading: LessonHeading?, _ choices: ScreenChoices) throws {
  let (few, speed) = (choices.theme == .projector, choices.speed)
  try onScreen(choices) { screen throws(Failure) in
    let lesson = try open(name, heading, on: screen)
    _ = try course(from: lesson, on: screen, showsOneView: few, speed: speed)
  }
}

/// Reads a lesson, and shows what it is about while its runs are simulated.
/// - Parameter heading: nil where it cannot be read, which reading the lesson reports.
func open(
  _ name: String, _ heading: LessonHeading?, on screen: borrowing Screen
) throws(Failure) -> Lesson {
  if let heading {
    let (width, height) = screen.size
    screen.show(OpeningPage(heading).frame(width: width, height: height).canvas)
  }
  do { return try readLesson(name) } catch { throw Failure(error) }
}

/// Plays a lesson, and those after it as long as the viewer goes on.
/// - Returns: `quit` or `leave`.
func course(
  from lesson: Lesson, on screen: borrowing Screen, showsOneView: Bool, speed: Double = 1,
  canLeave: Bool = false
) throws(Failure) -> Effect {
  var lesson = lesson
  while true {
    let effect = try walk(
      lesson, on: screen, showsOneView: showsOneView, speed: speed, canLeave: canLeave)
    guard effect == .next, let name = LessonLibrary.next(after: lesson.name) else { return effect }
    lesson = try open(name, try? LessonLibrary.heading(name), on: screen)
  }
}

/// Plays a lesson until the viewer quits, and keeps the place.
/// - Parameter canLeave: whether Escape goes back to the library.
/// - Returns: `quit` or `leave`.
func walk(
  _ lesson: Lesson, on screen: borrowing Screen, showsOneView: Bool, speed: Double = 1,
  canLeave: Bool = false
) throws(Failure) -> Effect {
  let file = ProgressFile()
  let saved = lesson.restored(file?.progress(in: lesson.identity) ?? LessonProgress())
  var player = LessonPlayer(lesson, beat: saved.beat, answers: saved.answers)
  player.showsOneView = showsOneView
  player.animatesSteps = true
  var broadcast = Broadcast(player.status, at: LocalSocket.path(for: lesson.identity))
  // A signal ends the loop as well: the place is kept on every way out.
  let end: Result<Effect, Failure>
  do {
    end = .success(
      try loop(
        &player, on: screen, withoutShortValues: &broadcast, keeping: file, speed: speed,
        canLeave: canLeave))
  } catch { end = .failure(error) }
  _ = file?.keep(lesson.progress(player), in: lesson.identity)
  return try end.get()
}

private func loop(
  _ player: inout LessonPlayer, on screen: borrowing Screen,
  withoutShortValues broadcast: inout Broadcast,
  keeping file: ProgressFile?, speed: Double, canLeave: Bool
) throws(Failure) -> Effect {
  var shown = ContinuousClock.now
  while true {
    let (width, height) = screen.size
    screen.show(player.frame(width: width, height: height).canvas)
    let input = screen.nextKey(waiting: player.isPlaying ? 33 : nil, or: broadcast.descriptor)
    if input == .ready { broadcast.welcome() }
    let now = ContinuousClock.now
    if player.isPlaying {
      player.advance(bySeconds: min(0.25, (now - shown) / .seconds(1)) * speed)
    }
    shown = now
    guard let key = try key(input) else { continue }
    let before = player.answers
    let effect = player.update(key, width: width, height: height)
    broadcast.tell(player.status)
    if player.answers != before, let file,
      let trouble = file.keep(player.lesson.progress(player), in: player.lesson.identity)
    {
      player.say(trouble)
    }
    if effect == .quit || effect == .next || (effect == .leave && canLeave) { return effect }
  }
}

extension Lesson {
  /// The identity of a lesson for its progress and its socket: the name if it is built in, else the
  /// path, since two files may have the same name.
  fileprivate var identity: String {
    isBuiltIn ? name : URL(filePath: path).resolvingSymlinksInPath().standardizedFileURL.path
  }
}

/// Shows the presenter's notes of a lesson that is played in another terminal.
func showNotes(_ lesson: Lesson, _ choices: ScreenChoices) throws {
  try onScreen(choices) { screen throws(Failure) in try follow(lesson, on: screen) }
}

private func follow(_ lesson: Lesson, on screen: borrowing Screen) throws(Failure) {
  var following = Following(at: LocalSocket.path(for: lesson.identity))
  var presenter = PresenterFrame(lesson)
  while true {
    following.listen()
    if following.status?.beat != presenter.status?.beat { presenter.scrolled = 0 }
    presenter.status = following.status
    presenter.hasEnded = following.hasEnded
    let (width, height) = screen.size
    screen.show(presenter.frame(width: width, height: height).canvas)
    // Wake up every second: the clock advances, and a player may have started.
    switch try key(screen.nextKey(waiting: 1000, or: following.descriptor)) {
    case .character("q"), .escape: return
    case .down, .character("j"), .pageDown: presenter.scrolled += 1
    case .up, .character("k"), .pageUp: presenter.scrolled = max(0, presenter.scrolled - 1)
    default: continue
    }
  }
}
