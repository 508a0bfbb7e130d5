// What the expressions of a lesson compute, counted: a lesson of twelve lines could ask for hours.

import Machine
import Synchronization

/// The numbers that a lesson's expressions may still compute, all together.
final class EvaluationBudget: Sendable {
  /// Values, compared events and FLOPs of products.
  static let most = 100_000_000.0
  /// What it takes to find a run's state at a cycle.
  static let state = 100_000.0

  /// What it takes to look for a tile on chip.
  static let tile = 1000.0

  private let done = Mutex(0.0)

  /// Counts work that is about to be done.
  /// - Throws: if it is too much.
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

/// The states of a lesson's runs at a cycle, each found when it is first asked for.
final class Moments: Sendable {
  private let runs: [RunFigures]
  private let cycle: Int
  private let states = Mutex<[Int: State]>([:])

  init(_ runs: [RunFigures], cycle: Int) { (self.runs, self.cycle) = (runs, cycle) }

  /// Nil for timing-only runs.
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
