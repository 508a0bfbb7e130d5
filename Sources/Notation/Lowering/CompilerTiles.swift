// Compiles in-place ops on a tile (mask, dropout, rounding, softcap gradient), and terms that need
// a temporary tile.

import Machine

extension Compiler {
  /// The slot of a term: a name's own, else that of a temporary tile that it is computed into.
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

  /// Makes `name` a tile with the value of `term`, for an op that then changes it in place.
  mutating func target(
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

  mutating func drop(
    _ name: String, _ terms: [Term], _ statement: Statement, _ steps: inout [Step]
  ) throws(Diagnostic) {
    try target(name, from: terms[0], statement, &steps)
    guard terms.count == 2 else {
      steps.append(.draw(slot(of: name), nil, drawn(name), like: nil, line: statement.line))
      return
    }
    guard let rule = setting.dropout else {
      throw Diagnostic(
        terms[1].place,
        "drop(x, z) needs a problem with dropout; expected “with dropout:” before it")
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

  mutating func round(
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

  mutating func mask(
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
    // Under a mask rule, threads compare indices in every tile, unless the kernel skips hidden
    // ones.
    let seesAll =
      modifiers.contains(.everyElement) || !launch.skipsTiles && !setting.looksAtTiles
    steps.append(.logits(slot(of: name), scale: scale, seesAll: seesAll, line: statement.line))
    weights.insert(name)
    converted.remove(name)
    if loaded.contains(name) { converted.insert(name) }
  }

  mutating func draw(
    _ name: String, _ like: Term, _ place: SourcePosition, _ statement: Statement,
    _ steps: inout [Step]
  ) throws(Diagnostic) {
    guard setting.dropout != nil else {
      throw Diagnostic(
        place, "keepmask needs a problem with dropout; expected “with dropout:” before it")
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

  /// Multiplies a gradient by the softcap's slope; compiles to nothing without a softcap.
  mutating func multiplyBySoftcapGradient(
    _ name: String, _ score: Term, _ place: SourcePosition, _ statement: Statement,
    _ steps: inout [Step]
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
