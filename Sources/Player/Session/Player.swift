// The player: recorded runs, which never change, the current cycle, and what the viewer has
// selected. Only `update`, `advance` and what they call change it.

import Canvas
import Kernels
import Library
import Machine
import Moments
import Views

/// What the program must do after a key.
package enum Effect: Sendable, Equatable {
  case none, quit
  /// Go back to the library.
  case leave
  /// Go on with the next lesson.
  case next
}

/// The state of the screen for one run or two.
package struct Player: Sendable {
  package let runs: [CompletedRun]
  /// The current cycle, from 0: the only position in time.
  package internal(set) var cycle = 0
  /// Index in `runs` of the run in focus.
  package internal(set) var focus = 0
  package internal(set) var selection = Selection() { didSet { traceRow() } }
  /// Index in `ViewCatalogue.views` of the selected view.
  package internal(set) var view = 0
  /// True if the selected view fills the body alone.
  package internal(set) var isZoomed = false
  /// Indices of the views that the viewer has zoomed in from, outermost first.
  var zoomStack: [Int] = []
  /// True for one large view at a time, however large the screen: for a projector.
  package var showsOneView = false
  package internal(set) var isPlaying = false
  /// Cycles per second while playing.
  package internal(set) var speed: Double
  /// The prompt that is open; nil for none.
  package internal(set) var prompt: Prompt?
  /// What the last rows say until the next key; nil for nothing.
  package internal(set) var message: String?
  /// The tiles that a lesson marks.
  var highlights: [Highlight] = []
  /// The panel that a lesson points at; nil for none.
  var spotlight: Panel?
  /// Names of the views that a lesson hides.
  var hiddenViews: Set<String> = []
  /// The figures that a lesson hides.
  var hidden = HiddenFigures()
  /// Launch tables of runs that a lesson has timed; empty for those of the runs on the screen.
  var tables: [LaunchTable] = []
  /// The state at which Escape has nothing more to undo.
  var home = Home()
  var overlay: Overlay?
  /// True while nothing may tell how the race ends.
  var hidesFuture = false
  /// The question "what if", while it is asked.
  var whatIf: WhatIf?
  /// What the viewer has bet on the race.
  var bet: Bet?
  var isPointing = false
  var watch: TileName? { didSet { stops = findStops() } }
  var breakpoints: [Breakpoint] = [] { didSet { stops = findStops() } }
  /// Cycles at which `c` and playing stop, ascending. Playing looks them up at every frame, so they
  /// are kept.
  private(set) var stops: [Int] = []
  var lastSearch: Pattern?
  /// The action `mark` or `jump` that waits for a letter; nil for none.
  private var pending: Action?
  /// The marked cycles, by letter.
  private var marks: [Character: Int] = [:]
  /// True on a screen: steps glide. A frame that is drawn alone shows where the player stands.
  package var animatesSteps = false
  /// The step that is on its way; nil for none.
  var glide: Glide?
  /// True while frames follow one another without a key.
  package var isMoving: Bool { isPlaying || glide != nil }
  /// The part of a cycle that playing has passed beyond `cycle`.
  private var fraction = 0.0
  /// The step index of each run.
  private let stepIndices: [StepIndex]
  /// The softmax of the followed row of each run.
  var traces: [SoftmaxTrace] = []

  enum Overlay: Equatable {
    /// A page of the help, from 0.
    case help(page: Int)
    case explain
    case finale
    case whatIf
  }

  /// What is on the screen before the viewer has selected anything.
  struct Home {
    var view = 0
    var row: Int?
    var isZoomed = false
  }

  /// True if the next key is part of a text, or names a mark.
  var isTyping: Bool { prompt != nil || pending != nil }

  /// A player of one run, or of two side by side.
  package init(_ runs: [CompletedRun]) {
    self.init(runs, runs.map { StepIndex($0.recording) })
  }

  /// The same, for runs whose step indices have been made.
  /// - Parameters:
  ///   - row: the query that is followed; nil for the one in which most is to be seen.
  ///   - traces: those of these runs that have been made.
  init(
    _ runs: [CompletedRun], _ stepIndices: [StepIndex], row: Int? = nil,
    traces: [SoftmaxTrace] = []
  ) {
    self.runs = runs
    self.stepIndices = stepIndices
    speed = 1
    // The whole race takes thirty seconds, whatever its length.
    speed = max(1, Double(lastCycle) / 30)
    // The last run is the one to look at: Flash beside the standard kernel.
    focus = runs.count - 1
    // All runs follow one row: that of the run in which a maximum rises.
    let telltale = runs.reversed().first { !$0.recording.extracts.factors.isEmpty } ?? runs[focus]
    selection.row = row ?? telltale.facts.telltaleRow
    home.row = selection.row
    self.traces = traces
    traceRow()
  }

  /// The last cycle of the longest run.
  package var lastCycle: Int { runs.map(\.recording.lastCycle).max() ?? 0 }

  /// The scene at the current cycle.
  package var scene: Scene {
    var scene = Scene(
      moments: runs.map { Moment($0, at: glide?.cycle ?? cycle) }, focus: focus,
      selection: selection,
      watch: watch)
    scene.highlights = highlights
    scene.spotlight = spotlight
    scene.tables = tables
    scene.traces = traces
    scene.hidesFuture = hidesFuture
    scene.hidden = hidden
    scene.isLarge = showsOneView
    return scene
  }

  // MARK: Updates

  /// Takes one key, on a screen of `width` columns and `height` rows.
  /// - Returns: what the program must do next.
  package mutating func update(_ key: Key, width: Int, height: Int) -> Effect {
    message = nil
    glide = nil
    if prompt != nil { return type(key) }
    if let action = pending {
      pending = nil
      return finish(action, with: key)
    }
    if overlay == .whatIf, key != .character("q") {
      answerWhatIf(key)
      return .none
    }
    if let overlay, key != .character("q") {
      self.overlay = nextPage(of: overlay, after: key, height: height)
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

  /// Advances by `seconds` of wall-clock time if the player is playing; it stops at breakpoints and
  /// at the end.
  package mutating func advance(bySeconds seconds: Double) {
    if var moving = glide {
      moving.advance(bySeconds: seconds)
      glide = moving.isOver ? nil : moving
    }
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
    if cycle == lastCycle {
      isPlaying = false
      endRace()
    }
  }

  mutating func perform(_ action: Action) -> Effect {
    let before = cycle
    defer { startGlide(action, from: before) }
    switch action {
    case .step, .rise: isPlaying = false
    default: break
    }
    switch action {
    case .step(let step, let forward): take(step, forward: forward)
    case .breakpoint(let forward): runToBreakpoint(forward: forward)
    case .rise(let ofAnyRow, let forward): goToRise(ofAnyRow: ofAnyRow, forward: forward)
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
    case .row(let by): followRow(by)
    case .head(let by): show(head: selection.plane + by)
    case .processor(let by): show(processor: selection.sm + by)
    case .columns(let by): selection.firstColumn = max(0, selection.firstColumn + by)
    case .point: startPointing()
    case .explain: overlay = .explain
    case .whatIf: askWhatIf()
    case .finale: showFinale()
    case .help: overlay = .help(page: 0)
    case .leave: return undoSelection()
    case .quit: return .quit
    }
    return .none
  }

  mutating func move(to cycle: Int) {
    self.cycle = min(max(0, cycle), lastCycle)
    fraction = 0
    if self.cycle == lastCycle { hidesFuture = false }
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
    case (_, true): move(to: stepIndices.compactMap { $0.next(step, after: cycle) }.min() ?? end)
    case (_, false):
      move(to: stepIndices.compactMap { $0.previous(step, before: cycle) }.max() ?? end)
    }
  }

  private mutating func togglePlay() {
    if !isPlaying, cycle == lastCycle { move(to: 0) }
    isPlaying.toggle()
  }

  /// Selects the next view that is about these runs; the race always is.
  private mutating func turnView(_ by: Int) {
    let count = ViewCatalogue.views.count
    let scene = scene
    repeat {
      view = (view + by + count) % count
    } while !ViewCatalogue.views[view].applies(to: scene)
    zoomStack = []
  }

  /// For Escape: undoes the first of these that applies: pointing, playing, zooming in, the
  /// followed row, the single view, the selected view. If none applies, it leaves the player.
  private mutating func undoSelection() -> Effect {
    if isPointing {
      isPointing = false
      selection.tile = nil
    } else if isPlaying {
      isPlaying = false
    } else if !zoomStack.isEmpty {
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
