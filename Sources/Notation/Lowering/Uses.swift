// Liveness of names: what reads a name after a statement, and how. It decides when a tile is freed,
// and whether it may be changed in place.

/// How a statement reads a name.
enum Use: Equatable {
  /// As an operand of a product, unchanged.
  case operand
  case other
}

/// A position in a launch: the enclosing bodies, each with the index of its current statement.
struct Position {
  struct Frame {
    var statements: [Statement]
    var index: Int
    /// The body of a loop: after its last statement comes its first.
    var isLoop: Bool
  }

  var frames: [Frame] = []

  /// How `name` is read after this position, until it is assigned again.
  func usesAfter(_ name: String, hasDropout: Bool) -> [Use] {
    var reader = UseReader(name: name, hasDropout: hasDropout)
    for frame in frames.reversed() {
      if reader.read(frame.statements[(frame.index + 1)...]) { return reader.uses }
      // The next iteration comes first; what follows the loop comes after the last one.
      if frame.isLoop { _ = reader.read(frame.statements[...frame.index]) }
    }
    return reader.uses
  }

  func isUsedAfter(_ name: String) -> Bool { !usesAfter(name, hasDropout: true).isEmpty }
}

/// Collects the reads of a name.
struct UseReader {
  let name: String
  let hasDropout: Bool
  var uses: [Use] = []

  /// - Returns: whether every path through the statements assigns the name.
  mutating func read(_ statements: ArraySlice<Statement>) -> Bool {
    for statement in statements where read(statement) { return true }
    return false
  }

  private mutating func read(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .load(let target, let reference, _, _):
      if reference.gather?.name == name { uses.append(.other) }
      return target == name
    case .store(let reference, let term), .add(let reference, let term),
      .keep(let reference, let term):
      if reference.gather?.name == name { uses.append(.other) }
      read(term)
      return false
    case .assign(let target, let term, _):
      read(term)
      return target == name
    case .free(let freed): return freed == name
    case .loop(_, _, _, _, let body):
      _ = read(body[...])
      return false
    case .groups(_, let body), .by(_, let body): return read(body[...])
    case .when(_, let body):
      _ = read(body[...])
      return false
    }
  }

  private mutating func read(_ term: Term, isOperand: Bool = false) {
    switch term {
    case .name(name, _): uses.append(isOperand ? .operand : .other)
    case .product(let a, let b, _):
      read(a, isOperand: true)
      read(b, isOperand: true)
    case .transposed(let a, _): read(a, isOperand: isOperand)
    case .call("drop", let terms, _) where !hasDropout && terms.count == 1:
      read(terms[0], isOperand: isOperand)
    default: for part in term.parts { read(part) }
    }
  }
}

extension [Statement] {
  /// Whether `name` is read in here before it is assigned.
  func reads(_ name: String) -> Bool {
    var reader = UseReader(name: name, hasDropout: true)
    _ = reader.read(self[...])
    return !reader.uses.isEmpty
  }

  /// Whether anything in here reads `name`, assigned in here or not.
  func mentions(_ name: String) -> Bool {
    all.contains { statement in
      if statement.gather?.name == name { return true }
      return switch statement.kind {
      case .store(_, let term), .add(_, let term), .keep(_, let term), .assign(_, let term, _):
        term.mentions(name)
      default: false
      }
    }
  }

  /// The names that loads and assignments in here give a tile.
  var given: [String] {
    all.compactMap { statement in
      switch statement.kind {
      case .load(let name, _, _, _), .assign(let name, _, _): name
      default: nil
      }
    }
  }
}
