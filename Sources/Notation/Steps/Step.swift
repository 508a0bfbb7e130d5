// The compiled form of a launch for one setting: steps that record the ops of a block. Slot numbers
// stand for names, and constants for sizes.

import Machine

/// A region of a tensor as a function of tile indices and head.
struct RegionPattern {
  /// How the plane follows from the head: by query head, by K/V head, by the heads of the launch's
  /// grid, or among planes that heads share.
  enum Plane {
    case head, keyValueHead, launch
    case shared(planes: Int)
  }
  /// What one side covers: one element, `whole` elements of the axis, or the tile of a variable.
  enum Side {
    case one
    case whole(Int)
    case tile(variable: Int)
    /// The entry that a variable picks.
    case entry(variable: Int)
  }

  /// Rows below those of an entry that a variable picks of a tensor with three axes.
  struct Stack {
    var variable: Int
    var rows: Int
  }

  /// Index into the program's tensors; -1 for a tile that is on chip only.
  var tensor: Int
  var rows: Side
  var columns: Side
  var plane: Plane
  var stack: Stack?
  /// For a gather or a scatter: rows that each number stands for.
  var rowsPerNumber: Int?

  /// Whether a row of the tensor is a column on chip: an index has picked it.
  var isTurned: Bool {
    if case .entry = rows { return columns.isLong }
    return false
  }
}

extension RegionPattern.Side {
  fileprivate var isLong: Bool {
    switch self {
    case .one, .entry: false
    case .whole, .tile: true
    }
  }
}

/// The number that steps use for a name. The recording of a block keeps one tile per slot, or one
/// per slot and warp group.
struct Slot: Hashable {
  var index: Int
  var isOfGroup: Bool
}

/// A number of operations: `times` for each element, or for each row, of an input or of the target.
struct Count: Sendable {
  indirect enum Of: Sendable {
    case input(Int)
    case target
    /// A matrix with a row for each row of one and a column for each row of the other.
    case outer(Of, Of)
  }

  var times: Int
  var of: Of
  var isPerRow: Bool
  /// One in so many elements counts.
  var outOf = 1
}

/// An element-wise op on the FP32 lanes and the SFU: its formula, its inputs, its operation counts.
/// A class, so that steps share it without copies.
final class Computation: Sendable {
  let operation: Operation
  let verb: Verb
  let inputs: [Slot]
  let elementwise: [Count]
  let exponential: [Count]

  init(
    operation: Operation, verb: Verb, inputs: [Slot], elementwise: [Count], exponential: [Count]
  ) {
    (self.operation, self.verb, self.inputs) = (operation, verb, inputs)
    (self.elementwise, self.exponential) = (elementwise, exponential)
  }
}

/// The kind and the region of a tile that a step makes.
struct NewTile {
  var kind: TileKind
  var place: RegionPattern
}

/// A compiled loop: its axis, and what its iterations depend on.
struct LoopPlan {
  var variable: Int
  /// Queries, keys or another axis.
  var axis: Axis
  /// The loop skips tiles that the mask hides.
  var filter: Bool
  /// The variable that says which part of its tiles the loop goes through; nil for all.
  var part: Int?
  /// The variable along the mask's other axis; nil if no loop or grid around has one.
  var maskPartner: Int?
  /// Iterations differ by the mask's coverage of their tile.
  var looksAtMask: Bool
  /// The block notes which rows the loop has visited.
  var tracksVisitedRows: Bool
  /// The first iteration differs from the others: no earlier one has left tiles or stored rows.
  var hasLoopCarried: Bool
  /// There is no loop inside, so a long run of iterations may be sampled.
  var isInnermost: Bool
}

/// What a load with `or` yields before this block has stored the region.
struct Start {
  var value: Float
  /// True: a first visit of the rows decides. False: the set of regions that the block has stored
  /// decides.
  var isByVisit: Bool
}

/// A step in the recording of a block. `line` is its line in the kernel's text.
indirect enum Step {
  /// `rows`: the tile of numbers that names the rows of the tensor, and likewise for stores.
  case load(
    Slot, NewTile, rows: Slot?, copies: [Int], start: Start?, unless: [LoopPlan], line: Int)
  case store(Slot, RegionPattern, rows: Slot?, line: Int)
  case add(Slot, RegionPattern, rows: Slot?, line: Int)
  case keep(Slot, RegionPattern, line: Int)
  /// Computes into a new tile.
  case make(Slot, NewTile, Computation, line: Int)
  /// Changes a tile in place.
  case change(Slot, Computation, line: Int)
  case multiply(Slot, NewTile?, Slot, Slot, Product, isWaitedFor: Bool, line: Int)
  /// Applies scale, softcap, bias and mask to a tile of scores; loads bias and mask table if
  /// needed.
  case logits(Slot, scale: Double, seesAll: Bool, line: Int)
  case slope(Slot, of: Slot, cap: Double, line: Int)
  case draw(Slot, NewTile?, DropoutTarget, like: Slot?, line: Int)
  case convert(Slot, line: Int)
  /// Puts the order of a column's entries into a new tile.
  case arrange(Slot, NewTile, of: Slot, Arrangement, line: Int)
  case rename(Slot, Slot)
  case loop(LoopPlan, [Step])
  case groups(GroupOrder, [Step], hasLoopCarried: Bool, line: Int)
  case loopCarried([Slot], [Step])
  case visit(isFirst: Bool, [Step])
  /// The warps of a role, by its number, run the steps.
  case by(Int, [Step])
  /// Frees tiles that nothing uses afterwards.
  case free([Slot], line: Int)
  /// Takes tiles that nothing uses afterwards from their slots; they are freed with those of the body around this one.
  case freeAround([Slot])
}

