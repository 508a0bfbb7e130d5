// From a launch's statements to steps: names become slots, terms become ops with their costs.

import Machine

/// Compiles one launch for one setting.
struct Compiler {
  let kernel: KernelText
  let launch: ResolvedLaunch
  let setting: Setting
  var types: TileTypes
  var labels: Labels
  let tensors: [Tensor]
  /// Products that the forward pass does: of which tensors, and how transposed.
  let repeated: Set<String>
  let isKeyed: Bool

  // MARK: What is known at the statement at hand

  private(set) var variables: [Variable] = []
  /// Those in whose scope the statement is, by name.
  var scope: [String: Variable] = [:]
  private(set) var slots: [String: Slot] = [:]
  private(set) var slotCount = 0
  private(set) var groupSlotCount = 0
  /// Where in the text a name gets a tile for the last time.
  private let lastGiven: [String: Int]
  private(set) var names: [String] = []
  var position = Position()
  /// Names that have a tile by now; that hold what was loaded; weights; values in the storage format.
  var given: Set<String> = []
  /// The same, where a loop or a condition may have given them or not.
  private var everGiven: Set<String> = []
  /// What was there when each loop around began.
  private(set) var loopStarts: [Set<String>] = []
  var loaded: Set<String> = []
  var weights: Set<String> = []
  var converted: Set<String> = []
  var freed: Set<String> = []
  var isInGroup = false
  /// A load asks what its block has stored.
  var remembersStores = false
  private var temporaries = 0
  private(set) var visitedVariable: Int?
  private(set) var warnings: [Diagnostic] = []
  init(
    _ kernel: KernelText, _ read: ReadLaunch, _ setting: Setting, tensors: [Tensor],
    repeated: Set<String>
  ) {
    let launch = read.launch
    self.kernel = kernel
    self.launch = launch
    self.setting = setting
    self.tensors = tensors
    self.repeated = launch.text.isBackward ? repeated : []
    (types, labels) = (read.types, read.labels)
    isKeyed = launch.isKeyed(kernel)
    lastGiven = Dictionary(
      launch.body.given.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { $1 })
  }

  // MARK: The whole launch

  mutating func procedure() throws(Diagnostic) -> Procedure {
    for axis in launch.text.axes {
      let variable = try declare(axis.variable, axis.axis, isOfBlock: true, at: launch.text.place)
      scope[axis.variable] = variable
    }
    isInGroup = false
    let steps = try launch.text.groups == nil ? body(launch.body, isLoop: false) : grouped()
    let unseen = try unseenRows()
    if let unseen, unseen.variable == nil { remembersStores = true }
    let backward = launch.text.isBackward
    let groups = launch.text.groups == nil ? 1 : backward ? setting.backwardGroups : setting.groups
    return Procedure(
      setting: setting, steps: steps, slots: slotCount, groupSlots: groupSlotCount,
      tileSizes: variables.map { setting.tile($0.axis, isBackward: backward) },
      extents: variables.map { setting.sizes[$0.axis] ?? 0 },
      blockVariables: variables.filter(\.isOfBlock).map(\.index),
      axes: variables.map { Axis(named: $0.axis) }, groups: groups,
      isGrouped: launch.text.groups != nil, isLastFirst: launch.text.isLastFirst, isKeyed: isKeyed,
      isWholeHead: launch.text.axes.isEmpty && !isKeyed, skipsTiles: launch.skipsTiles,
      looksAtMask: launch.looksAtMask, isBand: launch.takesRowsThatFit, unseen: unseen,
      bias: tensors.firstIndex { $0.name == "bias" },
      table: tensors.firstIndex { $0.name == "mask" },
      isAsynchronous: setting.hasAsynchronousProducts, remembersStores: remembersStores,
      visitedVariable: visitedVariable)
  }

  /// What stands before the first loop, and after the last, every group does for itself.
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
        steps.append(.groups(inTurn: false, own, hasLeftOvers: true, line: statement.line))
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

  /// The steps of a body, and at its end what nobody uses any more is freed.
  mutating func body(_ statements: [Statement], isLoop: Bool) throws(Diagnostic) -> [Step] {
    position.frames.append(Position.Frame(statements: statements, index: 0, isLoop: isLoop))
    var steps: [Step] = []
    for (index, statement) in statements.enumerated() {
      position.frames[position.frames.count - 1].index = index
      steps += try self.statement(statement)
    }
    if let last = statements.last {
      position.frames[position.frames.count - 1].index = statements.count - 1
      steps.append(
        .free(unused(ofGroup: isInGroup), line: last.body.all.last?.line ?? last.line))
    }
    position.frames.removeLast()
    return steps
  }

  /// Names that nobody uses behind the statement at hand.
  private func unused(ofGroup: Bool) -> [Slot] {
    names.filter { everGiven.contains($0) && !position.isUsedAfter($0) }
      .sorted { lastGiven[$0] ?? .max < lastGiven[$1] ?? .max }
      .compactMap { slots[$0] }.filter { $0.isOfGroup == ofGroup }
  }

  // MARK: Names

  mutating func declare(
    _ name: String, _ axis: String, isOfBlock: Bool, at place: Place
  ) throws(Diagnostic) -> Variable {
    guard setting.sizes[axis] != nil else {
      let known = Array(setting.sizes.keys).sorted()
      throw Diagnostic(
        place,
        "\(axis) is no axis of this problem: there are \(listed(known))"
          + suggestion(axis, among: known))
    }
    try kernel.requireCut(axis, at: place)
    guard scope[name] == nil else {
      throw Diagnostic(place, "\(name) goes along something already; expected another name")
    }
    let variable = Variable(name: name, axis: axis, index: variables.count, isOfBlock: isOfBlock)
    variables.append(variable)
    return variable
  }

