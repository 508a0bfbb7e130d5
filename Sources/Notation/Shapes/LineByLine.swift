// A launch in which each line is a launch of its own, as where a framework calls one operation after the other:
// what a line computes goes to HBM, and the lines below load it from there.

extension KernelText {
  /// Parses a kernel's text.
  /// - Parameter size: bytes of the whole text, where `bytes` are only its beginning.
  /// - Throws: `Diagnostic` for the first error.
  package init(_ bytes: [UInt8], size: Int) throws(Diagnostic) {
    self = try Self.parsed(bytes, size: size)
    guard launches.contains(where: \.isLineByLine) else { return }
    let written = launches
    // Where the launches of each written launch stand, and what moves between their lines.
    var places: [ClosedRange<Int>] = []
    var between: [(launches: ClosedRange<Int>, isOtherwise: Bool, move: Move)] = []
    launches = []
    for launch in written {
      let parts = launch.isLineByLine ? try lineByLine(launch) : nil
      let first = launches.count
      launches += parts?.launches ?? [launch]
      declarations += parts?.tensors ?? []
      let place = first...launches.count - 1
      places.append(place)
      between += (parts?.moves ?? []).map { (place, false, $0) }
    }
    // A text that states nothing has nothing to be completed.
    guard !moves.isEmpty else { return }
    for index in moves.indices {
      let range = moves[index].launches
      moves[index].launches =
        places[range.lowerBound].lowerBound...places[range.upperBound].upperBound
    }
    moves += between
  }

  /// The launches that a launch with `each line a launch` stands for, one for each line that computes
  /// something, and the tensors between them.
  func lineByLine(_ launch: LaunchText) throws(Diagnostic) -> LineByLine {
    var result = LineByLine(launch)
    let types = try TileTypes(self, ResolvedLaunch(text: launch, body: launch.body, index: 0))
    try result.expand(launch.body, within: [], types, self)
    guard !result.launches.isEmpty else {
      throw Diagnostic(launch.place, "no line of \(launch.name) computes anything")
    }
    return result
  }
}

/// A launch while it is taken apart.
struct LineByLine {
  private let launch: LaunchText
  private(set) var launches: [LaunchText] = []
  private(set) var tensors: [Declaration] = []
  /// For each name, the statements that load what it holds at this line; more than one where a condition
  /// decides.
  private var loads: [String: [Statement]] = [:]
  /// The names that a line has computed.
  private var isComputed: Set<String> = []
  /// For each name, where its lines put what they compute.
  private var targets: [String: Reference] = [:]
  /// For each name that a loop adds to, the line where it begins.
  private var beginnings: [String: Statement] = [:]
  /// For each tensor in between, how often it is loaded and stored.
  private(set) var traffic: [String: (reads: Int, writes: Int)] = [:]
  private let stores: [(name: String, reference: Reference)]

  init(_ launch: LaunchText) {
    self.launch = launch
    stores = launch.body.all.compactMap { statement in
      if case .store(let reference, .name(let name, _)) = statement.kind {
        (name, reference)
      } else {
        nil
      }
    }
  }

  /// - Parameter within: the loops around the statements, from outer to inner, with empty bodies.
  mutating func expand(
    _ statements: [Statement], within loops: [Statement], _ types: TileTypes, _ kernel: KernelText,
    condition: Condition? = nil
  ) throws(Diagnostic) {
    for statement in statements {
      switch statement.kind {
      case .load(let name, let reference, _, _):
        if let condition {
          let choice = Statement(kind: .when(condition, [statement]), place: statement.place)
          loads[name] = (loads[name] ?? []) + [choice]
        } else {
          loads[name] = [statement]
        }
        targets[name] =
          kernel.declarations.contains {
            $0.name == reference.tensor && $0.role == .scratch
          } ? reference : nil
      case .assign(let name, .number, _): beginnings[name] = statement
      case .assign(let name, let term, let modifiers):
        let before = targets[name]
        let target = try target(name, statement, types, kernel)
        isComputed.insert(name)
        let line = Statement(kind: .assign(name, term, modifiers), place: statement.place)
        let store = Statement(
          kind: .store(target, .name(name, statement.place)), place: statement.place)
        let inside = needed(by: term.names.map(\.name)) + [line]
        if let beginning = beginnings.removeValue(forKey: name) {
          guard statements.all.count(where: { $0.assigns(name) }) == 1 else {
            throw Diagnostic(
              statement.place,
              "\(name) goes from one iteration to the next, and more than one line changes it, so the lines cannot be launches of their own; expected one line that adds to it, or a launch without “each line a launch”"
            )
          }
          // A sum over the loop: it begins above it and is stored below.
          add(name, [beginning] + wrapped(inside, in: loops) + [store], condition)
        } else {
          add(name, wrapped(inside + [store], in: loops), condition)
        }
        traffic[target.tensor]?.writes += 1
        // What a choice changes in place is loaded by the same line with and without it.
        if condition == nil || before != target {
          loads[name] = [
            Statement(kind: .load(name, target, or: nil, []), place: statement.place)
          ]
        }
      case .store(_, .name(let name, _)) where stored(name) != nil && isComputed.contains(name):
        continue
      case .store(let reference, let term), .add(let reference, let term):
        let names = term.names.map(\.name) + (reference.gather.map { [$0.name] } ?? [])
        add(reference.tensor, wrapped(needed(by: names) + [statement], in: loops), condition)
      case .loop(let variable, let axis, let filter, let part, let body):
        let loop = Statement(
          kind: .loop(variable, axis: axis, filter, part: part, []), place: statement.place)
        try expand(body, within: loops + [loop], types, kernel, condition: condition)
      case .when(let condition, let body)
      where condition.isDecidedBefore && launch.conditions.isEmpty:
        try expand(body, within: loops, types, kernel, condition: condition)
      default:
        throw Diagnostic(
          statement.place,
          "found a line that is no launch of its own; expected loads, formulas, stores and loops")
      }
    }
  }

