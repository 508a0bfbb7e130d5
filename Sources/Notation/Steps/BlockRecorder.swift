// Records one block: runs the steps of its launch for one place in the grid.

import Machine

/// The recording of one block: the current indices, and the tile in each slot.
struct BlockRecorder {
  let compiledLaunch: CompiledLaunch
  var setting: Setting { compiledLaunch.setting }
  /// The current tile index of each variable.
  private(set) var indices: [Int]
  private var tiles: [Tile?]
  /// The current plane of Q, and that of K and V.
  var head = 0
  private(set) var keyValueHead = 0
  private(set) var split = 0
  /// Warp groups of this block, and the current one.
  private(set) var groups = 1
  private(set) var group = 0
  /// The tile index of the first warp group.
  private(set) var firstOfGroups = 0
  /// Whether the current loop has gone round before, after which the groups have drifted apart.
  var hasGoneRound = false
  /// Whether this block has visited a row block, for each row block of each of its query heads.
  var visited: [Bool] = []
  var isFirstVisit = false
  /// The regions that this block has stored, kept only if a later load depends on them.
  private(set) var stored: Set<Region> = []
  /// Tiles whose slot holds another tile by now, or none; they are freed at the end of the body.
  private var replaced: [Tile] = []

  init(_ compiledLaunch: CompiledLaunch, block: Int) {
    self.compiledLaunch = compiledLaunch
    indices = Array(repeating: 0, count: compiledLaunch.tileSizes.count)
    tiles = Array(
      repeating: nil,
      count: compiledLaunch.slots + compiledLaunch.groupSlots * compiledLaunch.groups)
    place(compiledLaunch.place(of: block))
  }

  private mutating func place(_ place: BlockPlace) {
    if compiledLaunch.isPerKeyValueHead {
      keyValueHead = place.plane
      head = setting.group(ofKeyValuePlane: place.plane).lowerBound
    } else {
      head = place.plane
      keyValueHead = setting.keyValuePlane(place.plane)
    }
    split = place.split
    groups = place.groups
    for (number, variable) in compiledLaunch.blockVariables.enumerated() {
      indices[variable] = place.indices[number]
    }
    firstOfGroups = place.indices[0]
  }

  mutating func record(_ block: inout Block) {
    if let variable = compiledLaunch.visitedVariable {
      let rows = compiledLaunch.count(of: variable)
      visited = Array(repeating: false, count: heads.count * rows)
    }
    block.parties = compiledLaunch.parties.names(groups: compiledLaunch.groups)
    run(compiledLaunch.steps, &block)
    if let unseen = compiledLaunch.unseen { storeInitialValues(unseen, &block) }
  }

  // MARK: Indices and regions

  /// The planes of Q that this block works on.
  var heads: Range<Int> {
    compiledLaunch.isPerKeyValueHead
      ? setting.group(ofKeyValuePlane: keyValueHead) : head..<head + 1
  }

  mutating func go(_ variable: Int, to index: Int, head: Int? = nil) {
    indices[variable] = index
    if let head {
      self.head = head
      if !compiledLaunch.isPerKeyValueHead { keyValueHead = setting.keyValuePlane(head) }
    }
  }

  func range(_ variable: Int) -> Range<Int> {
    tileRange(
      indices[variable], of: compiledLaunch.extents[variable],
      by: compiledLaunch.tileSizes[variable])
  }

