// The session: runs that never change, one cycle, and what the viewer has set up around it. All of
// it changes here and nowhere else.

import Canvas
import Kernels
import Library
import Machine
import Moments
import Views

/// What the program must do after an update.
package enum Effect: Sendable, Equatable {
  case none, quit
  /// Back to the first screen.
  case leave
}

package struct Player: Sendable {
  package let runs: [CompletedRun]
  /// The whole position in time.
  package internal(set) var cycle = 0
  package internal(set) var focus = 0
  package internal(set) var selection = Selection()
  package internal(set) var view = 0
  package internal(set) var isZoomed = false
  /// The views that the viewer has zoomed in from, outermost first.
  var outerViews: [Int] = []
  /// One view at a time and large, however large the screen: for a projector.
  package var showsFew = false
  package internal(set) var isPlaying = false
  /// Cycles per second while playing.
  package internal(set) var speed: Double
  package internal(set) var prompt: Prompt?
  package internal(set) var message: String?
  /// What a lesson marks, points at and hides.
  var highlights: [Highlight] = []
  var spotlight: Panel?
  var hiddenViews: Set<String> = []
  /// Launches of runs that a lesson has timed.
  var tables: [LaunchTable] = []
  /// Where Escape stops undoing.
  var home = Home()
  var overlay: Overlay?
  var isPointing = false
  var watch: TileName? { didSet { stops = findStops() } }
  var breakpoints: [Breakpoint] = [] { didSet { stops = findStops() } }
  /// Cycles at which `c` and playing stop: looked up while playing at every frame, so kept.
  private(set) var stops: [Int] = []
  var lastSearch: Pattern?
  private var pending: Action?
  private var marks: [Character: Int] = [:]
  private var fraction = 0.0
  private let landmarks: [StepIndex]

  enum Overlay { case help, explain }

  /// What is on the screen when nothing has been chosen.
  struct Home {
    var view = 0
    var row: Int?
    var isZoomed = false
  }

  /// The next key is part of a text, or names a mark.
  var isTyping: Bool { prompt != nil || pending != nil }

  /// One run, or two side by side.
  package init(_ runs: [CompletedRun]) {
    self.init(runs, runs.map { StepIndex($0.recording) })
  }

  /// The same where the runs' landmarks are known.
  init(_ runs: [CompletedRun], _ landmarks: [StepIndex]) {
    self.runs = runs
    self.landmarks = landmarks
    speed = 1
    // Thirty seconds for the whole race, whatever its length.
    speed = max(1, Double(lastCycle) / 30)
    // The last run is the interesting one: Flash, beside the standard kernel.
    focus = runs.count - 1
  }

  package var lastCycle: Int { runs.map(\.recording.lastCycle).max() ?? 0 }

  /// What a frame shows now.
  package var scene: Scene {
    var scene = Scene(
      moments: runs.map { Moment($0, at: cycle) }, focus: focus, selection: selection,
      watch: watch)
    scene.highlights = highlights
    scene.spotlight = spotlight
    scene.tables = tables
    return scene
  }

  // MARK: Updates

  /// Takes one key.
  package mutating func update(_ key: Key, width: Int, height: Int) -> Effect {
    message = nil
    if prompt != nil { return type(key) }
    if let action = pending {
      pending = nil
      return finish(action, with: key)
    }
    if overlay != nil, key != .character("q") {
      overlay = nil
      return .none
    }
    if isPointing, movePointer(key) { return .none }
    if choose(key, width: width, height: height) { return .none }
    switch key {
    case .click(let row, let column), .drag(let row, let column):
      pointAt(row: row, column: column, width: width, height: height)
    default:
      if let action = Keymap.action(for: key) { return perform(action) }
    }
    return .none
  }

  /// Lets time pass while playing.
  package mutating func advance(bySeconds seconds: Double) {
    guard isPlaying else { return }
    fraction += speed * seconds
    let whole = Int(clamping: fraction)
    fraction -= Double(whole)
    let goal = min(lastCycle, cycle + whole)
    if let stop = nextStop(after: cycle), stop <= goal {
      cycle = stop
      isPlaying = false
      message = stopMessage
    } else {
      cycle = goal
    }
    if cycle == lastCycle { isPlaying = false }
  }

  mutating func perform(_ action: Action) -> Effect {
    if case .step = action { isPlaying = false }
    switch action {
    case .step(let step, let forward): take(step, forward: forward)
    case .breakpoint(let forward): runToBreakpoint(forward: forward)
    case .start: move(to: 0)
    case .end: move(to: lastCycle)
    case .play: togglePlay()
    case .faster: setSpeed(speed * 2)
    case .slower: setSpeed(speed / 2)
    case .prompt(let purpose): prompt = Prompt(purpose, suggestion(for: purpose))
    case .mark, .jump: pending = action
    case .watch: prompt = Prompt(.watch, (watch ?? selection.tile ?? currentTile)?.text ?? "")
    case .lastWrite: runToLastWrite()
    case .focusNext: focus = (focus + 1) % runs.count
    case .zoom: zoomIn()
    case .zoomOut: zoomOut()
    case .view(let forward): turnView(forward ? 1 : -1)
    case .row(let by): followNeighbour(by)
    case .head(let by): show(head: selection.plane + by)
    case .processor(let by): show(processor: selection.sm + by)
    case .columns(let by): selection.firstColumn = max(0, selection.firstColumn + by)
    case .point: startPointing()
    case .explain: overlay = .explain
    case .help: overlay = .help
    case .leave: return letGo()
    case .quit: return .quit
    }
    return .none
  }

  mutating func move(to cycle: Int) {
    self.cycle = min(max(0, cycle), lastCycle)
    fraction = 0
  }

  mutating func setSpeed(_ cyclesPerSecond: Double) {
    speed = min(max(1, cyclesPerSecond), 1e9)
    message = "\(prefixed(speed, "cycles per second"))"
  }

  private mutating func take(_ step: Step, forward: Bool) {
    let end = forward ? lastCycle : 0
    guard cycle != end else {
      message = forward ? "This is the end." : "This is the start."
      return
    }
    switch (step, forward) {
    case (.cycle, _): move(to: cycle + (forward ? 1 : -1))
    case (_, true): move(to: landmarks.compactMap { $0.next(step, after: cycle) }.min() ?? end)
    case (_, false):
      move(to: landmarks.compactMap { $0.previous(step, before: cycle) }.max() ?? end)
    }
  }

  private mutating func togglePlay() {
    if !isPlaying, cycle == lastCycle { move(to: 0) }
    isPlaying.toggle()
  }

  /// The next view that has something to say; the race always has.
  private mutating func turnView(_ by: Int) {
    let count = ViewCatalogue.views.count
    let scene = scene
    repeat { view = (view + by + count) % count } while !ViewCatalogue.views[view].isAbout(scene)
    outerViews = []
  }

  /// Escape undoes the innermost thing; with nothing left it leaves the player.
  private mutating func letGo() -> Effect {
    if isPointing {
      isPointing = false
      selection.tile = nil
    } else if isPlaying {
      isPlaying = false
    } else if !outerViews.isEmpty {
      zoomOut()
    } else if selection.row != home.row {
      selection.row = home.row
    } else if isZoomed != home.isZoomed {
      isZoomed = home.isZoomed
    } else if view != home.view {
      view = home.view
    } else {
      return .leave
    }
    return .none
  }

  private mutating func finish(_ action: Action, with key: Key) -> Effect {
    guard case .character(let letter) = key else { return .none }
    if action == .mark {
      marks[letter] = cycle
      message = "Cycle \(grouped(cycle)) is marked \(letter)."
    } else if let cycle = marks[letter] {
      move(to: cycle)
    } else {
      message = "No mark \(letter)."
    }
    return .none
  }

  private mutating func type(_ key: Key) -> Effect {
    guard var current = prompt else { return .none }
    switch current.type(key) {
    case .typing: prompt = current
    case .abandoned: prompt = nil
    case .done:
      prompt = nil
      return answer(current)
    }
    return .none
  }
}
