// Compiles statements to steps: loads, stores, warp groups, conditions; and the stores for rows
// that no iteration visits.

import Machine

extension Compiler {
  mutating func statement(_ statement: Statement) throws(Diagnostic) -> [Step] {
    switch statement.kind {
    case .load(let name, let reference, let start, let modifiers):
      return try load(statement, name, reference, start, modifiers)
    case .store(let reference, let term): return try store(statement, reference, term)
    case .add(let reference, let term):
      var steps: [Step] = []
      let tensor = try tensor(reference)
      try checkTarget(reference, nil)
      let slot = try tile(of: term, namedAfter: reference.tensor, &steps, statement)
      let rows = try rows(of: reference)
      return steps + [.add(slot, try region(reference, tensor), rows: rows, line: statement.line)]
    case .keep(let reference, let term):
      guard case .name(let name, let place) = term else {
        throw Diagnostic(term.place, "keep takes a tile as it is: keep \(reference.text) = NAME")
      }
      let tensor = try tensor(reference)
      return [
        .keep(
          try slot(reading: name, at: place), try region(reference, tensor), line: statement.line)
      ]
    case .assign(let name, let term, let modifiers):
      return try assign(statement, name, term, modifiers)
    case .loop(let variable, let axis, let filter, let part, let body):
      return try loop(statement, variable, axis, filter, part, body)
    case .groups(let order, let body): return try groups(statement, order, body)
    case .when(let condition, let body): return try when(statement, condition, body)
    case .by(let role, let body): return try by(statement, role, body)
    case .free(let name):
      let slot = try slot(reading: name, at: statement.place)
      if let start = loopStarts.last, start.contains(name) {
        throw Diagnostic(
          statement.place,
          "\(name) was made outside this loop and is freed inside, so the next iteration would not find it; "
            + "expected “free \(name)” below the loop")
      }
      given.remove(name)
      freed.insert(name)
      return [.free([slot], line: statement.line)]
    }
  }

  // MARK: Transfers

  private mutating func load(
    _ statement: Statement, _ name: String, _ reference: Reference, _ start: Float?,
    _ modifiers: Modifiers
  ) throws(Diagnostic) -> [Step] {
    let tensor = try tensor(reference)
    let pattern = try region(reference, tensor)
    let rows = try rows(of: reference)
    let slot = slot(of: name)
    if position.usesAfter(name, hasDropout: true).isEmpty {
      warn(statement.place, "\(name) is loaded, and nothing uses it")
    }
    let kind = labels.kind(ofTensor: tensors[tensor], loadedAs: name)
    var copies: [Int] = []
    if modifiers.contains(.eachThread) {
      // Threads of a row load the same elements of one operand, threads of a column the same of the
      // other.
      copies = variables.filter { $0.isOfBlock && !reference.indices.contains($0.name) }.map(
        \.index)
    }
    let unless = modifiers.contains(.always) ? [] : try soleConsumerLoops(use: name)
    give(name)
    loaded.insert(name)
    converted.insert(name)
    freed.remove(name)
    if kind.rows == .queries, kind.columns == .keys { weights.insert(name) }
    return [
      .load(
        slot, NewTile(kind: kind, place: pattern), rows: rows, copies: copies,
        start: start.map { Start(value: $0, isByVisit: isByVisit(reference)) }, unless: unless,
        line: statement.line)
    ]
  }

  /// Whether these are rows of the loop that notes visited rows, so that a first visit decides
  /// about “or”.
  private mutating func isByVisit(_ reference: Reference) -> Bool {
    guard let visitedVariable,
      let variable = variables.first(where: { $0.index == visitedVariable }),
      reference.indices.contains(variable.name)
    else {
      tracksStoredRegions = true
      return false
    }
    return true
  }

  /// The later loops that use a name, if nothing else does and each may make no iteration: then the
  /// load may be skipped. Else empty.
  private mutating func soleConsumerLoops(use name: String) throws(Diagnostic) -> [LoopPlan] {
    guard let frame = position.frames.last else { return [] }
    var loops: [LoopPlan] = []
    for statement in frame.statements[(frame.index + 1)...] where [statement].mentions(name) {
      guard case .loop(_, let axis, let filter, let part, _) = statement.kind, filter != .all else {
        return []
      }
      let variable = try declare(temporary(), axis, isOfBlock: false, at: statement.place)
      let maskPartner =
        switch filter {
        case .seenBy(let name), .seeing(let name): scope[name]?.index
        case .all: Int?.none
        }
      loops.append(
        LoopPlan(
          variable: variable.index, axis: Axis(named: axis), filter: true,
          maskPartner: maskPartner, looksAtMask: true, tracksVisitedRows: false,
          hasLoopCarried: false,
          isInnermost: false))
      if let part { loops[loops.count - 1].part = try self.part(part, statement) }
    }
    return loops
  }

