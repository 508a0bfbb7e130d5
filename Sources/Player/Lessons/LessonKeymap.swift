// What a viewer of a lesson can do, and which key does it; the help page is made from the same
// table. At an open question a letter that may begin an answer is typed instead.

import Canvas
import Runs

/// A change of the lesson's state that a key asks for.
enum LessonAction: Sendable, Equatable {
  case forward, back
  case firstBeat, lastBeat, goTo
  case explore, replay
  case help, leave, quit
}

/// The keys of a lesson.
enum LessonKeymap {
  /// One line of the help page: keys, how they are written, what they do.
  struct Binding: Sendable {
    var keys: [Key]
    var label: String
    var action: LessonAction
    var meaning: String
  }

  static let bindings: [Binding] = [
    Binding(
      keys: [
        .right, .character("l"), .character("n"), .character(" "), .enter, .pageDown,
      ], label: "→ l n space Enter", action: .forward, meaning: "on: next page, next beat"),
    Binding(
      keys: [.left, .character("h"), .character("p"), .backspace, .pageUp],
      label: "← h p Backspace", action: .back, meaning: "one page back"),
    Binding(keys: [.home], label: "Home", action: .firstBeat, meaning: "to the first beat"),
    Binding(keys: [.end], label: "End", action: .lastBeat, meaning: "to the last beat"),
    Binding(
      keys: [.character("g")], label: "g", action: .goTo,
      meaning: "go to a beat by its number; questions may be jumped over"),
    Binding(
      keys: [.character("x")], label: "x", action: .explore,
      meaning: "walk around from here with all keys of play, as they do by themselves; x returns"),
    Binding(
      keys: [.character("r")], label: "r", action: .replay,
      meaning: "replay the animation before this beat"),
    Binding(keys: [.character("?")], label: "?", action: .help, meaning: "this help"),
    Binding(keys: [.escape], label: "Esc", action: .leave, meaning: "back to the library"),
    Binding(keys: [.character("q")], label: "q", action: .quit, meaning: "quit"),
  ]

  /// What keys do at an open question, for the help page; `Answering.swift` implements it.
  static let answering: [(label: String, meaning: String)] = [
    ("a number, Enter", "answer; a unit may follow: 12 KB, 3.5 ms"),
    ("a–i, or ↑ ↓ Enter", "choose"),
    ("arrows, Tab, click", "point at a tile, or type its name; Enter answers"),
    ("?", "a hint, as long as there are any"),
    ("!", "give up: show the answer"),
  ]

  private static let table: [Key: LessonAction] = Dictionary(
    bindings.flatMap { binding in binding.keys.map { ($0, binding.action) } },
    uniquingKeysWith: { first, _ in first })

  static func action(for key: Key) -> LessonAction? { table[key] }
}
