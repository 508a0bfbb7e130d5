// Compiles a launch's statements to steps: names become slots, terms become ops with their costs.

import Machine

/// Compiles one launch for one setting.
struct Compiler {
  let kernel: KernelText
  let launch: ResolvedLaunch
  let setting: Setting
  var types: TileTypes
  var labels: Labels
  let tensors: [Tensor]
  /// Signatures of the forward pass's products. A backward product with one of them is
  /// recomputation.
  let repeated: Set<String>
  let isPerKeyValueHead: Bool

  // MARK: State at the current statement

  private(set) var variables: [Variable] = []
  /// The variables in scope, by name.
  var scope: [String: Variable] = [:]
  private(set) var slots: [String: Slot] = [:]
  private(set) var slotCount = 0
  private(set) var groupSlotCount = 0
  /// For each name, the index of its last assignment among all assignments of the launch.
  private let lastGiven: [String: Int]
  private(set) var names: [String] = []
  var position = Position()
  /// Names that have a tile at this point.
  var given: Set<String> = []
  /// Names that have had a tile, perhaps only inside a loop or a condition that may not run.
  private var everGiven: Set<String> = []
  /// `given` at the start of each enclosing loop.
  private(set) var loopStarts: [Set<String>] = []
  /// Names whose tiles hold values as loaded from HBM.
  var loaded: Set<String> = []
  /// Names whose tiles hold weights: a weight of 0 lets nothing through, not even NaN.
  var weights: Set<String> = []
  /// Names whose tiles hold values in the storage format.
  var converted: Set<String> = []
  var freed: Set<String> = []
  var isInGroup = false
  /// The roles that have warps of their own, in the order of the text.
  let roles: [String]
  /// Some load depends on what its block has stored.
  var tracksStoredRegions = false
  private var temporaries = 0
  private(set) var visitedVariable: Int?
  private(set) var warnings: [Diagnostic] = []
  init(
    _ kernel: KernelText, _ read: TypedLaunch, _ setting: Setting, tensors: [Tensor],
    repeated: Set<String>
  ) {
    let launch = read.launch
    self.kernel = kernel
    self.launch = launch
    self.setting = setting
    self.tensors = tensors
    self.repeated = launch.text.isBackward ? repeated : []
    (types, labels) = (read.types, read.labels)
    roles = launch.body.all.compactMap(\.role).reduce(into: []) {
      if !$0.contains($1) { $0.append($1) }
    }
    isPerKeyValueHead = launch.isPerKeyValueHead(kernel)
    lastGiven = Dictionary(
      launch.body.given.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { $1 })
  }

  // MARK: The whole launch

  mutating func compiledLaunch() throws(Diagnostic) -> CompiledLaunch {
    for axis in launch.text.axes {
      let variable = try declare(axis.variable, axis.axis, isOfBlock: true, at: launch.text.place)
      scope[axis.variable] = variable
    }
    isInGroup = false
    let steps = try launch.text.groups == nil ? body(launch.body, isLoop: false) : grouped()
    let unseen = try unvisitedRows()
    if let unseen, unseen.variable == nil { tracksStoredRegions = true }
    let backward = launch.text.isBackward
    let groups = launch.text.groups == nil ? 1 : backward ? setting.backwardGroups : setting.groups
    return CompiledLaunch(
      setting: setting, steps: steps, slots: slotCount, groupSlots: groupSlotCount,
      tileSizes: variables.map { setting.tile($0.axis, isBackward: backward) },
      extents: variables.map { setting.sizes[$0.axis] ?? 0 },
      blockVariables: variables.filter(\.isOfBlock).map(\.index),
      axes: variables.map { Axis(named: $0.axis) }, groups: groups,
      isGrouped: launch.text.groups != nil, hasReversedGrid: launch.text.hasReversedGrid,
      isPerKeyValueHead: isPerKeyValueHead,
      hasOneBlockPerHead: launch.text.axes.isEmpty && !isPerKeyValueHead,
      skipsTiles: launch.skipsTiles,
      looksAtMask: launch.looksAtMask, holdsWholeRows: launch.fitsRowsToSRAM, unseen: unseen,
      bias: tensors.firstIndex { $0.name == "bias" },
      table: tensors.firstIndex { $0.name == "mask" },
      parties: PartyNames(groups: launch.text.groupName, roles: roles),
      isAsynchronous: setting.hasAsynchronousProducts, tracksStoredRegions: tracksStoredRegions,
      visitedVariable: visitedVariable)
  }