  /// Where a line's result goes: the tensor that it is stored to in the end, else one between the lines, which
  /// later lines change in place.
  private mutating func target(
    _ name: String, _ statement: Statement, _ types: TileTypes, _ kernel: KernelText
  ) throws(Diagnostic) -> Reference {
    if let reference = stored(name) ?? targets[name] { return reference }
    guard let type = types.types[name] else {
      throw Diagnostic(statement.place, "nothing says what shape \(name) has")
    }
    let extents = [type.rows, type.columns].filter { $0 != .one }
    // Blocks for the entries of an axis have a part of the tensor each.
    let own = launch.axes.filter { kernel.isUnit($0.axis) }
    let taken = (kernel.declarations + tensors).map(\.name)
    var label = name.prefix(1).uppercased() + name.dropFirst()
    while taken.contains(label) { label += "'" }
    tensors.append(
      Declaration(
        name: label, axes: own.map(\.axis) + extents.compactMap(\.axis), role: .scratch, type: nil,
        condition: nil, hasSeenTilesOnly: type.isScores, isBackward: launch.isBackward,
        place: statement.place))
    traffic[label] = (0, 0)
    let reference = Reference(
      tensor: label, indices: own.map(\.variable) + extents.map(\.variable), gather: nil,
      place: statement.place)
    targets[name] = reference
    return reference
  }

  /// The tensor that a name is stored to at the end; nil for none, or where rows are scattered.
  private func stored(_ name: String) -> Reference? {
    stores.last { $0.name == name && $0.reference.gather == nil }?.reference
  }

  /// The loads of these names, and of the tiles that name their rows.
  private mutating func needed(by names: [String]) -> [Statement] {
    var result: [Statement] = []
    for name in names {
      for load in loads[name] ?? [] where !result.contains(load) {
        for gather in [load].all.compactMap(\.gather) {
          result += needed(by: [gather.name]).filter { !result.contains($0) }
        }
        result.append(load)
        for tensor in [load].all.compactMap(\.tensor) { traffic[tensor]?.reads += 1 }
      }
    }
    return result
  }

  private mutating func add(_ name: String, _ body: [Statement], _ condition: Condition?) {
    var one = launch
    one.isLineByLine = false
    one.isFrameworkOperation = true
    one.body = body
    if let condition { one.conditions = [condition] }
    let count = launches.count { $0.name.hasPrefix("\(launch.name) \(name)") }
    one.name = "\(launch.name) \(name)" + String(repeating: "'", count: count)
    launches.append(one)
  }

  private func wrapped(_ body: [Statement], in loops: [Statement]) -> [Statement] {
    loops.reversed().reduce(body) { body, loop in
      guard case .loop(let variable, let axis, let filter, let part, _) = loop.kind else {
        return body
      }
      return [
        Statement(kind: .loop(variable, axis: axis, filter, part: part, body), place: loop.place)
      ]
    }
  }

  /// What the tensors in between move, as `moves` would say it.
  var moves: [Move] {
    tensors.map { tensor in
      let size = Formula.Product(sizes: tensor.axes.sorted())
      let (reads, writes) = traffic[tensor.name] ?? (0, 0)
      let text = tensor.axes.joined(separator: "·")
      func formula(_ times: Int) -> Formula? {
        times == 0
          ? nil : Formula(terms: [size: times], text: times == 1 ? text : "\(times)·\(text)")
      }
      return Move(
        tensor: tensor.name, reads: formula(reads), writes: formula(writes), place: tensor.place)
    }
  }
}

extension Statement {
  fileprivate func assigns(_ name: String) -> Bool {
    if case .assign(name, _, _) = kind { true } else { false }
  }
}
