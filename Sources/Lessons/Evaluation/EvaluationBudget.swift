// Limits what the expressions of one lesson compute, because a lesson of twelve lines could ask for
// hours of work. Also caches the states of the runs at a cycle.

import Machine
import Synchronization

/// Counts the work of all expressions of a lesson against a limit; one unit is about one value
/// computed.
final class EvaluationBudget: Sendable {
  /// The limit, summed over values computed, events searched and FLOPs of matrix products.
  static let most = 100_000_000.0
  /// Cost of the state of a run at one cycle.
  static let state = 100_000.0

  /// Cost of looking up a tile on chip.
  static let tile = 1000.0

  private let done = Mutex(0.0)

  /// Counts work before it is done.
  /// - Throws: where the sum exceeds the limit.
  func add(_ amount: Double, _ column: Int) throws(ExpressionError) {
    let sum = done.withLock { sum in
      sum += amount
      return sum
    }
    guard sum > Self.most else { return }
    throw ExpressionError(
      column: column,
      message:
        "found \(Quantity(amount).text) values to compute, and \(Quantity(sum).text) with all "
        + "expressions so far; a lesson has \(Quantity(Self.most).text)")
  }
}

/// The states of a lesson's runs at one cycle, each computed when it is first asked for.
final class StateCache: Sendable {
  private let runs: [RunFigures]
  private let cycle: Int
  private let states = Mutex<[Int: State]>([:])

  init(_ runs: [RunFigures], cycle: Int) { (self.runs, self.cycle) = (runs, cycle) }

  /// The state of the run with this index; nil for timing-only runs.
  func state(of index: Int, _ work: EvaluationBudget, _ column: Int) throws(ExpressionError)
    -> State?
  {
    guard let recording = runs[index].run?.recording else { return nil }
    if let known = states.withLock({ $0[index] }) { return known }
    try work.add(EvaluationBudget.state, column)
    let state = recording.state(at: cycle)
    states.withLock { $0[index] = state }
    return state
  }
}
