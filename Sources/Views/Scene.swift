// What views draw, and on what: one or two moments on one clock, what the viewer points at, and a
// picture that remembers which cells stand for which thing, so that a click finds it.

import Canvas
import Machine

/// What the viewer points at.
public struct Selection: Sendable, Equatable {
  /// (Batch, head) plane of Q.
  public var plane = 0
  /// Query row whose softmax to follow; nil: the first of the tile that is being worked on.
  public var row: Int?
  public var sm = 0
  /// The line of the view of one SM that the viewer is at.
  public var stream = 0
  /// The first column of a tile's values that is shown.
  public var firstColumn = 0
  /// A tile by its label without plane; nil: the tile of the current event.
  public var tile: TileName?

  public init() {}
}

/// A part of a run's panel.
public enum Panel: String, Sendable, CaseIterable { case hbm, bus, sram, units }

/// A tile that a lesson marks, with `◆` after it.
public struct Highlight: Sendable, Equatable {
  /// Index in `Scene.moments`.
  public var run: Int
  public var tile: TileName

  public init(run: Int, tile: TileName) {
    self.run = run
    self.tile = tile
  }

  static let sign: Character = "◆"
  static let style = Style(.accent, bold: true, underlined: true)
}

/// All that a frame shows.
public struct Scene: Sendable {
  public var moments: [Moment]
  /// Which of them the viewer looks at.
  public var focus: Int
  public var selection: Selection
  /// A tile whose writes the viewer follows.
  public var watch: TileName?
  public var highlights: [Highlight] = []
  /// The panel of the run in focus that a lesson points at.
  public var spotlight: Panel?
  /// Launches of runs that a lesson has timed; none: those of the runs on the screen.
  public var tables: [LaunchTable] = []

  public init(moments: [Moment], focus: Int, selection: Selection, watch: TileName? = nil) {
    self.moments = moments
    self.focus = focus
    self.selection = selection
    self.watch = watch
  }

  /// Whether a lesson marks this tile of this run.
  func isHighlighted(_ tile: TileName, run: Int) -> Bool {
    highlights.contains { $0.run == run && $0.tile.isSame(as: tile) }
  }

  public var focused: Moment { moments[focus] }
  public var cycle: Int { focused.cycle }
  /// The last cycle of the longest run.
  public var lastCycle: Int { moments.map(\.recording.lastCycle).max() ?? 0 }
}

/// A place on the screen that means something.
public struct Target: Sendable, Equatable {
  public enum Meaning: Sendable, Equatable {
    case tile(run: Int, TileName)
    /// An SM.
    case processor(run: Int, Int)
    /// A line of the view of one SM.
    case stream(run: Int, Int)
    /// A strip of time from cycle 0 to `lastCycle`.
    case time(lastCycle: Int)
  }

  public var rect: Rect
  public var meaning: Meaning
}

/// A canvas and the targets on it.
public struct Picture: Sendable {
  public var canvas: Canvas
  public var targets: [Target] = []

  public init(width: Int, height: Int) { canvas = Canvas(width: width, height: height) }
}

/// A panel: a pure function from a scene to cells.
public protocol View: Sendable {
  /// The name after `:view`.
  var name: String { get }
  /// It needs the whole screen and brings its own clock.
  var standsAlone: Bool { get }
  /// It has something to say of these runs; else it says why not, and `v` passes it over.
  func isAbout(_ scene: Scene) -> Bool
  func draw(_ scene: Scene, in rect: Rect, on picture: inout Picture)
}

extension View {
  public var standsAlone: Bool { false }
  public func isAbout(_ scene: Scene) -> Bool { true }
}

/// Every view that can fill the screen, in the order in which `v` goes through them.
public enum ViewCatalogue {
  public static let views: [any View] = [
    RaceView(), LedgerView(), TileView(.numbers), TileView(.heat), TrafficView(),
    TimelineView(), RooflineView(), RecomputeView(), ChipView(), SMView(), CyclesView(),
    LaunchesView(),
  ]

  public static func index(of name: String) -> Int? { views.firstIndex { $0.name == name } }
}

extension TileName {
  /// A tensor of one column of tiles may be named with or without the column.
  func isSame(as other: TileName) -> Bool {
    name == other.name && row == other.row && (column ?? 0) == (other.column ?? 0)
  }
}
