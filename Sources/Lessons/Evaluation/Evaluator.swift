// Evaluates expressions at one beat: names stand for values of the runs at the beat's cycle.

import Kernels
import Library
import Machine

/// Evaluates expressions on the runs of a lesson at one cycle.
struct Evaluator: Sendable {
  let runs: [RunFigures]
  let cycle: Int
  /// Cycle of the previous beat, after which `next` searches.
  let previous: Int
  /// The tile that the name `tile` stands for in a claim.
  var tile: ValueMatrix?
  /// Limit of the work of all expressions.
  let work: EvaluationBudget
  private let moments: StateCache

  init(
    _ runs: [RunFigures], cycle: Int, previous: Int = 0, work: EvaluationBudget = EvaluationBudget()
  ) {
    self.runs = runs
    self.cycle = cycle
    self.previous = previous
    self.work = work
    moments = StateCache(runs, cycle: cycle)
  }

  var names: [String] { runs.map(\.name) }

  /// The state of a run at this cycle.
  /// - Throws: for a timing-only run, which has no states.
  func state(of index: Int, _ column: Int) throws(ExpressionError) -> State {
    if let state = try moments.state(of: index, work, column) { return state }
    throw ExpressionError(
      column: column,
      message: "the run \(names[index]) is timing-only: it has figures, but no events, no tiles "
        + "and nothing so far", note: "\(names[index]).cycles")
  }

  func value(_ expression: Expression) throws(ExpressionError) -> Value {
    switch expression {
    case .number(let quantity): return .quantity(quantity)
    case .text(let text): return .text(text)
    case .reference(let reference): return try value(reference)
    case .unary(let operation, let inner, let column):
      let value = try value(inner)
      if operation == .not {
        guard case .flag(let flag) = value else {
          throw ExpressionError(
            column: column, message: "found not \(value.kind), expected a claim")
        }
        return .flag(!flag)
      }
      let dimension = value.grid?.dimension ?? .plain
      return try Value.apply(.subtract, .quantity(Quantity(0, dimension)), value, column: column)
    case .binary(let operation, let left, let right, let column):
      let (a, b) = (try value(left), try value(right))
      if let a = a.grid, let b = b.grid {
        try work.add(Double(max(a.rows, b.rows)) * Double(max(a.columns, b.columns)), column)
      }
      return try Value.apply(operation, a, b, column: column)
    }
  }

  func value(_ reference: Expression.Reference) throws(ExpressionError) -> Value {
    if reference.name == "tile", let tile {
      return .grid(try element(tile, reference.parts[...]))
    }
    if let index = names.firstIndex(of: reference.name) {
      return try figure(of: index, reference)
    }
    if case .call(let arguments, _)? = reference.parts.first {
      guard reference.parts.count == 1 else {
        throw ExpressionError(
          column: reference.column, message: "nothing can follow \(reference.name)(…)")
      }
      return try call(reference.name, arguments, column: reference.column)
    }
    let constants = ["pi": Double.pi, "infinity": .infinity]
    if reference.parts.isEmpty, let constant = constants[reference.name] {
      return .quantity(Quantity(constant))
    }
    throw unknown(reference.name, "run", names, reference.column)
  }

  func unknown(_ name: String, _ kind: String, _ valid: [String], _ column: Int)
    -> ExpressionError
  {
    let shown = valid.count > 16 ? "" : "; there are \(valid.sorted().joined(separator: ", "))"
    return ExpressionError(
      column: column, message: "found the \(kind) \(quoted(name)), which does not exist" + shown,
      note: nearest(name, in: valid))
  }

  func whole(_ indices: [Expression], _ column: Int) throws(ExpressionError) -> Int {
    guard indices.count == 1, let quantity = try value(indices[0]).quantity,
      let number = Int(exactly: quantity.value)
    else { throw ExpressionError(column: column, message: "expected one whole number here") }
    return number
  }

  func numbers(_ list: [Expression], _ column: Int) throws(ExpressionError) -> [Int] {
    var numbers: [Int] = []
    for item in list { numbers.append(try whole([item], column)) }
    return numbers
  }
}
