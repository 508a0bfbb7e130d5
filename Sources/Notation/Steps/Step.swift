// What is left of a launch's text for one setting: steps with numbers in place of names, which record the
// ops of a block.

import Machine

/// A rectangle whose place depends on where the variables stand.
struct RegionPattern {
  /// Which planes a matrix has, and so which of them is meant.
  enum Plane {
    case head, keyValueHead, launch
    case shared(planes: Int)
  }
  enum Side {
    case one
    case whole(Int)
    case tile(variable: Int)
  }

  /// Index into the program's tensors; -1 for what is on chip only.
  var tensor: Int
  var rows: Side
  var columns: Side
  var plane: Plane
}

/// Where a tile is kept while a block is recorded: a place of its own for each warp group, or one for all.
struct Slot: Hashable {
  var index: Int
  var isOfGroup: Bool
}

/// How much of something an op does: so often for each element, or each row, of a tile.
struct Count {
  enum Of {
    case input(Int)
    case target
  }

  var times: Int
  var of: Of
  var isPerRow: Bool
}

/// An op on the lanes and the SFU; one object, which steps hand on without copies of its parts.
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

/// What a tile that does not exist yet will be.
struct NewTile {
  var kind: TileKind
  var place: RegionPattern
}

/// What must be visible in a loop's iterations.
struct LoopPlan {
  var variable: Int
  /// Queries, keys or another axis.
  var axis: Axis
  var sight: Bool
  /// The variable at the other axis of the mask, where the loop asks who sees whom.
  var partner: Int?
  /// Iterations differ by what the mask leaves of their tile.
  var looksAtMask: Bool
  /// Blocks note which rows they have met.
  var notesVisits: Bool
  /// Its first iteration finds nothing left of one before.
  var hasLeftOvers: Bool
  /// Nothing loops inside, so that a long one may be measured and not run.
  var isInnermost: Bool
}

/// What a tile starts with where nobody has stored it yet.
struct Start {
  var value: Float
  /// Whether that is so is known of the iteration; else of what this block has stored.
  var isByVisit: Bool
}

indirect enum Step {
  case load(Slot, NewTile, copies: [Int], start: Start?, unless: [LoopPlan], line: Int)
  case store(Slot, RegionPattern, line: Int)
  case add(Slot, RegionPattern, line: Int)
  case keep(Slot, RegionPattern, line: Int)
  /// Into a new tile.
  case make(Slot, NewTile, Computation, line: Int)
  /// In place.
  case change(Slot, Computation, line: Int)
  case multiply(Slot, NewTile?, Slot, Slot, Product, isWaitedFor: Bool, line: Int)
  /// Bias and mask table come in where they are needed.
  case logits(Slot, scale: Double, seesAll: Bool, line: Int)
  case slope(Slot, of: Slot, cap: Double, line: Int)
  case draw(Slot, NewTile?, DropoutTarget, like: Slot?, line: Int)
  case convert(Slot, line: Int)
  case rename(Slot, Slot)
  case loop(LoopPlan, [Step])
  case groups(inTurn: Bool, [Step], hasLeftOvers: Bool, line: Int)
  case leftOver([Slot], [Step])
  case visit(isFirst: Bool, [Step])
  /// At the end of a body: what nobody uses any more.
  case free([Slot], line: Int)
}

/// What is written for rows that nobody has visited.
struct UnseenRows {
  /// Of the loop over them; nil where they are the block's own.
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

/// A launch, ready to record blocks.
///
/// One object, so that a block's walk carries no copies of its parts.
final class Procedure: Sendable {
  let setting: Setting
  let steps: [Step]
  let slots: Int
  let groupSlots: Int
  /// Tile size and extent of each variable.
  let tileSizes: [Int]
  let extents: [Int]
  /// The variables of a block, from outer to inner.
  let blockVariables: [Int]
  let axes: [Axis]
  let groups: Int
  let isGrouped: Bool
  let isLastFirst: Bool
  let isKeyed: Bool
  /// A block has a head for itself, and its rows may be split.
  let isWholeHead: Bool
  let skipsTiles: Bool
  let looksAtMask: Bool
  let isBand: Bool
  let unseen: UnseenRows?
  /// Indices of bias and mask table among the tensors.
  let bias: Int?
  let table: Int?
  let isAsynchronous: Bool
  /// A load asks what its block has stored.
  let remembersStores: Bool
  /// Some loop asks whether it meets rows for the first time; the variable of those rows.
  let visitedVariable: Int?

  /// Blocks along each of the block's variables, from outer to inner.
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
    isLastFirst: Bool,
    isKeyed: Bool,
    isWholeHead: Bool,
    skipsTiles: Bool,
    looksAtMask: Bool,
    isBand: Bool,
    unseen: UnseenRows? = nil,
    bias: Int? = nil,
    table: Int? = nil,
    isAsynchronous: Bool,
    remembersStores: Bool,
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
    self.isLastFirst = isLastFirst
    self.isKeyed = isKeyed
    self.isWholeHead = isWholeHead
    self.skipsTiles = skipsTiles
    self.looksAtMask = looksAtMask
    self.isBand = isBand
    self.unseen = unseen
    self.bias = bias
    self.table = table
    self.isAsynchronous = isAsynchronous
    self.remembersStores = remembersStores
    self.visitedVariable = visitedVariable
    grid = blockVariables.enumerated().map { number, variable in
      let tiles = tileCount(extents[variable], tileSizes[variable])
      return number == 0 ? tileCount(tiles, groups) : tiles
    }
  }

  /// The same with other tiles along one variable.
  func with(tile size: Int, along variable: Int) -> Procedure {
    var sizes = tileSizes
    sizes[variable] = size
    return Procedure(
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
      isLastFirst: isLastFirst,
      isKeyed: isKeyed,
      isWholeHead: isWholeHead,
      skipsTiles: skipsTiles,
      looksAtMask: looksAtMask,
      isBand: isBand,
      unseen: unseen,
      bias: bias,
      table: table,
      isAsynchronous: isAsynchronous,
      remembersStores: remembersStores,
      visitedVariable: visitedVariable)
  }
}
