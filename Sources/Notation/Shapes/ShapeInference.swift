// Shape inference for one launch: the shape of the tile behind every name, from loads, terms and
// stores.

/// A tile index along one axis: the variable of a loop or of the grid.
struct Variable {
  var name: String
  var axis: String
  /// Its index among the variables of the launch.
  var index: Int
  /// True for a variable of the grid: the launch has a block for each of its values.
  var isOfBlock: Bool
}

/// The shapes of the tiles of one launch, by name. A name has one shape in the whole launch.
struct TileTypes {
  let kernel: KernelText
  let launch: ResolvedLaunch
  private(set) var types: [String: TileType] = [:]
  /// For each variable, the axes along which loops or the grid run it.
  private var axes: [String: Set<String>] = [:]
  /// The tensor that a name is loaded from.
  private(set) var sources: [String: String] = [:]

  init(_ kernel: KernelText, _ launch: ResolvedLaunch) throws(Diagnostic) {
    self.kernel = kernel
    self.launch = launch
    let statements = launch.body.all
    for axis in launch.text.axes { axes[axis.variable, default: []].insert(axis.axis) }
    for statement in statements {
      if case .loop(let variable, let axis, _, _, _) = statement.kind {
        axes[variable, default: []].insert(axis)
      }
    }
    for statement in statements {
      guard case .loop(_, let axis, _, _, _) = statement.kind else { continue }
      try kernel.requireTiled(axis, at: statement.place)
    }
    for axis in launch.text.axes { try kernel.requireTiled(axis.axis, at: launch.text.place) }
    try checkNames(statements)
    // A shape may depend on others that are found later: repeat until a round finds nothing new.
    for _ in 0...statements.count {
      let before = types
      for statement in statements { try note(statement) }
      if types == before { break }
    }
    for statement in statements { try check(statement) }
  }

  /// Notes the shape of a temporary tile.
  mutating func name(_ name: String, _ type: TileType) { types[name] = type }

  /// Reports unknown names first: the missing shapes that follow from them would say less.
  private func checkNames(_ statements: [Statement]) throws(Diagnostic) {
    let given = launch.body.given
    let known = Set(given + ["scale", "dropout"]).union(kernel.axes).union(kernel.sizes.map(\.name))
    for statement in statements {
      guard let term = statement.term else { continue }
      for (name, place) in term.names where !known.contains(name) {
        throw unknown(name, place, given)
      }
      try Functions.checkCalls(in: term)
    }
  }

  /// The diagnostic for a name that no tile of the launch has.
  func unknown(_ name: String, _ place: SourcePosition, _ given: [String]) -> Diagnostic {
    var message = "\(name.named) is no tile of this launch"
    if declaration(name) != nil {
      message += ": it is a tensor in HBM; expected “load … = \(name)[…]” first"
    } else if axes[name] != nil {
      message += ": it goes along \(listed(axes[name]!.sorted()))"
    } else {
      message += suggestion(name, among: given + kernel.declarations.map(\.name))
    }
    return Diagnostic(place, message)
  }

  func declaration(_ name: String) -> Declaration? {
    kernel.declarations.first { $0.name == name }
  }

  // MARK: References

  /// The shape of the tile that a reference names in HBM.
  func type(of reference: Reference) throws(Diagnostic) -> TileType {
    let tensor = try kernel.declaration(of: reference)
    let axes = tensor.axes
    guard reference.indices.isEmpty || reference.indices.count == axes.count else {
      throw Diagnostic(
        reference.place,
        "\(tensor.name)[\(axes.joined(separator: ","))] has \(axes.count) \(axes.count == 1 ? "axis" : "axes"); "
          + "found \(reference.indices.count) \(reference.indices.count == 1 ? "index" : "indices")"
      )
    }
    var extents: [Extent] = []
    for (number, axis) in axes.enumerated() {
      if number == 0, case .rows(let name)? = reference.gather {
        extents.append(try rows(named: name, reference))
        continue
      }
      guard let index = reference.indices.isEmpty ? nil : reference.indices[number] else {
        extents.append(.whole(axis))
        continue
      }
      try check(index, axis, reference)
      // An index along an axis of single entries picks one of them.
      if !kernel.isUnit(axis) { extents.append(.tile(own(axis, index), variable: index)) }
    }
    guard extents.count <= 2 else {
      throw Diagnostic(
        reference.place,
        "\(reference.text) has three axes; expected an index for the first, which is cut by 1")
    }
    return TileType(
      rows: extents.first ?? .one, columns: extents.count > 1 ? extents[1] : .one)
  }

