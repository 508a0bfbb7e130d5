// Terms to ops: products first, what is done where a tile lies, and the rest as one formula with its cost.

import Machine

/// A part of a term, compiled.
struct Piece {
  var expression: Expression
  /// Nil for a number.
  var type: TileType?
  var elementwise: [Count] = []
  var exponential: [Count] = []
  /// Where it is 0 it lets nothing through.
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

  /// Products take their operands in the storage format: a tile of which nobody else wants more is
  /// converted at once.
  private func shouldConvert(_ name: String) -> Bool {
    guard setting.type != .fp32, !loaded.contains(name), !converted.contains(name) else { return false }
    let uses = position.usesAfter(name, hasDropout: setting.dropout != nil)
    return !uses.isEmpty && uses.allSatisfy { $0 == .operand }
  }

  private mutating func assign(
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
    case .call("mask", let terms, _):
      try mask(name, terms[0], modifiers, statement, &steps)
    case .call("keepmask", let terms, let place): try draw(name, terms[0], place, statement, &steps)
    case .product(let a, let b, _):
      try multiply(name, a, b, Product(), modifiers, statement, &steps)
    case .binary(.plus, let sum, .product(let a, let b, _), _)
    where sum.mentions(name) && !a.mentions(name) && !b.mentions(name):
      // What is there is brought up to date first, and the product added to it.
      if !sum.isName(name) { try assign(name, sum, [], statement, &steps) }
      var product = Product()
      product.accumulates = true
      try multiply(name, a, b, product, modifiers, statement, &steps)
    case .binary(.times, let gradient, .call("slope", let terms, let place), _)
    where gradient.isName(name):
      try bend(name, terms[0], place, statement, &steps)
    default: try compute(name, term, modifiers, statement, &steps)
    }
  }

  /// One of two names for a tile is rounded, and the other must not be.
  private func needsCopy(_ name: String, of other: String) -> Bool {
    guard name != other, setting.type != .fp32, !loaded.contains(other), !converted.contains(other),
      position.isUsedAfter(other)
    else { return false }
    let uses = position.usesAfter(name, hasDropout: setting.dropout != nil)
    return !uses.isEmpty && uses.allSatisfy { $0 == .operand }
  }

  private mutating func note(_ name: String, like other: String) {
    given.insert(name)
    freed.remove(name)
    for set in [\Compiler.loaded, \.weights, \.converted] {
      if self[keyPath: set].contains(other) {
        self[keyPath: set].insert(name)
      } else {
        self[keyPath: set].remove(name)
      }
    }
  }

  private mutating func noteNew(_ name: String, isWeight: Bool) {
    given.insert(name)
    freed.remove(name)
    loaded.remove(name)
    converted.remove(name)
    if isWeight { weights.insert(name) } else { weights.remove(name) }
  }

  private func type(of name: String, at place: Place) throws(Diagnostic) -> TileType {
    guard let type = types.types[name] else {
      throw Diagnostic(place, "\(name) is used before it has a value")
    }
    return type
  }

  func newTile(_ name: String, _ type: TileType, at place: Place) throws(Diagnostic) -> NewTile {
    let kind = labels.kind(of: name, type)
    return NewTile(kind: kind, place: try self.place(of: type, label: kind.name, at: place))
  }

  // MARK: Formulas

  /// Name = formula: in place where the formula changes the tile that is there.
  private mutating func compute(
    _ name: String, _ term: Term, _ modifiers: Modifiers, _ statement: Statement,
    _ steps: inout [Step]
  ) throws(Diagnostic) {
    let type = try type(of: name, at: statement.place)
    var reader = FormulaWriter(target: name, targetType: type)
    // A product that makes the tile itself: the rest is done to it.
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
      operation: .compute(piece.expression), verb: verb(of: term, name, type), inputs: reader.inputs,
      elementwise: piece.type == nil ? [Count(times: 1, of: .target, isPerRow: false)] : piece.elementwise,
      exponential: piece.exponential)
    if reader.isMade {
      steps.append(.change(slot(of: name), computation, line: statement.line))
      given.insert(name)
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

  private mutating func multiply(
    _ name: String, _ a: Term, _ b: Term, _ product: Product, _ modifiers: Modifiers,
    _ statement: Statement, _ steps: inout [Step]
  ) throws(Diagnostic) {
    var product = product
    let (left, isLeftTransposed) = a.untransposed
    let (right, isRightTransposed) = b.untransposed
    guard !isLeftTransposed || !isRightTransposed else {
      throw Diagnostic(
        statement.place, "both sides of @ are transposed; expected one at most: (\(right.text) @ \(left.text)).T is the same")
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
      given.insert(name)
      converted.remove(name)
    } else {
      noteNew(name, isWeight: false)
    }
  }

  /// Whether what is 0 in a term lets nothing through: weights and their gradients.
  private func isWeight(_ term: Term) -> Bool {
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

  /// An operand of a product: dropped where the term says so, and in the storage format.
  private mutating func operand(
    _ term: Term, _ statement: Statement, _ steps: inout [Step]
  ) throws(Diagnostic) -> Slot {
    if case .call("drop", let terms, _) = term, terms.count == 1, setting.dropout == nil {
      return try operand(terms[0], statement, &steps)
    }
    if case .name(let name, let place) = term {
      let slot = try slot(reading: name, at: place)
      guard setting.type != .fp32, !loaded.contains(name), !converted.contains(name) else { return slot }
      if !isUsedAgain(name, statement) {
        steps.append(.convert(slot, line: statement.line))
        converted.insert(name)
        return slot
      }
      let copy = try copied(name, statement, &steps)
      steps.append(.convert(self.slot(of: copy), line: statement.line))
      return self.slot(of: copy)
    }
    if case .call("drop", let terms, _) = term, terms.count == 1, case .name(let name, _) = terms[0] {
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

  private func isUsedAgain(_ name: String, _ statement: Statement) -> Bool {
    if position.isUsedAfter(name) { return true }
    guard case .assign(_, let term, _) = statement.kind else { return false }
    return term.names.count { $0.name == name } > 1
  }

  private func drawn(_ name: String) -> Drawn { weights.contains(name) ? .weights : .gradients }

  /// The same values in a tile of their own, to be changed without the first.
  private mutating func copied(
    _ name: String, _ statement: Statement, _ steps: inout [Step], as target: String? = nil
  ) throws(Diagnostic) -> String {
    let type = try type(of: name, at: statement.place)
    let copy = target ?? temporary()
    types.name(copy, type)
    var new = try newTile(target ?? name, type, at: statement.place)
    if target == nil { new.kind.name += "d" }
    let computation = Computation(
      operation: .compute(.input(0)), verb: .copy, inputs: [try slot(reading: name, at: statement.place)],
      elementwise: [], exponential: [])
    steps.append(.make(slot(of: copy), new, computation, line: statement.line))
    noteNew(copy, isWeight: weights.contains(name))
    return copy
  }

  // MARK: What is done where a tile lies

  /// The tile that a term is, or is put into.
  mutating func tile(
    of term: Term, namedAfter tensor: String?, _ steps: inout [Step], _ statement: Statement
  ) throws(Diagnostic) -> Slot {
    if case .name(let name, let place) = term { return try slot(reading: name, at: place) }
    guard let type = try types.shape(of: term) else {
      throw Diagnostic(term.place, "found a number where a tile belongs")
    }
    let name = temporary()
    let label = tensor ?? term.operandLabel { labels.label(of: $0, types.types[$0] ?? type) }
    types.name(name, type)
    labels.call(name, label)
    try assign(name, term, [], statement, &steps)
    return slot(of: name)
  }

  private mutating func target(
    _ name: String, from term: Term, _ statement: Statement, _ steps: inout [Step]
  ) throws(Diagnostic) {
    guard !term.isName(name) else {
      _ = try slot(reading: name, at: term.place)
      return
    }
    if case .name(let other, _) = term {
      if position.isUsedAfter(other) {
        _ = try copied(other, statement, &steps, as: name)
      } else {
        steps.append(.rename(slot(of: name), try slot(reading: other, at: term.place)))
        note(name, like: other)
      }
      return
    }
    try assign(name, term, [], statement, &steps)
  }

  private mutating func drop(
    _ name: String, _ terms: [Term], _ statement: Statement, _ steps: inout [Step]
  ) throws(Diagnostic) {
    try target(name, from: terms[0], statement, &steps)
    guard terms.count == 2 else {
      steps.append(.draw(slot(of: name), nil, drawn(name), like: nil, line: statement.line))
      return
    }
    guard let rule = setting.dropout else {
      throw Diagnostic(terms[1].place, "drop(x, z) needs a problem with dropout; expected “with dropout:” before it")
    }
    let mask = try tile(of: terms[1], namedAfter: nil, &steps, statement)
    let factor = Expression.multiply(.input(0), .number(rule.keptScale))
    let computation = Computation(
      operation: .compute(
        drawn(name) == .weights ? .multiply(factor, .itself) : .weigh(factor, .itself)),
      verb: .drop, inputs: [mask], elementwise: [Count(times: 2, of: .target, isPerRow: false)],
      exponential: [])
    steps.append(.change(slot(of: name), computation, line: statement.line))
  }

  private mutating func round(
    _ name: String, _ term: Term, _ modifiers: Modifiers, _ statement: Statement,
    _ steps: inout [Step]
  ) throws(Diagnostic) {
    guard setting.type != .fp32 else {
      if !term.isName(name) { try assign(name, term, modifiers, statement, &steps) }
      return
    }
    try target(name, from: term, statement, &steps)
    guard !converted.contains(name) else { return }
    steps.append(.convert(slot(of: name), line: statement.line))
    converted.insert(name)
  }

  private mutating func mask(
    _ name: String, _ term: Term, _ modifiers: Modifiers, _ statement: Statement,
    _ steps: inout [Step]
  ) throws(Diagnostic) {
    var (inner, scale) = (term, 1.0)
    if case .binary(.times, .name("scale", _), let scaled, _) = term {
      (inner, scale) = (scaled, setting.scale)
    }
    if case .product(let a, let b, _) = inner {
      try multiply(name, a, b, Product(), modifiers, statement, &steps)
    } else {
      try target(name, from: inner, statement, &steps)
    }
    // A mask that is a rule: threads compare in every tile, unless the kernel goes only to some.
    let seesAll =
      modifiers.contains(.everyElement) || !launch.skipsTiles && !setting.looksAtTiles
    steps.append(.logits(slot(of: name), scale: scale, seesAll: seesAll, line: statement.line))
    weights.insert(name)
    converted.remove(name)
    if loaded.contains(name) { converted.insert(name) }
  }

  private mutating func draw(
    _ name: String, _ like: Term, _ place: Place, _ statement: Statement, _ steps: inout [Step]
  ) throws(Diagnostic) {
    guard setting.dropout != nil else {
      throw Diagnostic(place, "keepmask needs a problem with dropout; expected “with dropout:” before it")
    }
    guard case .name(let scores, _) = like else {
      throw Diagnostic(place, "keepmask takes the name of a tile of weights")
    }
    let type = try type(of: name, at: statement.place)
    let new = try newTile(name, type, at: statement.place)
    steps.append(
      .draw(
        slot(of: name), new, .keepMask, like: try slot(reading: scores, at: place),
        line: statement.line))
    noteNew(name, isWeight: true)
  }

  private mutating func bend(
    _ name: String, _ score: Term, _ place: Place, _ statement: Statement, _ steps: inout [Step]
  ) throws(Diagnostic) {
    guard case .name(let scores, _) = score else {
      throw Diagnostic(place, "slope takes the name of a tile of scores")
    }
    _ = try slot(reading: name, at: statement.place)
    let slot = try slot(reading: scores, at: place)
    guard let cap = setting.softcap else { return }
    steps.append(.slope(self.slot(of: name), of: slot, cap: cap, line: statement.line))
  }
}

/// Which product of two tensors it is.
enum ProductSignature {
  /// Empty for products of what is on chip only.
  static func of(_ a: Term, _ b: Term, _ transposing: Transposed, _ types: TileTypes) -> String {
    guard case .name(let left, _) = a, case .name(let right, _) = b,
      let first = types.sources[left], let second = types.sources[right]
    else { return "" }
    return "\(first) \(second) \(transposing)"
  }

  /// All that a launch does.
  static func all(in launch: ResolvedLaunch, _ types: TileTypes) -> Set<String> {
    var result: Set<String> = []
    for statement in launch.body.all {
      switch statement.kind {
      case .assign(_, let term, _), .store(_, let term), .add(_, let term):
        for (a, b) in term.products {
          let (left, isLeft) = a.untransposed
          let (right, isRight) = b.untransposed
          result.insert(of(left, right, isLeft ? .left : isRight ? .right : .neither, types))
        }
      default: break
      }
    }
    result.remove("")
    return result
  }
}

extension Term {
  /// Without `.T`, and whether there was one.
  var untransposed: (Term, Bool) {
    guard case .transposed(let inner, _) = self else { return (self, false) }
    let (term, isTransposed) = inner.untransposed
    return (term, !isTransposed)
  }

  /// Every product in it.
  var products: [(Term, Term)] {
    let inside = parts.flatMap(\.products)
    if case .product(let a, let b, _) = self { return inside + [(a, b)] }
    return inside
  }

  /// The operands of the one product in it that other things are done to; nil if there are more or none.
  var onlyProduct: (Term, Term)? { products.count == 1 ? products[0] : nil }

  /// `PV`: a product is called like its operands.
  func operandLabel(_ label: (String) -> String) -> String {
    switch self {
    case .name(let name, _): label(name)
    case .number: ""
    default: parts.map { $0.operandLabel(label) }.joined()
    }
  }
}