  func region(_ pattern: RegionPattern) -> Region {
    let plane =
      switch pattern.plane {
      case .head: head
      case .keyValueHead: keyValueHead
      case .launch: compiledLaunch.isPerKeyValueHead ? keyValueHead : head
      case .shared(let planes): headPlane(head, of: planes, heads: setting.heads)
      }
    var region = Region(
      tensor: pattern.tensor, plane: plane, rows: 0..<1, columns: 0..<1, tileRow: 0,
      tileColumn: nil)
    switch pattern.rows {
    case .one: break
    case .whole(let size): region.rows = 0..<size
    case .tile(let variable):
      region.rows = range(variable)
      region.tileRow = indices[variable]
    case .entry(let variable):
      region.rows = indices[variable]..<indices[variable] + 1
      region.tileRow = indices[variable]
    }
    region.rowsPerNumber = pattern.rowsPerNumber
    if let stack = pattern.stack {
      let first = indices[stack.variable] * stack.rows
      region.rows = region.rows.lowerBound + first..<region.rows.upperBound + first
    }
    switch pattern.columns {
    case .one: break
    case .whole(let size): region.columns = 0..<size
    case .tile(let variable):
      region.columns = range(variable)
      region.tileColumn = indices[variable]
    case .entry(let variable):
      region.columns = indices[variable]..<indices[variable] + 1
      region.tileColumn = indices[variable]
    }
    return region
  }

  /// The mask's coverage of an iteration's tile, for one warp group of the block.
  func coverage(_ plan: LoopPlan, _ maskPartner: Int, at iteration: Iteration, group: Int)
    -> Coverage
  {
    let isOfGroup = compiledLaunch.isGrouped && maskPartner == compiledLaunch.blockVariables.first
    let other = tileRange(
      isOfGroup ? firstOfGroups + group : indices[maskPartner],
      of: compiledLaunch.extents[maskPartner],
      by: compiledLaunch.tileSizes[maskPartner])
    let own = tileRange(
      iteration.index, of: compiledLaunch.extents[plan.variable],
      by: compiledLaunch.tileSizes[plan.variable])
    return plan.axis == .keys
      ? setting.mask.coverage(plane: head, rows: other, columns: own)
      : setting.mask.coverage(plane: iteration.head, rows: own, columns: other)
  }

  /// The mask's coverage of the tile at two variables.
  func coverage(rows: Int, columns: Int) -> Coverage {
    setting.mask.coverage(plane: head, rows: range(rows), columns: range(columns))
  }

  // MARK: Tiles

  private func index(_ slot: Slot) -> Int {
    slot.isOfGroup ? compiledLaunch.slots + slot.index * compiledLaunch.groups + group : slot.index
  }

  subscript(slot: Slot) -> Tile? {
    get { tiles[index(slot)] }
    set { tiles[index(slot)] = newValue }
  }

  /// Puts a tile into a slot; the tile that was there is freed at the end of the body.
  mutating func bind(_ tile: Tile, to slot: Slot) {
    if let old = self[slot], old.id != tile.id { replaced.append(old) }
    self[slot] = tile
  }

  // MARK: Steps

  mutating func run(_ steps: [Step], _ block: inout Block) {
    for step in steps { run(step, &block) }
  }

