// A lesson as it is played: every cue a cycle, every expression a text, every claim checked. Nothing
// in it needs to be computed any more, so a screen, a page of text and a grader all read it alike.

import Kernels
import Machine

/// A script that walks a class through some runs.
public struct Lesson: Sendable {
  /// `05-flash-attention`, or the file's name without `.md`.
  public let name: String
  /// The file it was read from; empty for none.
  public let path: String
  /// Whether it is part of the program; a file may have the same name.
  public internal(set) var isBuiltIn = false
  public let title: String
  public let summary: String
  /// How long it takes in class.
  public let minutes: Int
  /// Those that can be played, in the order of the front matter, named as there.
  public let runs: [CompletedRun]
  /// Those of which there are figures alone.
  public let timed: [TimedRun]
  /// At least one.
  public let beats: [Beat]
  /// The file's; none for a lesson of no file.
  public let lines: [String]

  public init(
    name: String, path: String = "", title: String, summary: String, minutes: Int,
    runs: [CompletedRun], timed: [TimedRun] = [],
    beats: [Beat], lines: [String] = []
  ) {
    self.name = name
    self.path = path
    self.title = title
    self.summary = summary
    self.minutes = minutes
    self.runs = runs
    self.timed = timed
    self.beats = beats
    self.lines = lines
  }

  /// All questions, in their order.
  public var questions: [Question] { beats.flatMap(\.questions) }
}

/// One `##` section: a stop of the walk.
public struct Beat: Sendable {
  public var title: String
  /// Its heading's line in the file, from 1.
  public var line: Int
  public var prose: [Prose]
  public var stage: Stage
  public var questions: [Question]
  /// For the presenter.
  public var notes: [Prose]

  public init(
    title: String, line: Int = 1, prose: [Prose], stage: Stage, questions: [Question] = [],
    notes: [Prose] = []
  ) {
    self.title = title
    self.line = line
    self.prose = prose
    self.stage = stage
    self.questions = questions
    self.notes = notes
  }
}

/// What the screen shows at a beat: a pure value, so that coming back shows the same.
public struct Stage: Sendable, Equatable {
  /// A part of a run's panel.
  public enum Panel: String, Sendable, CaseIterable { case hbm, bus, sram, units }

  /// A marked tile.
  public struct Highlight: Sendable, Equatable {
    /// Index in `Lesson.runs`.
    public var run: Int
    public var tile: TileName

    public init(run: Int, tile: TileName) {
      self.run = run
      self.tile = tile
    }
  }

  /// The time since the beat before, played.
  public struct Animation: Sendable, Equatable {
    /// The cycle it begins at.
    public var start: Int
    public var cyclesPerSecond: Double

    public init(start: Int, cyclesPerSecond: Double) {
      self.start = start
      self.cyclesPerSecond = cyclesPerSecond
    }
  }

  public var cycle: Int
  /// Indices in `Lesson.runs` of those on the screen, left to right; one or two.
  public var layout: [Int]
  /// Index in `Lesson.runs`; one of `layout`.
  public var focus: Int
  public var panel: Panel?
  /// A view's name, or `text`.
  public var view: String
  public var highlights: [Highlight]
  /// The query whose softmax is followed.
  public var row: Int?
  /// Only the run in focus is shown.
  public var isZoomed: Bool
  public var animation: Animation?
  /// Indices in `Lesson.timed` of those whose launches the view `launches` shows; none: those of the
  /// runs on the screen.
  public var timed: [Int] = []

  public init(
    cycle: Int = 0, layout: [Int] = [0], focus: Int = 0, panel: Panel? = nil,
    view: String = "race", highlights: [Highlight] = [], row: Int? = nil, isZoomed: Bool = false,
    animation: Animation? = nil
  ) {
    self.cycle = cycle
    self.layout = layout
    self.focus = focus
    self.panel = panel
    self.view = view
    self.highlights = highlights
    self.row = row
    self.isZoomed = isZoomed
    self.animation = animation
  }
}