  private mutating func store(
    _ statement: Statement, _ reference: Reference, _ term: Term
  ) throws(Diagnostic) -> [Step] {
    let tensor = try tensor(reference)
    try checkTarget(reference, term)
    var steps: [Step] = []
    let slot = try tile(of: term, namedAfter: reference.tensor, &steps, statement)
    let rows = try rows(of: reference)
    return steps + [.store(slot, try region(reference, tensor), rows: rows, line: statement.line)]
  }

  private func checkTarget(_ reference: Reference, _ term: Term?) throws(Diagnostic) {
    guard let declared = types.declaration(reference.tensor) else { return }
    if declared.role == .input {
      if case .name(let name, _)? = term, types.sources[name] == reference.tensor { return }
      throw Diagnostic(
        reference.place,
        "\(reference.tensor) is an input, declared with “in”; expected a tensor of “out” or “hbm”")
    }
    if declared.role == .kept {
      throw Diagnostic(
        reference.place,
        "\(reference.tensor) is not in HBM, it is declared with “keep”; expected keep \(reference.text) = …"
      )
    }
  }

  func tensor(_ reference: Reference) throws(Diagnostic) -> Int {
    _ = try types.type(of: types.completed(reference))
    guard let index = tensors.firstIndex(where: { $0.name == reference.tensor }) else {
      throw Diagnostic(
        reference.place, "\(reference.tensor) is not there in this pass, or not with this problem")
    }
    return index
  }

  // MARK: Bodies

  private mutating func groups(
    _ statement: Statement, _ order: GroupOrder, _ body: [Statement]
  ) throws(Diagnostic) -> [Step] {
    guard !isInGroup else {
      throw Diagnostic(statement.place, "found “each group” inside “each group”; expected it once")
    }
    guard launch.text.groups != nil else {
      throw Diagnostic(
        statement.place,
        "this launch has no groups; expected “, in groups” behind its blocks")
    }
    isInGroup = true
    defer { isInGroup = false }
    let steps = try self.body(body, isLoop: false)
    let hasLoopCarried = body.all.contains { $0.isLoopCarried }
    return [.groups(order, steps, hasLoopCarried: hasLoopCarried, line: statement.line)]
  }

  private mutating func by(
    _ statement: Statement, _ role: String, _ body: [Statement]
  ) throws(Diagnostic) -> [Step] {
    guard !body.all.contains(where: { $0.role != nil }) else {
      throw Diagnostic(
        statement.place, "found “by” inside “by \(role)”; expected one role at a time")
    }
    let number = roles.firstIndex(of: role) ?? 0
    guard number < PartyNames.mostRoles else {
      throw Diagnostic(
        statement.place, "\(role) is one role too many; expected \(PartyNames.mostRoles) at most")
    }
    return [.by(number, try self.body(body, isLoop: false))]
  }

  private mutating func when(
    _ statement: Statement, _ condition: Condition, _ body: [Statement]
  ) throws(Diagnostic) -> [Step] {
    switch condition {
    case .features, .choices: return try self.body(body, isLoop: false)
    case .visit(let isFirst):
      guard visitedVariable != nil else {
        throw Diagnostic(
          statement.place,
          "visits are counted in a loop over queries inside another loop; this is in none")
      }
      let before = given
      let step = Step.visit(isFirst: isFirst, try self.body(body, isLoop: false))
      // What both conditions, on first and on later visits, assign is there behind them.
      let other = visitsBefore(isFirst: !isFirst)
      given = before.union(given.intersection(other))
      return [step]
    case .loopCarried:
      let read = Set(body.flatMap(\.reads)).subtracting(body.given.filter { !body.reads($0) })
      let left = read.filter { launch.body.given.contains($0) }.sorted()
      // Only names that no line above has assigned in this iteration can be missing at run time.
      let slots = left.filter { name in
        position.frames.contains { $0.isLoop }
          ? isCarriedFromPreviousIteration(name) && !isGivenAbove(name) && !isGivenInIteration(name)
          : isGivenInLoop(name)
      }.map { slot(of: $0) }
      guard !slots.isEmpty else {
        throw Diagnostic(
          statement.place,
          "nothing in here is left from an iteration before; expected a name that a loop gives")
      }
      let before = given
      for name in left { give(name) }
      // What was left for here stays to the end of the iteration: a product that is not waited for still reads it.
      let steps = try self.body(body, isLoop: false, isFreedAround: true)
      given = before
      return [.loopCarried(slots, steps)]
    }
  }