  private mutating func run(_ step: Step, _ block: inout Block) {
    switch step {
    case .load(let slot, let tile, let rows, let copies, let start, let loops, let line):
      guard loops.isEmpty || loops.contains(where: { hasIterations($0) }) else { return }
      let place = region(tile.place)
      if let start, start.isByVisit ? isFirstVisit : !stored.contains(place) {
        bind(fill(tile.kind, place, with: start.value, line, &block), to: slot)
      } else {
        let count = copies.reduce(1) { $0 * range($1).count }
        let tile = block.load(
          place, rows: rows.flatMap { self[$0] }, isTurned: tile.place.isTurned, copies: count,
          as: tile.kind, line: line)
        bind(tile, to: slot)
      }
    case .store(let slot, let pattern, let rows, let line):
      guard let tile = self[slot] else { return }
      let place = region(pattern)
      block.store(tile, to: place, rows: rows.flatMap { self[$0] }, line: line)
      if compiledLaunch.tracksStoredRegions { stored.insert(place) }
    case .add(let slot, let pattern, let rows, let line):
      if let tile = self[slot] {
        block.add(tile, to: region(pattern), rows: rows.flatMap { self[$0] }, line: line)
      }
    case .keep(let slot, let pattern, let line):
      if let tile = self[slot] { block.keep(tile, as: region(pattern), line: line) }
    case .make(let slot, let new, let computation, let line):
      guard computation.inputs.allSatisfy({ self[$0] != nil }) else { return }
      let place = region(new.place)
      let tile = block.make(
        new.kind, at: place, rows: place.rows.count, columns: place.columns.count)
      compute(computation, into: tile, line, &block)
      bind(tile, to: slot)
    case .change(let slot, let computation, let line):
      if let tile = self[slot] { compute(computation, into: tile, line, &block) }
    case .multiply(let slot, let new, let a, let b, let product, let isWaitedFor, let line):
      multiply(slot, new, a, b, product, isWaitedFor, line, &block)
    case .logits(let slot, let scale, let seesAll, let line):
      if let tile = self[slot] { makeLogits(tile, scale, seesAll, line, &block) }
    case .slope(let slot, let score, let cap, let line):
      if let tile = self[slot], let score = self[score] {
        multiplyBySoftcapGradient(tile, score, cap, line, &block)
      }
    case .draw(let slot, let new, let drawn, let like, let line):
      draw(slot, new, drawn, like, line, &block)
    case .arrange(let slot, let new, let values, let arrangement, let line):
      guard let values = self[values] else { return }
      let place = region(new.place)
      let tile = block.make(new.kind, at: place, rows: place.rows.count, columns: 1)
      block.arrange(values, arrangement, into: tile, line: line)
      bind(tile, to: slot)
    case .convert(let slot, let line):
      if let tile = self[slot] { convert(tile, line, &block) }
    case .rename(let new, let old):
      if let tile = self[old] { bind(tile, to: new) }
    case .loop(let plan, let body): loop(plan, body, &block)
    case .groups(let order, let body, let hasLoopCarried, let line):
      eachGroup(order, body, hasLoopCarried, line, &block)
    case .loopCarried(let slots, let body):
      if slots.allSatisfy({ self[$0] != nil }) { run(body, &block) }
    case .by(let role, let body):
      block.role = compiledLaunch.groups + role
      run(body, &block)
      block.role = nil
    case .visit(let isFirst, let body): if isFirst == isFirstVisit { run(body, &block) }
    case .free(let slots, let line): free(slots, line, &block)
    case .freeAround(let slots):
      for slot in slots {
        if let tile = self[slot] { replaced.append(tile) }
        self[slot] = nil
      }
    }
  }

  func fill(
    _ kind: TileKind, _ place: Region, with value: Float, _ line: Int, _ block: inout Block
  ) -> Tile {
    let tile = block.make(kind, at: place, rows: place.rows.count, columns: place.columns.count)
    block.compute(
      .compute(.number(value)), .fill, [], into: tile, elementwise: place.count, line: line)
    return tile
  }

  private func compute(
    _ computation: Computation, into tile: Tile, _ line: Int, _ block: inout Block
  ) {
    var inputs: [Tile] = []
    for slot in computation.inputs {
      guard let input = self[slot] else { return }
      inputs.append(input)
    }
    block.compute(
      computation.operation, computation.verb, inputs, into: tile,
      elementwise: Self.count(computation.elementwise, inputs, tile),
      exponential: Self.count(computation.exponential, inputs, tile), line: line)
  }

  private static func count(_ counts: [Count], _ inputs: [Tile], _ target: Tile) -> Int {
    func shape(_ of: Count.Of) -> (rows: Int, columns: Int) {
      switch of {
      case .input(let index): (inputs[index].rows, inputs[index].columns)
      case .target: (target.rows, target.columns)
      case .outer(let column, let row): (shape(column).rows, shape(row).rows)
      }
    }
    return counts.reduce(0) { sum, count in
      let (rows, columns) = shape(count.of)
      return sum + count.times * (count.isPerRow ? rows : rows * columns) / count.outOf
    }
  }

