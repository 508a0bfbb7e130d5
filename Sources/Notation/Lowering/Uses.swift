// Who uses a name after a statement, and as what: from that it follows when a tile is free, and whether it
// may be changed where it is.

import Machine

/// What a statement does with a name.
enum Use: Equatable {
  /// As an operand of a product, as it is.
  case operand
  case other
}

/// Where in a launch something stands: the bodies around it, each with the number of the statement.
struct Position {
  struct Frame {
    var statements: [Statement]
    var index: Int
    /// Its last statement is followed by its first.
    var isLoop: Bool
  }

  var frames: [Frame] = []

  /// How `name` is used from behind this statement on, until it is given anew.
  func usesAfter(_ name: String, hasDropout: Bool) -> [Use] {
    var reader = UseReader(name: name, hasDropout: hasDropout)
    for frame in frames.reversed() {
      if reader.read(frame.statements[(frame.index + 1)...]) { return reader.uses }
      // Round once more; what follows the loop comes after its last iteration.
      if frame.isLoop { _ = reader.read(frame.statements[...frame.index]) }
    }
    return reader.uses
  }

  func isUsedAfter(_ name: String) -> Bool { !usesAfter(name, hasDropout: true).isEmpty }
}

/// Collects the uses of a name.
struct UseReader {
  let name: String
  let hasDropout: Bool
  var uses: [Use] = []

  /// - Returns: whether the name is given anew on every way through.
  mutating func read(_ statements: ArraySlice<Statement>) -> Bool {
    for statement in statements where read(statement) { return true }
    return false
  }

  private mutating func read(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .load(let target, _, _, _): return target == name
    case .store(_, let term), .add(_, let term), .keep(_, let term):
      read(term)
      return false
    case .assign(let target, let term, _):
      read(term)
      return target == name
    case .free(let freed): return freed == name
    case .loop(_, _, _, let body):
      _ = read(body[...])
      return false
    case .groups(_, let body): return read(body[...])
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
  /// Whether `name` is read in here before it is given.
  func reads(_ name: String) -> Bool {
    var reader = UseReader(name: name, hasDropout: true)
    _ = reader.read(self[...])
    return !reader.uses.isEmpty
  }

  /// Whether anything in here reads `name`, wherever it is given.
  func mentions(_ name: String) -> Bool {
    all.contains { statement in
      switch statement.kind {
      case .store(_, let term), .add(_, let term), .keep(_, let term), .assign(_, let term, _):
        term.mentions(name)
      default: false
      }
    }
  }

  /// The names that are given in here.
  var given: [String] {
    all.compactMap { statement in
      switch statement.kind {
      case .load(let name, _, _, _), .assign(let name, _, _): name
      default: nil
      }
    }
  }
}