  /// The axis of a tile: in self-attention it is one of queries only if tensor and variable are.
  private func own(_ axis: String, _ index: String) -> String {
    let known = axes[index] ?? []
    return axis == AxisName.queries && !known.contains(axis) && known.contains(AxisName.keys)
      ? AxisName.keys : axis
  }

  /// What the rows cover that a tile of numbers names: as many as it has.
  private func rows(named name: String, _ reference: Reference) throws(Diagnostic) -> Extent {
    guard launch.body.given.contains(name) else {
      throw unknown(name, reference.place, launch.body.given)
    }
    guard let type = types[name] else { return .whole("") }
    guard type.isColumn else {
      throw Diagnostic(
        reference.place, "\(type.described(name)); expected one number for each row to be named")
    }
    return type.rows
  }

  /// Refuses an index whose variable runs along another axis.
  private func check(_ variable: String, _ axis: String, _ reference: Reference) throws(Diagnostic)
  {
    guard let known = axes[variable] else {
      let fitting = axes.filter { goes($0.value, along: axis) }.keys.sorted()
      throw Diagnostic(
        reference.place,
        "\(variable) goes along nothing in this launch"
          + (fitting.isEmpty
            ? "; expected “for each \(variable) of \(axis)” around it"
            : "; did you mean \(listed(fitting, "or")), which goes along \(axis)?"))
    }
    guard goes(known, along: axis) else {
      throw Diagnostic(
        reference.place,
        "\(variable) goes along \(listed(known.sorted())), and this axis of \(reference.tensor) is \(axis)"
      )
    }
  }

  /// Whether a variable that goes along `known` may be an index of `axis`.
  private func goes(_ known: Set<String>, along axis: String) -> Bool {
    known.contains { kernel.goes($0, along: kernel.axisOfIndex(axis)) }
  }

  /// The reference with all its indices: `Q[i]` means `Q[i,:]`, as an axis that is not cut needs
  /// none.
  func completed(_ reference: Reference) -> Reference {
    guard let tensor = declaration(reference.tensor), !reference.indices.isEmpty else {
      return reference
    }
    var full = reference
    while full.indices.count < tensor.axes.count,
      !kernel.isCut(tensor.axes[full.indices.count])
        || kernel.isUnit(tensor.axes[full.indices.count])
    {
      full.indices.append(nil)
    }
    return full
  }

  // MARK: Shapes

  private mutating func note(_ statement: Statement) throws(Diagnostic) {
    switch statement.kind {
    case .load(let name, let reference, _, _):
      sources[name] = reference.tensor
      if case .rows(let rows)? = reference.gather, types[rows] == nil { return }
      try note(name, try type(of: completed(reference)), at: statement.place)
    case .assign(let name, let term, _):
      if let type = try shape(of: term) { try note(name, type, at: statement.place) }
    case .store(let reference, .name(let name, _)), .keep(let reference, .name(let name, _)):
      if types[name] == nil, reference.gather == nil {
        types[name] = try type(of: completed(reference))
      }
    default: break
    }
  }

  /// Notes a shape for a name. If it has one already, both must broadcast; the result is its shape.
  private mutating func note(_ name: String, _ type: TileType, at place: SourcePosition)
    throws(Diagnostic)
  {
    guard let known = types[name], known != type else {
      types[name] = type
      return
    }
    guard let (_, wider) = Broadcast.of(known, type) else {
      throw Diagnostic(
        place,
        "\(known.described(name)), and here it would be \(type.text); expected one shape for one name"
      )
    }
    types[name] = wider
  }

  /// The shape of a term; nil for a number, or if it is not known yet.
  func shape(of term: Term) throws(Diagnostic) -> TileType? {
    switch term {
    case .number: return nil
    case .name(let name, _): return types[name]
    case .negative(let a, _): return try shape(of: a)
    case .transposed(let a, _): return try shape(of: a)?.transposed
    case .binary(_, let a, let b, let place):
      guard let left = try shape(of: a) else { return try shape(of: b) }
      guard let right = try shape(of: b) else { return left }
      guard let (_, type) = Broadcast.of(left, right) else {
        throw shapeMismatch(a, left, b, right, at: place)
      }
      return type
    case .product(let a, let b, let place):
      guard let left = try shape(of: a), let right = try shape(of: b) else { return nil }
      guard left.columns.covers(right.rows) else {
        throw shapeMismatch(a, left, b, right, at: place, isProduct: true)
      }
      return TileType(rows: left.rows, columns: right.columns)
    case .call(let name, let terms, let place):
      return try Functions.shape(of: name, terms, place, in: self)
    }
  }

