// Compiles terms to ops: products and in-place ops by themselves, the rest of a term as one formula
// with its cost.

import Machine

/// A compiled part of a term: its formula, its shape, its operation counts.
struct CompiledTerm {
  var expression: Expression
  /// Nil for a number.
  var type: TileType?
  var elementwise: [Count] = []
  var exponential: [Count] = []
  /// Its zeros let nothing through in a multiplication, not even NaN.
  var isWeight = false
  /// The tile whose shape it has.
  var shape = Count.Of.target
  /// Its value, if it is a number.
  var number: Float?
  var isProblemsScale = false
}

extension Compiler {
  // MARK: Assignments

  mutating func assign(
    _ statement: Statement, _ name: String, _ term: Term, _ modifiers: Modifiers
  ) throws(Diagnostic) -> [Step] {
    var steps: [Step] = []
    try assign(name, term, modifiers, statement, &steps)
    if shouldConvert(name) {
      steps.append(.convert(slot(of: name), line: statement.line))
      converted.insert(name)
    }
    return steps
  }

  /// Whether a tile is converted to the storage format as soon as it is made: it is only used as an
  /// operand of products, which take that format.
  func shouldConvert(_ name: String) -> Bool {
    guard setting.type != .fp32, !loaded.contains(name), !converted.contains(name) else {
      return false
    }
    let uses = position.usesAfter(name, hasDropout: setting.dropout != nil)
    return !uses.isEmpty && uses.allSatisfy { $0 == .operand }
  }

  mutating func assign(
    _ name: String, _ term: Term, _ modifiers: Modifiers, _ statement: Statement,
    _ steps: inout [Step]
  ) throws(Diagnostic) {
    switch term {
    case .name(let other, _) where needsCopy(name, of: other):
      _ = try copied(other, statement, &steps, as: name)
    case .name(let other, let place):
      steps.append(.rename(slot(of: name), try slot(reading: other, at: place)))
      note(name, like: other)
    case .call("drop", let terms, _) where setting.dropout != nil || terms.count == 2:
      try drop(name, terms, statement, &steps)
    case .call("drop", let terms, _): try assign(name, terms[0], modifiers, statement, &steps)
    case .call("round", let terms, _): try round(name, terms[0], modifiers, statement, &steps)
    case .call("mask", let terms, _), .call("seen", let terms, _):
      try mask(name, terms[0], modifiers, statement, &steps)
    case .call("sort", let terms, _), .call("top", let terms, _):
      let arrangement: Arrangement = terms.count == 1 ? .sort : .top
      let values = try tile(of: terms[0], namedAfter: nil, &steps, statement)
      let type = try type(of: name, at: statement.place)
      try checkArranged(terms, arrangement)
      let new = try newTile(name, type, at: statement.place)
      steps.append(.arrange(slot(of: name), new, of: values, arrangement, line: statement.line))
      noteNew(name, isWeight: false)
    case .call("keepmask", let terms, let place): try draw(name, terms[0], place, statement, &steps)
    case .product(let a, let b, _):
      try multiply(name, a, b, Product(), modifiers, statement, &steps)
    case .binary(.plus, let sum, .product(let a, let b, _), _)
    where sum.mentions(name) && !a.mentions(name) && !b.mentions(name):
      // The tile is updated in place first; then the product is added to it.
      if !sum.isName(name) { try assign(name, sum, [], statement, &steps) }
      var product = Product()
      product.accumulates = true
      try multiply(name, a, b, product, modifiers, statement, &steps)
    case .binary(.times, let gradient, .call("slope", let terms, let place), _)
    where gradient.isName(name):
      try multiplyBySoftcapGradient(name, terms[0], place, statement, &steps)
    default: try compute(name, term, modifiers, statement, &steps)
    }
  }

  /// Refuses to take more entries of a column than it has, or those of a tile, of which the last may be shorter.
  private func checkArranged(_ terms: [Term], _ arrangement: Arrangement) throws(Diagnostic) {
    guard arrangement == .top, case .name(let axis, let place) = terms[1],
      let rows = try types.shape(of: terms[0])?.rows
    else { return }
    guard case .whole(let whole) = rows else {
      throw Diagnostic(place, "top takes a column along a whole axis; \(terms[0].text) is a tile")
    }
    let (most, count) = (setting.sizes[whole] ?? 0, setting.sizes[axis] ?? 0)
    guard count <= most else {
      throw Diagnostic(
        place,
        "top takes \(axis) = \(count) of \(most) entries; expected at most as many, as in “option window \(axis) = \(count), at most \(whole)”"
      )
    }
  }