  mutating func slot(of name: String) -> Slot {
    if let slot = slots[name] { return slot }
    let slot = Slot(index: isInGroup ? groupSlotCount : slotCount, isOfGroup: isInGroup)
    if isInGroup { groupSlotCount += 1 } else { slotCount += 1 }
    slots[name] = slot
    names.append(name)
    return slot
  }

  /// A name has a tile from here on.
  mutating func give(_ name: String) {
    given.insert(name)
    everGiven.insert(name)
  }

  /// A name for what a statement needs on its way.
  mutating func temporary() -> String {
    temporaries += 1
    return "#\(temporaries)"
  }

  /// The slot of a name that is read.
  func slot(reading name: String, at place: Place) throws(Diagnostic) -> Slot {
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
    if isLeftFromBefore(name) {
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

  /// Whether a name that is given later in a loop around means the tile of the iteration before.
  func isLeftFromBefore(_ name: String) -> Bool {
    position.frames.contains { $0.isLoop && $0.statements.given.contains(name) }
  }

  // MARK: Loops

  mutating func loop(
    _ statement: Statement, _ variable: String, _ axis: String, _ sight: Sight, _ body: [Statement]
  ) throws(Diagnostic) -> [Step] {
    let declared = try declare(variable, axis, isOfBlock: false, at: statement.place)
    let plan = try plan(statement, declared, sight, body)
    scope[variable] = declared
    // What an iteration finds of the one before has its slot already.
    for name in body.given where !isInGroup && slots[name] == nil { reserve(name, in: body) }
    let before = given
    loopStarts.append(before)
    defer { loopStarts.removeLast() }
    if body.all.contains(where: \.isLeftOver) {
      // What an iteration finds of the one before is as that leaves it.
      var trial = self
      _ = try trial.body(body, isLoop: true)
      for name in body.given where !given.contains(name) { adopt(name, from: trial) }
    }
    let steps = try self.body(body, isLoop: true)
    scope[variable] = nil
    // The loop may make no iteration.
    given.formIntersection(before)
    return [.loop(plan, steps)]
  }

  private mutating func adopt(_ name: String, from other: Compiler) {
    if other.loaded.contains(name) { loaded.insert(name) }
    if other.weights.contains(name) { weights.insert(name) }
    if other.converted.contains(name) { converted.insert(name) }
  }

  /// A slot for a name that is given within a loop: each group has its own if a group gives it.
  private mutating func reserve(_ name: String, in body: [Statement]) {
    let outside = isInGroup
    isInGroup = body.isGivenInGroup(name)
    _ = slot(of: name)
    isInGroup = outside
  }

  private mutating func plan(
    _ statement: Statement, _ variable: Variable, _ sight: Sight, _ body: [Statement]
  ) throws(Diagnostic) -> LoopPlan {
    var plan = LoopPlan(
      variable: variable.index, axis: Axis(named: variable.axis),
      sight: sight != .all, partner: nil, looksAtMask: false, notesVisits: false,
      hasLeftOvers: body.all.contains { $0.asksForFirst },
      isInnermost: !body.all.contains { if case .loop = $0.kind { true } else { false } })
    if plan.axis == .other { plan.isInnermost = false }
    switch sight {
    case .all: plan.partner = partner(of: variable)
    case .seenBy(let name):
      try require(plan.axis == .keys, "that \(name) sees", "keys, Nk", variable, statement)
      plan.partner = try sighted(name, AxisName.queries, statement).index
    case .seeing(let name):
      try require(plan.axis == .queries, "that sees \(name)", "queries, N", variable, statement)
      plan.partner = try sighted(name, AxisName.keys, statement).index
    }
    plan.looksAtMask =
      sight != .all
      || plan.partner != nil
        && body.all.contains { $0.masksByTile }
    let isInAnother = position.frames.contains { $0.isLoop }
    if plan.axis == .queries, isInAnother, asksForVisits(body, variable.name) {
      plan.notesVisits = true
      visitedVariable = variable.index
    }
    return plan
  }

  private func require(
    _ holds: Bool, _ words: String, _ axis: String, _ variable: Variable, _ statement: Statement
  ) throws(Diagnostic) {
    guard !holds else { return }
    throw Diagnostic(
      statement.place, "“\(words)” is for \(axis), and \(variable.name) goes along \(variable.axis)"
    )
  }

  private func sighted(
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

  /// The variable at the other axis of the score matrix.
  private func partner(of variable: Variable) -> Int? {
    let axis =
      variable.axis == AxisName.keys
      ? AxisName.queries : variable.axis == AxisName.queries ? AxisName.keys : nil
    return axis.flatMap { axis in scope.values.first { $0.axis == axis }?.index }
  }

  /// Loads with “or”, stores of rows, and conditions on visits.
  private func asksForVisits(_ body: [Statement], _ variable: String) -> Bool {
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

  mutating func warn(_ place: Place, _ message: String) {
    warnings.append(Diagnostic(place, message, isWarning: true))
  }
}

extension Statement {
  /// Its first iteration is not like the others.
  fileprivate var asksForFirst: Bool {
    if case .load(_, _, .some, _) = kind { return true }
    return isLeftOver
  }
}

extension [Statement] {
  /// Whether `name` is given inside an “each group”.
  fileprivate func isGivenInGroup(_ name: String) -> Bool {
    contains { statement in
      if case .groups(_, let body) = statement.kind { return body.given.contains(name) }
      return statement.body.isGivenInGroup(name)
    }
  }
}
