// A kernel's text after parsing: name and title, tensors, tile sizes, launches, closed forms.

/// A declared tensor: in HBM, or (`keep`) an on-chip value that is noted for the report.
struct Declaration: Equatable, Sendable {
  enum Role: String, Sendable {
    case input = "in"
    case output = "out"
    case scratch = "hbm"
    case kept = "keep"
  }

  var name: String
  /// Its axes from outer to inner: `N`, `d`.
  var axes: [String]
  var role: Role
  /// The format that the text names; nil: the problem's, or fp32 with one axis.
  var type: String?
  var condition: Condition?
  /// The tensor that says where in it each tile of its first axis lies; nil for in order.
  var blockTable: String?
  /// Only its tiles that the mask leaves visible are in HBM.
  var hasSeenTilesOnly = false
  var isBackward: Bool
  var place: SourcePosition
}

/// One launch: a grid of thread blocks, and what each of them does.
struct LaunchText: Equatable, Sendable {
  var name: String
  /// The grid: one block for each tile along these axes, in every head. Empty: one block per head.
  var axes: [(variable: String, axis: String)]
  /// The least number of warp groups that share a block; nil: a block is not divided.
  var groups: Int?
  /// What the warp groups are called, as softmax; nil: nothing.
  var groupName: String?
  /// The grid starts with the last tile: under a causal mask the last tiles have most work.
  var hasReversedGrid = false
  /// Each line is a launch of its own.
  var isLineByLine = false
  /// It is one line of such a launch: an operation of a framework.
  var isFrameworkOperation = false
  /// A block holds whole rows, as many as fit in SRAM.
  var fitsRowsToSRAM = false
  /// It runs where all of these hold.
  var conditions: [Condition] = []
  var isBackward: Bool
  var body: [Statement] = []
  /// The second body, which runs if not even one whole row fits in SRAM.
  var fallbackBody: [Statement]?
  var place: SourcePosition

  static func == (a: LaunchText, b: LaunchText) -> Bool {
    a.name == b.name && a.body == b.body && a.fallbackBody == b.fallbackBody
  }
}

/// An axis that is cut into tiles, with the name of its tile size: `N by Br`.
struct TiledAxis: Equatable, Sendable {
  var axis: String
  /// The name of the tile size in formulas: `Br`; `1` for tiles of one element.
  var name: String
  var place: SourcePosition
}

/// A line of `sees`: the choice for which it holds, nil for any, and its condition over q and k.
struct Sight: Equatable, Sendable {
  var choice: String?
  var term: Term
}

/// A kernel's text after parsing.
package struct KernelText: Sendable {
  /// The size of the longest text that is accepted, in bytes.
  package static let mostBytes = 64 * 1024

  package internal(set) var name = ""
  package internal(set) var title = ""
  /// The paper and its algorithm.
  package internal(set) var source = ""
  /// Its rank in the list of shipped kernels; nil: after all others.
  package internal(set) var order: Int?
  /// The kernel is wrong on purpose, for a lesson; no list shows it.
  package internal(set) var isFaulty = false
  /// Its result is near attention on purpose, and not equal to it.
  package internal(set) var isApproximate = false
  /// Where the text says that queries and keys are the same tokens; nil if it does not.
  var selfAttention: SourcePosition?
  /// With one query, the heads that share K and V are rows of one tile.
  package internal(set) var packsGroupedHeads = false
  /// The only mask rules that the kernel's definition has, beside none; nil: any, and bias and softcap.
  package internal(set) var masks: [String]?
  /// Which key a query sees, by the kernel's own definition, for each choice of an option.
  var sights: [Sight] = []
  /// The kernel's own axes, with their lengths in elements.
  var sizes: [(name: String, value: Int)] = []
  /// The part of another axis than which one of the kernel's own is never longer, where no option gives its
  /// length.
  package internal(set) var limits: [String: (axis: String, parts: Int)] = [:]
  /// The options of its own.
  package internal(set) var options: [KernelOption] = []
  var declarations: [Declaration] = []
  var tiles: [TiledAxis] = []
  var launches: [LaunchText] = []
  /// Each closed form, the indices of the launches that it covers, and whether it is for their
  /// second body (no row fits).
  var moves: [(launches: ClosedRange<Int>, isOtherwise: Bool, move: Move)] = []
  package internal(set) var lines: [SourceLine] = []
}