  /// Whether `name = other` must copy: the tile of `name` will be rounded, and `other` is still
  /// used.
  func needsCopy(_ name: String, of other: String) -> Bool {
    guard name != other, setting.type != .fp32, !loaded.contains(other), !converted.contains(other),
      position.isUsedAfter(other)
    else { return false }
    let uses = position.usesAfter(name, hasDropout: setting.dropout != nil)
    return !uses.isEmpty && uses.allSatisfy { $0 == .operand }
  }

  /// Notes that a name has a tile in the same state as that of another name.
  mutating func note(_ name: String, like other: String) {
    give(name)
    freed.remove(name)
    for set in [\Compiler.loaded, \.weights, \.converted] {
      if self[keyPath: set].contains(other) {
        self[keyPath: set].insert(name)
      } else {
        self[keyPath: set].remove(name)
      }
    }
  }

  /// Notes that a name has a new tile, with values in fp32.
  mutating func noteNew(_ name: String, isWeight: Bool) {
    give(name)
    freed.remove(name)
    loaded.remove(name)
    converted.remove(name)
    if isWeight { weights.insert(name) } else { weights.remove(name) }
  }

  func type(of name: String, at place: SourcePosition) throws(Diagnostic) -> TileType {
    guard let type = types.types[name] else {
      throw Diagnostic(place, "\(name) is used before it has a value")
    }
    return type
  }

  func newTile(_ name: String, _ type: TileType, at place: SourcePosition) throws(Diagnostic)
    -> NewTile
  {
    let kind = labels.kind(of: name, type)
    return NewTile(kind: kind, place: try self.place(of: type, label: kind.name, at: place))
  }

  // MARK: Formulas

  /// Compiles `name = formula`, in place if the formula changes the tile that the name has.
  mutating func compute(
    _ name: String, _ term: Term, _ modifiers: Modifiers, _ statement: Statement,
    _ steps: inout [Step]
  ) throws(Diagnostic) {
    let type = try type(of: name, at: statement.place)
    var reader = FormulaWriter(target: name, targetType: type)
    // A single product of the target's shape makes the tile; the rest of the term changes it in
    // place.
    reader.product = term.mentions(name) ? nil : term.onlyProduct
    if let (a, b) = reader.product,
      let shape = try types.shape(of: .product(a, b, term.place)), shape == type
    {
      try multiply(name, a, b, Product(), modifiers, statement, &steps)
      reader.isMade = true
    } else {
      reader.product = nil
      reader.isMade = given.contains(name) && term.mentions(name)
    }
    let piece = try write(term, &reader, statement, &steps)
    if case .itself = piece.expression { return }
    let computation = Computation(
      operation: .compute(piece.expression), verb: verb(of: term, name, type),
      inputs: reader.inputs,
      elementwise: piece.type == nil
        ? [Count(times: 1, of: .target, isPerRow: false)] : piece.elementwise,
      exponential: piece.exponential)
    if reader.isMade {
      steps.append(.change(slot(of: name), computation, line: statement.line))
      give(name)
      if piece.isWeight { weights.insert(name) }
      converted.remove(name)
      if loaded.contains(name) { converted.insert(name) }
    } else {
      let new = try newTile(name, type, at: statement.place)
      steps.append(.make(slot(of: name), new, computation, line: statement.line))
      noteNew(name, isWeight: piece.isWeight)
    }
  }

  // MARK: Products