  /// The body of a launch that divides its blocks: each warp group runs the statements outside
  /// loops for itself.
  private mutating func grouped() throws(Diagnostic) -> [Step] {
    var steps: [Step] = []
    position.frames.append(Position.Frame(statements: launch.body, index: 0, isLoop: false))
    var own: [Step] = []
    func isLoop(_ statement: Statement) -> Bool {
      if case .loop = statement.kind { true } else { false }
    }
    for (index, statement) in launch.body.enumerated() {
      position.frames[0].index = index
      isInGroup = !isLoop(statement)
      let compiled = try self.statement(statement)
      if isInGroup {
        own += compiled
        guard index == launch.body.count - 1 || isLoop(launch.body[index + 1]) else { continue }
        let gone = unused(ofGroup: true)
        if index == launch.body.count - 1 { own.append(.free(gone, line: lastLine)) }
        steps.append(.groups(.free, own, hasLoopCarried: true, line: statement.line))
        own = []
      } else {
        steps += compiled
      }
    }
    isInGroup = false
    steps.append(.free(unused(ofGroup: false), line: lastLine))
    return steps
  }

  private var lastLine: Int { launch.body.all.map(\.line).max() ?? 0 }

  // MARK: Bodies

  /// The steps of a body. Tiles that nothing uses afterwards are freed at its end, or with the body around
  /// it if they are left to that.
  mutating func body(
    _ statements: [Statement], isLoop: Bool, isFreedAround: Bool = false
  ) throws(Diagnostic) -> [Step] {
    position.frames.append(Position.Frame(statements: statements, index: 0, isLoop: isLoop))
    var steps: [Step] = []
    for (index, statement) in statements.enumerated() {
      position.frames[position.frames.count - 1].index = index
      steps += try self.statement(statement)
    }
    if let last = statements.last {
      position.frames[position.frames.count - 1].index = statements.count - 1
      let unused = unused(ofGroup: isInGroup)
      let line = last.body.all.last?.line ?? last.line
      steps.append(isFreedAround ? .freeAround(unused) : .free(unused, line: line))
    }
    position.frames.removeLast()
    return steps
  }

  /// The slots of tiles that nothing uses after the current statement.
  private func unused(ofGroup: Bool) -> [Slot] {
    names.filter { everGiven.contains($0) && !position.isUsedAfter($0) }
      .sorted { lastGiven[$0] ?? .max < lastGiven[$1] ?? .max }
      .compactMap { slots[$0] }.filter { $0.isOfGroup == ofGroup }
  }

  // MARK: Names

  mutating func declare(
    _ name: String, _ axis: String, isOfBlock: Bool, at place: SourcePosition
  ) throws(Diagnostic) -> Variable {
    guard setting.sizes[axis] != nil else {
      let known = Array(setting.sizes.keys).sorted()
      throw Diagnostic(
        place,
        "\(axis) is no axis of this problem: there are \(listed(known))"
          + suggestion(axis, among: known))
    }
    try kernel.requireTiled(axis, at: place)
    guard scope[name] == nil else {
      throw Diagnostic(place, "\(name) goes along something already; expected another name")
    }
    let variable = Variable(name: name, axis: axis, index: variables.count, isOfBlock: isOfBlock)
    variables.append(variable)
    return variable
  }

  /// The slot of a name, made if it has none yet.
  mutating func slot(of name: String) -> Slot {
    if let slot = slots[name] { return slot }
    let slot = Slot(index: isInGroup ? groupSlotCount : slotCount, isOfGroup: isInGroup)
    if isInGroup { groupSlotCount += 1 } else { slotCount += 1 }
    slots[name] = slot
    names.append(name)
    return slot
  }