  /// The names that the condition directly before this one assigns, if it is on the opposite
  /// visits.
  private func visitsBefore(isFirst: Bool) -> Set<String> {
    guard let frame = position.frames.last, frame.index > 0,
      case .when(.visit(isFirst), let body) = frame.statements[frame.index - 1].kind
    else { return [] }
    return Set(body.given)
  }

  /// Whether a name is assigned before the loop, so that the first iteration has it as well.
  private func isGivenAbove(_ name: String) -> Bool {
    guard let loop = position.frames.firstIndex(where: { $0.isLoop }), loop > 0 else {
      return false
    }
    let frame = position.frames[loop - 1]
    return Array(frame.statements[..<frame.index]).given.contains(name)
  }

  /// Whether a name has been assigned in the same iteration.
  private func isGivenInIteration(_ name: String) -> Bool {
    guard let loop = position.frames.firstIndex(where: { $0.isLoop }) else { return false }
    return position.frames[loop...].contains { frame in
      Array(frame.statements[..<frame.index]).given.contains(name)
    }
  }

  private func isGivenInLoop(_ name: String) -> Bool {
    guard let frame = position.frames.first else { return false }
    return !frame.statements[..<frame.index].contains { statement in
      if case .loop = statement.kind { return false }
      return [statement].given.contains(name)
    }
  }

  // MARK: Rows that no iteration visits

  /// The stores for rows that no iteration visits. Each stores the “or” value of its tensor, else
  /// 0, or −∞ for a log-sum-exp; nil if there are none.
  mutating func unvisitedRows() throws(Diagnostic) -> UnvisitedRows? {
    let variable = variables.first { $0.index == visitedVariable }
    // Without a loop over such rows they are the block's own, stored in loops that may make no
    // iteration.
    let own = Set(launch.text.axes.map(\.variable))
    let statements = launch.body.all
    let candidates = variable == nil ? launch.body.storesThatMayNotRun : statements
    guard launch.text.groups == nil || variable != nil else { return nil }
    var starts: [String: (value: Float, line: Int)] = [:]
    for statement in statements {
      if case .load(_, let reference, let start?, _) = statement.kind {
        starts[reference.tensor] = (start, statement.line)
      }
    }
    var unseen = UnvisitedRows(variable: variable?.index, stores: [])
    if let variable { scope[variable.name] = variable }
    defer { if let variable { scope[variable.name] = nil } }
    for statement in candidates {
      guard case .store(let reference, let term) = statement.kind,
        reference.isOf(variable?.name, or: own), let declared = types.declaration(reference.tensor),
        starts[reference.tensor] != nil || declared.role == .output
      else { continue }
      let region = try region(reference, try tensor(reference))
      var isSumOfLogs = false
      if case .name(let name, _) = term { isSumOfLogs = logSums.contains(name) }
      let start = starts[reference.tensor] ?? (isSumOfLogs ? -.infinity : 0, statement.line)
      let type = try types.type(of: types.completed(reference))
      let kind = TileKind(
        reference.tensor, rows: Axis(named: type.rows.axis), columns: Axis(named: type.columns.axis)
      )
      unseen.stores.append(
        UnvisitedRows.Store(
          tile: NewTile(kind: kind, place: region), start: start.value, fillLine: start.line,
          region: region, line: statement.line))
    }
    return unseen.stores.isEmpty ? nil : unseen
  }

  /// The names that are assigned a term with a logarithm, as `m + log(l)`.
  private var logSums: [String] {
    launch.body.all.compactMap { statement in
      guard case .assign(let name, let term, _) = statement.kind, term.calls("log") else {
        return nil
      }
      return name
    }
  }
}

extension Reference {
  /// Whether its only index is the variable of the loop; without one, whether all are grid
  /// variables.
  fileprivate func isOf(_ variable: String?, or own: Set<String>) -> Bool {
    let given = indices.compactMap { $0 }
    guard let variable else { return !given.isEmpty && own.isSuperset(of: given) }
    return given == [variable]
  }
}

extension [Statement] {
  /// The statements in loops that a mask may leave without an iteration.
  fileprivate var storesThatMayNotRun: [Statement] {
    flatMap { statement -> [Statement] in
      if case .loop(_, _, let filter, _, let body) = statement.kind, filter != .all {
        return body.all
      }
      return statement.body.storesThatMayNotRun
    }
  }
}

extension Statement {
  /// The names that it and its nested statements read.
  fileprivate var reads: [String] {
    [self].all.flatMap { statement in
      (statement.term?.names.map(\.name) ?? []) + (statement.gather.map { [$0.name] } ?? [])
    }
  }
}