  mutating func multiply(
    _ name: String, _ a: Term, _ b: Term, _ product: Product, _ modifiers: Modifiers,
    _ statement: Statement, _ steps: inout [Step]
  ) throws(Diagnostic) {
    var product = product
    let (left, isLeftTransposed) = a.untransposed
    let (right, isRightTransposed) = b.untransposed
    guard !isLeftTransposed || !isRightTransposed else {
      throw Diagnostic(
        statement.place, "both sides of @ are transposed; expected one at most")
    }
    product.transposing = isLeftTransposed ? .left : isRightTransposed ? .right : .neither
    product.isOnLanes = modifiers.contains(.eachThread)
    product.isRepeated = repeated.contains(
      ProductSignature.of(left, right, product.transposing, types))
    product.isWeighted = isWeight(left)
    let first = try operand(left, statement, &steps)
    let second = try operand(right, statement, &steps)
    var new: NewTile?
    if !product.accumulates {
      let shape = try types.shape(of: .product(a, b, statement.place))
      let known = try self.type(of: name, at: statement.place)
      new = try newTile(name, shape ?? known, at: statement.place)
    } else {
      _ = try slot(reading: name, at: statement.place)
    }
    steps.append(
      .multiply(
        slot(of: name), new, first, second, product,
        isWaitedFor: !modifiers.contains(.notWaitedFor), line: statement.line))
    if product.accumulates {
      give(name)
      converted.remove(name)
    } else {
      noteNew(name, isWeight: false)
    }
  }

  /// Whether zeros in a term let nothing through, as those of weights and their gradients.
  func isWeight(_ term: Term) -> Bool {
    switch term {
    case .name(let name, _): weights.contains(name) || types.types[name]?.isScores == true
    case .call("drop", let terms, _), .call("round", let terms, _): isWeight(terms[0])
    case .call("exp", _, _): true
    case .transposed(let a, _): isWeight(a)
    case .binary(.times, let a, let b, _): isWeight(a) || isWeight(b)
    case .binary(.over, let a, _, _): isWeight(a)
    default: false
    }
  }

  /// The slot of a product's operand, after dropout if the term has it, in the storage format.
  mutating func operand(
    _ term: Term, _ statement: Statement, _ steps: inout [Step]
  ) throws(Diagnostic) -> Slot {
    if case .call("drop", let terms, _) = term, terms.count == 1, setting.dropout == nil {
      return try operand(terms[0], statement, &steps)
    }
    if case .name(let name, let place) = term {
      let slot = try slot(reading: name, at: place)
      guard setting.type != .fp32, !loaded.contains(name), !converted.contains(name) else {
        return slot
      }
      if !isUsedAgain(name, statement) {
        steps.append(.convert(slot, line: statement.line))
        converted.insert(name)
        return slot
      }
      let copy = try copied(name, statement, &steps)
      steps.append(.convert(self.slot(of: copy), line: statement.line))
      return self.slot(of: copy)
    }
    if case .call("drop", let terms, _) = term, terms.count == 1, case .name(let name, _) = terms[0]
    {
      let target = isUsedAgain(name, statement) ? try copied(name, statement, &steps) : name
      steps.append(
        .draw(slot(of: target), nil, drawn(name), like: nil, line: statement.line))
      if setting.type != .fp32, !loaded.contains(target), !converted.contains(target) {
        steps.append(.convert(slot(of: target), line: statement.line))
        converted.insert(target)
      }
      return slot(of: target)
    }
    let slot = try tile(of: term, namedAfter: nil, &steps, statement)
    if setting.type != .fp32 { steps.append(.convert(slot, line: statement.line)) }
    return slot
  }

  func isUsedAgain(_ name: String, _ statement: Statement) -> Bool {
    if position.isUsedAfter(name) { return true }
    guard case .assign(_, let term, _) = statement.kind else { return false }
    return term.names.count { $0.name == name } > 1
  }

  func drawn(_ name: String) -> DropoutTarget {
    let isGradient = types.types[name].map { labels.kind(of: name, $0).isGradient } ?? false
    return weights.contains(name) && !isGradient ? .weights : .gradients
  }

  /// Copies a tile, so that the copy can be changed and the original stays. Returns the copy's
  /// name.
  mutating func copied(
    _ name: String, _ statement: Statement, _ steps: inout [Step], as target: String? = nil
  ) throws(Diagnostic) -> String {
    let type = try type(of: name, at: statement.place)
    let copy = target ?? temporary()
    types.name(copy, type)
    var new = try newTile(target ?? name, type, at: statement.place)
    if target == nil { new.kind.name += "d" }
    let computation = Computation(
      operation: .compute(.input(0)), verb: .copy,
      inputs: [try slot(reading: name, at: statement.place)],
      elementwise: [], exponential: [])
    steps.append(.make(slot(of: copy), new, computation, line: statement.line))
    noteNew(copy, isWeight: weights.contains(name))
    return copy
  }
}