  /// Notes that a name has a tile from here on.
  mutating func give(_ name: String) {
    given.insert(name)
    everGiven.insert(name)
  }

  /// A new name for a temporary tile.
  mutating func temporary() -> String {
    temporaries += 1
    return "#\(temporaries)"
  }

  /// The slot of a name that is read.
  func slot(reading name: String, at place: SourcePosition) throws(Diagnostic) -> Slot {
    if let slot = slots[name], given.contains(name) {
      guard !slot.isOfGroup || isInGroup || launch.text.groups == nil else {
        throw Diagnostic(
          place, "each group has a tile \(name) of its own; expected “each group” around this line")
      }
      return slot
    }
    if freed.contains(name) {
      throw Diagnostic(place, "\(name) was freed before; expected a use before “free \(name)”")
    }
    if isCarriedFromPreviousIteration(name) {
      throw Diagnostic(
        place,
        "\(name) has no value in the first iteration; expected one above the loop, or “after the first” around its use"
      )
    }
    if everGiven.contains(name) {
      throw Diagnostic(
        place,
        "\(name) has no value here where a loop above makes no iteration, or a condition does not hold; expected one before it"
      )
    }
    if launch.body.given.contains(name) {
      throw Diagnostic(
        place,
        "\(name) is used before it has a value; expected “load \(name) = …” or “\(name) = …” above")
    }
    throw types.unknown(name, place, launch.body.given)
  }

  /// Whether an enclosing loop assigns the name, so that a read before that means the tile of the
  /// previous iteration.
  func isCarriedFromPreviousIteration(_ name: String) -> Bool {
    position.frames.contains { $0.isLoop && $0.statements.given.contains(name) }
  }

  // MARK: Loops

  mutating func loop(
    _ statement: Statement, _ variable: String, _ axis: String, _ filter: TileFilter,
    _ part: String?, _ body: [Statement]
  ) throws(Diagnostic) -> [Step] {
    let declared = try declare(variable, axis, isOfBlock: false, at: statement.place)
    var plan = try plan(statement, declared, filter, body)
    plan.part = try part.map { name throws(Diagnostic) in try self.part(name, statement) }
    scope[variable] = declared
    // Names that the body assigns get their slots first, for reads of the previous iteration's
    // tiles.
    for name in body.given where !isInGroup && slots[name] == nil { reserve(name, in: body) }
    let before = given
    loopStarts.append(before)
    defer { loopStarts.removeLast() }
    if body.all.contains(where: \.isLoopCarried) {
      // A trial shows how an iteration leaves its tiles (loaded, weights, converted) for the next
      // one.
      var trial = self
      _ = try trial.body(body, isLoop: true)
      for name in body.given where !given.contains(name) { adopt(name, from: trial) }
    }
    let steps = try self.body(body, isLoop: true)
    scope[variable] = nil
    // The loop may make no iteration, so what it assigns may be missing behind it.
    given.formIntersection(before)
    return [.loop(plan, steps)]
  }

  private mutating func adopt(_ name: String, from other: Compiler) {
    if other.loaded.contains(name) { loaded.insert(name) }
    if other.weights.contains(name) { weights.insert(name) }
    if other.converted.contains(name) { converted.insert(name) }
  }

  /// Makes the slot for a name that a loop assigns: one per warp group if an “each group” assigns
  /// it.
  private mutating func reserve(_ name: String, in body: [Statement]) {
    let outside = isInGroup
    isInGroup = body.isGivenInGroup(name)
    _ = slot(of: name)
    isInGroup = outside
  }