  private mutating func multiply(
    _ slot: Slot, _ new: NewTile?, _ a: Slot, _ b: Slot, _ product: Product, _ isWaitedFor: Bool,
    _ line: Int, _ block: inout Block
  ) {
    guard let left = self[a], let right = self[b] else { return }
    var out = self[slot]
    if let new {
      let place = region(new.place)
      out = block.make(new.kind, at: place, rows: place.rows.count, columns: place.columns.count)
    }
    guard let out else { return }
    block.isAsynchronous = !isWaitedFor && compiledLaunch.isAsynchronous
    block.multiply(left, right, product, into: out, line: line)
    block.isAsynchronous = false
    if new != nil { bind(out, to: slot) }
  }

  private mutating func free(_ slots: [Slot], _ line: Int, _ block: inout Block) {
    var gone: [TileID] = []
    func isStillNamed(_ id: TileID) -> Bool { tiles.contains { $0?.id == id } }
    for slot in slots {
      guard let tile = self[slot] else { continue }
      self[slot] = nil
      if !gone.contains(tile.id), !isStillNamed(tile.id) {
        gone.append(tile.id)
        block.free(tile, line: line)
      }
    }
    let old = replaced
    replaced = []
    for tile in old where !gone.contains(tile.id) {
      if isStillNamed(tile.id) { continue }
      gone.append(tile.id)
      block.free(tile, line: line)
    }
  }

  // MARK: Warp groups

  private mutating func eachGroup(
    _ order: GroupOrder, _ body: [Step], _ hasLoopCarried: Bool, _ line: Int, _ block: inout Block
  ) {
    var work: Range<Int>?
    var idle = Array(groups..<max(groups, compiledLaunch.groups))
    // Where no role asks for their products, the groups begin together, and meet again at the end.
    block.isInStep =
      (!hasGoneRound || compiledLaunch.groupsMeet) && compiledLaunch.groups > 1
      && compiledLaunch.parties.roles.isEmpty
    defer { block.isInStep = false }
    let arrivals = order == .together ? block.arrivals(of: compiledLaunch.groups) : []
    for number in 0..<groups {
      enter(number)
      block.group = number
      let sees = currentFilter.map { coverage(rows: $0.rows, columns: $0.columns) != .none } ?? true
      if sees || hasLoopCarried { wait(order, arrivals, line, &block) }
      let start = block.count
      if sees {
        run(body, &block)
        work = start..<block.count
      } else {
        runLoopCarried(body, &block)
        idle.append(number)
      }
    }
    // A released kernel does not ask whether a group has rows in a tile, or sees any of it.
    if let work, setting.features.contains(.released) {
      for number in idle {
        block.group = number
        wait(order, arrivals, line, &block)
        block.repeatWork(of: work, line: line)
      }
    }
    enter(0)
  }

  /// Lets the current warp group wait for others, as the order of its body wants.
  private func wait(_ order: GroupOrder, _ arrivals: [OpID], _ line: Int, _ block: inout Block) {
    switch order {
    case .free: break
    case .inTurn: block.takeTurn(line: line)
    case .together: block.meet(arrivals, line: line)
    }
  }

  /// Runs only what is left from an iteration before.
  private mutating func runLoopCarried(_ steps: [Step], _ block: inout Block) {
    for step in steps {
      switch step {
      case .loopCarried: run(step, &block)
      case .by(let role, let body):
        block.role = compiledLaunch.groups + role
        runLoopCarried(body, &block)
        block.role = nil
      default: break
      }
    }
  }

  /// Makes warp group `number` the current one, with the grid variable at the group's own tile.
  mutating func enter(_ number: Int) {
    group = number
    if compiledLaunch.isGrouped, let variable = compiledLaunch.blockVariables.first {
      indices[variable] = firstOfGroups + number
    }
  }

  /// The row and the column variable of the current loop that skips hidden tiles; nil outside one.
  var currentFilter: (rows: Int, columns: Int)?
}