  /// The diagnostic for two operands whose shapes do not go together.
  private func shapeMismatch(
    _ a: Term, _ left: TileType, _ b: Term, _ right: TileType, at place: SourcePosition,
    isProduct: Bool = false
  ) -> Diagnostic {
    var message =
      left.text == right.text && left != right
      ? "\(a.text) is \(left.detail), \(b.text) is \(right.detail); "
      : "\(left.described(a.text)), \(right.described(b.text)); "
    if isProduct {
      let (columns, rows) = (left.columns.axis ?? "1", right.rows.axis ?? "1")
      message +=
        "in a product the columns of the left (\(columns)) must be the rows of the right (\(rows))"
      let (first, second) = (a.untransposed, b.untransposed)
      if left.columns == right.columns, left.columns != .one {
        message += ": did you mean \(a.text) @ \(second.1 ? second.0.text : b.text + ".T")?"
      } else if left.rows == right.rows, !left.isColumn {
        message += ": did you mean \(first.1 ? first.0.text : a.text + ".T") @ \(b.text)?"
      } else if right.columns == left.rows {
        message += ": did you mean \(b.text) @ \(a.text)?"
      }
    } else {
      message += "element by element they must run along the same axes"
      if left.columns == right.rows, left.columns != .one {
        message += ": did you mean \(a.text) @ \(b.text)?"
      }
    }
    return Diagnostic(place, message)
  }

  /// Checks a statement once all shapes are known.
  private func check(_ statement: Statement) throws(Diagnostic) {
    switch statement.kind {
    case .assign(let name, let term, _):
      _ = try shape(of: term)
      guard types[name] != nil else {
        throw Diagnostic(
          statement.place,
          "nothing says what shape \(name) has: it begins as a number; expected a later line that makes a tile of it, as \(name) = \(name) + p @ v"
        )
      }
    case .store(let reference, let term), .add(let reference, let term),
      .keep(let reference, let term):
      let wanted = try type(of: completed(reference))
      guard let found = try shape(of: term), !found.isSame(as: wanted) else { return }
      throw Diagnostic(
        term.place,
        (found.text == wanted.text
          ? "\(term.text) is \(found.detail), and \(reference.text) is \(wanted.detail): they must be alike"
          : "\(found.described(term.text)), and \(reference.text) is \(wanted.text): they must be alike")
          + (found.transposed == wanted ? "; did you mean \(term.text).T?" : ""))
    default: break
    }
  }
}

extension KernelText {
  /// Refuses a loop or a grid along an axis that no tensor has, or that is not cut into tiles.
  func requireTiled(_ axis: String, at place: SourcePosition) throws(Diagnostic) {
    guard axes.contains(axis) else {
      throw Diagnostic(
        place,
        "no tensor has the axis \(axis.named); there are \(listed(axes.sorted()))"
          + suggestion(axis, among: axes.sorted()))
    }
    guard !isCut(axis) else { return }
    let cut = tiles.map(\.axis)
    throw Diagnostic(
      place,
      "\(axis) is not cut into tiles, so nothing can go along it; expected "
        + (cut.isEmpty ? "" : "\(listed(cut, "or")), or ") + "a line “tile \(axis) by …”")
  }

  /// Whether an axis is cut into tiles.
  func isCut(_ axis: String) -> Bool { tiles.contains { $0.axis == axis } }
}

extension Reference {
  /// The reference as text: `S[i,:]`.
  var text: String {
    guard !indices.isEmpty else { return tensor }
    var words = indices.map { $0 ?? ":" }
    switch gather {
    case .rows(let name): words[0] = "rows \(name)"
    case .tile(let name): words[0] += " at \(name)"
    case nil: break
    }
    return "\(tensor)[\(words.joined(separator: ","))]"
  }
}

extension Term {
  /// The term as text for messages, with brackets around every `+`, `-`, `*` and `/`.
  var text: String {
    switch self {
    case .number(let value, _):
      value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : "\(value)"
    case .name(let name, _): name
    case .negative(let a, _): "-\(a.text)"
    case .binary(let sign, let a, let b, _): "(\(a.text) \(sign.rawValue) \(b.text))"
    case .product(let a, let b, _): "\(a.text) @ \(b.text)"
    case .transposed(let a, _): "\(a.text).T"
    case .call(let name, let terms, _): "\(name)(\(terms.map(\.text).joined(separator: ", ")))"
    }
  }
}