/// The stores for rows that no iteration has visited: rows that the mask hides entirely.
struct UnvisitedRows {
  /// The variable of the loop over those rows; nil if they are the block's own.
  var variable: Int?
  var stores: [Store]

  struct Store {
    var tile: NewTile
    var start: Float
    var fillLine: Int
    var region: RegionPattern
    var line: Int
  }
}

/// A compiled launch, ready to record its blocks.
///
/// A class, so that recording a block copies none of its parts.
final class CompiledLaunch: Sendable {
  let setting: Setting
  let steps: [Step]
  /// Slots of a block, and slots of each of its warp groups.
  let slots: Int
  let groupSlots: Int
  /// Tile size, and length of the axis, of each variable, in elements.
  let tileSizes: [Int]
  let extents: [Int]
  /// Indices of the grid's variables, from outer to inner.
  let blockVariables: [Int]
  let axes: [Axis]
  let groups: Int
  let isGrouped: Bool
  let hasReversedGrid: Bool
  let isPerKeyValueHead: Bool
  /// The grid has one block per query head, or one per split of its rows.
  let hasOneBlockPerHead: Bool
  let skipsTiles: Bool
  let looksAtMask: Bool
  /// Number of the grid variable that says through which part of its tiles a loop goes; nil for none.
  let partNumber: Int?
  /// A block holds as many whole rows as fit in SRAM.
  let holdsWholeRows: Bool
  let unseen: UnvisitedRows?
  /// Indices of bias and mask table among the tensors; nil for none.
  let bias: Int?
  let table: Int?
  /// What the warp groups and roles of its blocks are called.
  let parties: PartyNames
  /// A product marked `not waited for` overlaps what follows.
  let isAsynchronous: Bool
  /// Its warp groups wait for each other in every round of a loop, so that they stay in step.
  let groupsMeet: Bool
  /// Some load depends on what its block has stored.
  let tracksStoredRegions: Bool
  /// The variable of the loop that notes visited rows; nil for none.
  let visitedVariable: Int?

  /// Blocks along each grid variable, from outer to inner.
  let grid: [Int]

  init(
    setting: Setting,
    steps: [Step],
    slots: Int,
    groupSlots: Int,
    tileSizes: [Int],
    extents: [Int],
    blockVariables: [Int],
    axes: [Axis],
    groups: Int,
    isGrouped: Bool,
    hasReversedGrid: Bool,
    isPerKeyValueHead: Bool,
    hasOneBlockPerHead: Bool,
    skipsTiles: Bool,
    looksAtMask: Bool,
    holdsWholeRows: Bool,
    unseen: UnvisitedRows? = nil,
    bias: Int? = nil,
    table: Int? = nil,
    parties: PartyNames = PartyNames(),
    isAsynchronous: Bool,
    tracksStoredRegions: Bool,
    visitedVariable: Int? = nil
  ) {
    self.setting = setting
    self.steps = steps
    self.slots = slots
    self.groupSlots = groupSlots
    self.tileSizes = tileSizes
    self.extents = extents
    self.blockVariables = blockVariables
    self.axes = axes
    self.groups = groups
    self.isGrouped = isGrouped
    self.hasReversedGrid = hasReversedGrid
    self.isPerKeyValueHead = isPerKeyValueHead
    self.hasOneBlockPerHead = hasOneBlockPerHead
    self.skipsTiles = skipsTiles
    self.looksAtMask = looksAtMask
    partNumber = blockVariables.firstIndex { variable in
      steps.contains { $0.goes(through: variable) }
    }
    self.holdsWholeRows = holdsWholeRows
    self.unseen = unseen
    self.bias = bias
    self.table = table
    self.parties = parties
    self.isAsynchronous = isAsynchronous
    groupsMeet = steps.contains { $0.meets }
    self.tracksStoredRegions = tracksStoredRegions
    self.visitedVariable = visitedVariable
    grid = blockVariables.enumerated().map { number, variable in
      let tiles = tileCount(extents[variable], tileSizes[variable])
      return number == 0 ? tileCount(tiles, groups) : tiles
    }
  }

  /// The same launch with another tile size along one variable.
  func with(tile size: Int, along variable: Int) -> CompiledLaunch {
    var sizes = tileSizes
    sizes[variable] = size
    return CompiledLaunch(
      setting: setting,
      steps: steps,
      slots: slots,
      groupSlots: groupSlots,
      tileSizes: sizes,
      extents: extents,
      blockVariables: blockVariables,
      axes: axes,
      groups: groups,
      isGrouped: isGrouped,
      hasReversedGrid: hasReversedGrid,
      isPerKeyValueHead: isPerKeyValueHead,
      hasOneBlockPerHead: hasOneBlockPerHead,
      skipsTiles: skipsTiles,
      looksAtMask: looksAtMask,
      holdsWholeRows: holdsWholeRows,
      unseen: unseen,
      bias: bias,
      table: table,
      parties: parties,
      isAsynchronous: isAsynchronous,
      tracksStoredRegions: tracksStoredRegions,
      visitedVariable: visitedVariable)
  }
}

extension Step {
  /// Whether warp groups wait for each other in it.
  fileprivate var meets: Bool {
    switch self {
    case .groups(.together, _, _, _): true
    default: children.contains { $0.meets }
    }
  }

  /// Whether a loop in it goes through the part of its tiles that `variable` names.
  fileprivate func goes(through variable: Int) -> Bool {
    switch self {
    case .loop(let plan, _) where plan.part == variable: true
    default: children.contains { $0.goes(through: variable) }
    }
  }

  /// The steps of its body; none if it has no body.
  private var children: [Step] {
    switch self {
    case .loop(_, let body), .groups(_, let body, _, _), .loopCarried(_, let body),
      .visit(_, let body), .by(_, let body):
      body
    default: []
    }
  }
}
