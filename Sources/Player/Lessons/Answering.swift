// The keys at an open question: typing, choosing and pointing; hints; showing the answer.

import Canvas
import Lessons
import Machine

extension LessonPlayer {
  /// Takes a key at an open question.
  /// - Returns: false for keys that keep their usual meaning.
  mutating func take(_ key: Key, for question: Question, width: Int, height: Int) -> Bool {
    switch key {
    case .character("?"): giveHint(question)
    case .character("!"): giveUp(question)
    case .character("\u{15}"): typed = ""
    case .enter where !typed.isEmpty: submit(typed, to: question)
    case .escape where !typed.isEmpty, .delete: typed = ""
    case .backspace where !typed.isEmpty: typed.removeLast()
    default:
      switch question.kind {
      case .number, .order: return type(key, for: question)
      case .choice(let texts, _): return choose(key, among: texts, for: question)
      case .tile(let run, _, _):
        return point(key, in: run, width: width, height: height) || type(key, for: question)
      }
    }
    return true
  }

  // MARK: Kinds of answers

  private mutating func type(_ key: Key, for question: Question) -> Bool {
    guard case .character(let character) = key, typed.count < 60,
      character.unicodeScalars.allSatisfy({ $0.value >= 0x20 })
    else { return false }
    // What is typed replaces a tile that was pointed at.
    if case .tile = question.kind, TileName(typed) != nil { typed = "" }
    guard !typed.isEmpty || question.canBegin(with: character) else { return false }
    typed.append(character)
    feedback = nil
    return true
  }

  private mutating func choose(_ key: Key, among texts: [String], for question: Question) -> Bool {
    let current = texts.indices.first { Question.letter($0) == typed }
    switch key {
    case .up: typed = Question.letter(max(0, (current ?? 0) - 1))
    case .down: typed = Question.letter(min(texts.count - 1, (current ?? -1) + 1))
    case .character(let character):
      let isLetter = texts.indices.contains { Question.letter($0) == character.lowercased() }
      guard isLetter || character.isASCII && character.isNumber else { return false }
      // A digit may begin the text of a choice; only a letter is an answer at once.
      if !isLetter, texts.contains(where: { $0.contains(where: \.isNumber) }) {
        feedback = "Type a letter: a number could be a choice's place or its text."
        return true
      }
      submit(character.lowercased(), to: question)
    default: return false
    }
    return true
  }

  private mutating func point(_ key: Key, in run: Int, width: Int, height: Int) -> Bool {
    if case .click(let row, let column) = key {
      let targets = frame(width: width, height: height).targets
      let target = targets.first { $0.rect.contains(row: row, column: column) }
      if case .tile(let index, let name)? = target?.meaning, shownRuns[index] == run {
        typed = name.text
        feedback = nil
      }
      return true
    }
    guard [.up, .down, .left, .right, .tab, .backTab].contains(key), shownRuns.contains(run) else {
      return false
    }
    var player = stagePlayer()
    if player.selection.tile == nil {
      player.startPointing()
    } else {
      _ = player.movePointer(key)
    }
    typed = player.selection.tile?.text ?? ""
    feedback = nil
    return true
  }

  /// Indices in `Lesson.runs` of the runs on the screen, left to right.
  private var shownRuns: [Int] {
    beat.stage.isZoomed ? [beat.stage.focus] : beat.stage.layout
  }

  // MARK: Answers

  private mutating func submit(_ answer: String, to question: Question) {
    switch question.mark(answer) {
    case .unreadable(let why):
      feedback = why
      typed = ""
    case .wrong(let shown):
      mistake = answer
      let what = question.isShort ? shown : answer
      feedback = "✗ \(what) is not it. Try again."
      if case .tile = question.kind { return }
      typed = ""
    case .right:
      answers[question.id] = answer
      goForward()
    }
  }

  private mutating func giveHint(_ question: Question) {
    if hintsGiven < question.hints.count {
      hintsGiven += 1
    } else {
      message = question.hints.isEmpty ? "There is no hint; ! shows the answer." : "No more hints."
    }
  }

  /// Shows the answer, beside the last wrong one that was given.
  private mutating func giveUp(_ question: Question) {
    if answers[question.id] == nil { answers[question.id] = mistake ?? "" }
    goForward()
  }
}

extension Question {
  /// True if a character can begin an answer; others keep their meaning while nothing is typed.
  fileprivate func canBegin(with character: Character) -> Bool {
    switch kind {
    case .number: character.isNumber || "+-.(".contains(character)
    case .order: character.isNumber
    case .choice: false
    case .tile: character.isLetter && !"xqhpng".contains(character)
    }
  }

  /// True if an answer is short enough to be repeated in a message.
  fileprivate var isShort: Bool {
    switch kind {
    case .number, .tile: true
    case .choice, .order: false
    }
  }
}