  private mutating func plan(
    _ statement: Statement, _ variable: Variable, _ filter: TileFilter, _ body: [Statement]
  ) throws(Diagnostic) -> LoopPlan {
    var plan = LoopPlan(
      variable: variable.index, axis: Axis(named: variable.axis),
      filter: filter != .all, maskPartner: nil, looksAtMask: false, tracksVisitedRows: false,
      hasLoopCarried: body.all.contains { $0.distinguishesFirstIteration },
      isInnermost: !body.all.contains { if case .loop = $0.kind { true } else { false } })
    if plan.axis == .other { plan.isInnermost = false }
    switch filter {
    case .all: plan.maskPartner = maskPartner(of: variable)
    case .seenBy(let name):
      try require(plan.axis == .keys, "that \(name) sees", "keys, Nk", variable, statement)
      plan.maskPartner = try filtered(name, AxisName.queries, statement).index
    case .seeing(let name):
      try require(plan.axis == .queries, "that sees \(name)", "queries, N", variable, statement)
      plan.maskPartner = try filtered(name, AxisName.keys, statement).index
    }
    plan.looksAtMask =
      filter != .all
      || plan.maskPartner != nil
        && body.all.contains { $0.masksByTile }
    let isInAnother = position.frames.contains { $0.isLoop }
    if plan.axis == .queries, isInAnother, needsVisitTracking(body, variable.name) {
      plan.tracksVisitedRows = true
      visitedVariable = variable.index
    }
    return plan
  }

  /// The index of the variable that a loop names in `in part p`.
  func part(_ name: String, _ statement: Statement) throws(Diagnostic) -> Int {
    guard let variable = scope[name] else {
      throw Diagnostic(
        statement.place,
        "\(name.named) goes along nothing here; expected a loop or a block along the parts, as p of splits"
      )
    }
    return variable.index
  }

  private func require(
    _ holds: Bool, _ words: String, _ axis: String, _ variable: Variable, _ statement: Statement
  ) throws(Diagnostic) {
    guard !holds else { return }
    throw Diagnostic(
      statement.place, "“\(words)” is for \(axis), and \(variable.name) goes along \(variable.axis)"
    )
  }

  /// The variable that a loop names in `that i sees` or `that sees j`.
  /// - Throws: `Diagnostic` if none of that name runs along `axis`.
  private func filtered(
    _ name: String, _ axis: String, _ statement: Statement
  ) throws(Diagnostic) -> Variable {
    guard let variable = scope[name], variable.axis == axis else {
      let fitting = scope.values.filter { $0.axis == axis }.map(\.name).sorted()
      throw Diagnostic(
        statement.place,
        "\(name) does not go along \(axis) here"
          + (fitting.isEmpty
            ? "; expected a loop or a block along \(axis) around this one"
            : "; did you mean \(listed(fitting, "or"))?"))
    }
    return variable
  }

  /// The index of a variable in scope along the other axis of the score matrix; nil for none.
  private func maskPartner(of variable: Variable) -> Int? {
    let axis =
      variable.axis == AxisName.keys
      ? AxisName.queries : variable.axis == AxisName.queries ? AxisName.keys : nil
    return axis.flatMap { axis in scope.values.first { $0.axis == axis }?.index }
  }

  /// Whether a loop must note visited rows: its body has a load with “or”, a store of its rows, or
  /// a condition on visits.
  private func needsVisitTracking(_ body: [Statement], _ variable: String) -> Bool {
    body.all.contains { statement in
      switch statement.kind {
      case .load(_, let reference, let start, _):
        start != nil && reference.indices.contains(variable)
      case .store(let reference, _): reference.indices.contains(variable)
      case .when(.visit, _): true
      default: false
      }
    }
  }

  mutating func warn(_ place: SourcePosition, _ message: String) {
    warnings.append(Diagnostic(place, message, isWarning: true))
  }
}

extension Statement {
  /// Whether it makes the first iteration of a loop differ from the others.
  fileprivate var distinguishesFirstIteration: Bool {
    if case .load(_, _, .some, _) = kind { return true }
    return isLoopCarried
  }
}

extension [Statement] {
  /// Whether `name` is assigned inside an “each group”.
  fileprivate func isGivenInGroup(_ name: String) -> Bool {
    contains { statement in
      if case .groups(_, let body) = statement.kind { return body.given.contains(name) }
      return statement.body.isGivenInGroup(name)
    }
  }
}
