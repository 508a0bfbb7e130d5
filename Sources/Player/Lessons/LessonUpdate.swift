// What each key does to a lesson.

import Canvas

extension LessonPlayer {
  /// Takes one key, on a screen of `width` columns and `height` rows.
  /// - Returns: what the program must do next.
  package mutating func update(_ key: Key, width: Int, height: Int) -> Effect {
    if key == .resize { return .none }
    if exploring != nil { return explore(key, width: width, height: height) }
    message = nil
    if showsHelp {
      showsHelp = false
      return .none
    }
    if goingTo != nil {
      typeBeat(key)
      return .none
    }
    if animated != nil, [.forward, .none].contains(LessonKeymap.action(for: key)) {
      animated = nil
      return .none
    }
    if case .open(let question) = page,
      take(key, for: question, width: width, height: height)
    {
      return .none
    }
    if isAtEnd, key == .character("n") || key == .enter, next != nil { return .next }
    if let action = LessonKeymap.action(for: key) { return perform(action) }
    // A key of free play alone starts free play and does there what it does.
    guard Keymap.action(for: key) != nil else { return .none }
    startExploring()
    return explore(key, width: width, height: height)
  }

  private mutating func perform(_ action: LessonAction) -> Effect {
    switch action {
    case .forward: goForward()
    case .back: goBack()
    case .firstBeat: arrive(at: Place(beat: 0))
    case .lastBeat: arrive(at: Place(beat: lesson.beats.count - 1))
    case .goTo: goingTo = ""
    case .explore: startExploring()
    case .replay: replay()
    case .help: showsHelp = true
    case .leave: return .leave
    case .quit: return .quit
    }
    return .none
  }

  // MARK: Going to a beat

  private mutating func typeBeat(_ key: Key) {
    switch key {
    case .character(let digit) where digit.isASCII && digit.isNumber:
      goingTo = String((goingTo! + String(digit)).suffix(4))
    case .backspace where goingTo != "": goingTo?.removeLast()
    case .enter:
      let number = goingTo.flatMap { Int($0) }
      goingTo = nil
      guard let number else { return }
      if lesson.beats.indices.contains(number - 1) {
        arrive(at: Place(beat: number - 1))
      } else {
        message = "No beat \(number): there are \(lesson.beats.count)."
      }
    case .escape, .backspace: goingTo = nil
    default: break
    }
  }

  // MARK: Walking around

  private mutating func startExploring() {
    var player = stagePlayer()
    player.spotlight = nil
    player.animatesSteps = animatesSteps
    player.message = "Walk around freely: ? lists the keys, x or Esc returns to the lesson."
    exploring = player
    animated = nil
  }

  private mutating func explore(_ key: Key, width: Int, height: Int) -> Effect {
    guard var player = exploring else { return .none }
    if key == .character("x"), !player.isTyping {
      exploring = nil
      return .none
    }
    let effect = player.update(key, width: width, height: height)
    exploring = effect == .leave ? nil : player
    return effect == .quit ? .quit : .none
  }
}
