// A kernel as it is written: what it says of itself, its tensors, its launches.

/// A tensor in HBM, or a value that the report keeps from the chip.
struct Declaration: Equatable, Sendable {
  enum Role: String, Sendable {
    case input = "in"
    case output = "out"
    case scratch = "hbm"
    case kept = "keep"
  }

  var name: String
  /// `N`, `d`: its axes, from outer to inner.
  var axes: [String]
  var role: Role
  /// Named in the text; nil: what the problem says, fp32 for a column.
  var type: String?
  var condition: Condition?
  var isBackward: Bool
  var place: Place
}

/// One launch: a grid of thread blocks, and what each of them does.
struct LaunchText: Equatable, Sendable {
  var name: String
  /// A block for each tile along these; none: for each head.
  var axes: [(variable: String, axis: String)]
  /// At least so many warp groups share a block; nil: none do.
  var groups: Int?
  var isLastFirst = false
  /// Whole rows, as many of them as fit in SRAM.
  var takesRowsThatFit = false
  var condition: Condition?
  var isBackward: Bool
  var body: [Statement] = []
  /// Where no row fits.
  var otherwise: [Statement]?
  var place: Place

  static func == (a: LaunchText, b: LaunchText) -> Bool {
    a.name == b.name && a.body == b.body && a.otherwise == b.otherwise
  }
}

/// A tile size: `N by Br`.
struct TiledAxis: Equatable, Sendable {
  var axis: String
  /// What formulas call it.
  var name: String
  var place: Place
}

/// A kernel's text, read.
package struct KernelText: Sendable {
  /// A text has at most so many bytes.
  package static let mostBytes = 64 * 1024

  package internal(set) var name = ""
  package internal(set) var title = ""
  /// Paper and algorithm.
  package internal(set) var source = ""
  /// Where it stands in the lecture.
  package internal(set) var order: Int?
  /// Wrong on purpose, for a lesson.
  package internal(set) var isFaulty = false
  var sizes: [(name: String, value: Int)] = []
  var declarations: [Declaration] = []
  var tiles: [TiledAxis] = []
  var launches: [LaunchText] = []
  /// Closed forms, the launches that each speaks of, and whether it holds where no row fits.
  var moves: [(launches: ClosedRange<Int>, isOtherwise: Bool, move: Move)] = []
  package internal(set) var lines: [SourceLine] = []
}
