// What if: one quantity of the runs on the screen is changed, and all of them are simulated anew at once,
// without values.

import Kernels
import Machine
import Runs

/// The state of "what if".
package struct WhatIf: Sendable {
  /// The figures of one run; nil where it is impossible.
  struct Figures: Sendable, Equatable {
    var cycles: Int
    var bytes: Int
  }

  /// A value of the changed quantity, and what every run takes with it.
  struct Point: Sendable {
    var text: String
    var figures: [Figures?]
    /// Why a run is impossible; nil if all are possible.
    var problem: String?
  }

  private let kernels: [Kernel]
  private let base: [VariedQuantity.Inputs]
  let quantities: [VariedQuantity]
  private let choices: [(choices: [VariedQuantity.Choice], own: Int)]
  /// Index of the chosen value, for each quantity.
  private(set) var chosen: [Int]
  /// Index of the quantity that arrow keys change.
  private(set) var selected = 0
  /// The figures of the runs on the screen, and of those that have been changed.
  let before: [Figures]
  private(set) var now: [Figures?] = []
  /// Why the runs are impossible; nil if they are not.
  private(set) var problem: String?
  /// What becomes of the runs over all values of the selected quantity.
  private(set) var curve: [Point] = []

  /// - Parameter runs: attention, one or two; nil for others.
  init?(_ runs: [CompletedRun]) {
    var base: [VariedQuantity.Inputs] = []
    for run in runs {
      guard case .attention(let problem) = run.plan.asked else { return nil }
      let plan = run.plan
      let isStandard = plan.mapping == plan.kernel.standardMapping(plan.problem, on: plan.device)
      base.append(
        VariedQuantity.Inputs(
          problem: problem, mapping: isStandard ? nil : plan.mapping, device: plan.device))
    }
    self.base = base
    kernels = runs.map(\.plan.kernel)
    quantities = VariedQuantity.allCases
    let tiles = runs.map(\.plan.mapping)
    choices = quantities.map { $0.choices(base[0], tiles: tiles) }
    chosen = choices.map(\.own)
    before = runs.map {
      Figures(cycles: $0.recording.totals.cycles, bytes: $0.recording.totals.hbm.bytes)
    }
    now = before
    findCurve()
  }

  /// Whether anything differs from the runs on the screen.
  var isChanged: Bool { zip(chosen, choices).contains { $0 != $1.own } }

  /// The text of the chosen value of a quantity, and whether there are smaller and larger ones.
  func value(_ quantity: Int) -> (text: String, isFirst: Bool, isLast: Bool, isOwn: Bool) {
    let (all, own) = choices[quantity]
    let index = chosen[quantity]
    return (all[index].text, index == 0, index == all.count - 1, index == own)
  }

  // MARK: Changes

  /// Selects another quantity.
  mutating func select(by step: Int) {
    selected = min(max(0, selected + step), quantities.count - 1)
    findCurve()
  }

  /// Takes the next larger or smaller value of the selected quantity.
  mutating func change(by step: Int) {
    let last = choices[selected].choices.count - 1
    let index = min(max(0, chosen[selected] + step), last)
    guard index != chosen[selected] else { return }
    chosen[selected] = index
    (now, problem) = (curve[index].figures, curve[index].problem)
  }

  /// Takes everything back.
  mutating func reset() {
    chosen = choices.map(\.own)
    (now, problem) = (before, nil)
    findCurve()
  }

  /// The plans of the changed runs.
  /// - Throws: `PlanError` for an impossible one.
  func plans() throws(PlanError) -> [Plan] {
    var plans: [Plan] = []
    for index in kernels.indices { plans.append(try plan(index, chosen)) }
    return plans
  }

  private func plan(_ index: Int, _ chosen: [Int]) throws(PlanError) -> Plan {
    var inputs = base[index]
    for (quantity, value) in chosen.enumerated() { choices[quantity].choices[value].apply(&inputs) }
    let (kernel, problem) = (kernels[index], Problem.attention(inputs.problem))
    let laid = problem.laidOut(for: kernel)
    let mapping = (inputs.mapping ?? kernel.standardMapping(laid, on: inputs.device))
      .with(rows: inputs.tile, columns: inputs.tile)
    return try Plan(kernel, problem, mapping, inputs.device)
  }

  /// The most tile products of a run that is simulated: about a tenth of a second.
  private static let mostProducts = 20_000.0

  private mutating func findCurve() {
    let asked = self
    curve = concurrently(Array(choices[selected].choices.indices)) { value in
      var chosen = asked.chosen
      chosen[asked.selected] = value
      return asked.point(chosen, asked.choices[asked.selected].choices[value].text)
    }
  }

  private func point(_ chosen: [Int], _ text: String) -> Point {
    var point = Point(text: text, figures: [], problem: nil)
    for index in kernels.indices {
      do throws(PlanError) {
        let plan = try plan(index, chosen)
        guard plan.problem.tileProducts(plan.mapping) <= Self.mostProducts else {
          point.figures.append(nil)
          point.problem = "too long to simulate at once: compare does it"
          continue
        }
        let totals = try plan.totals()
        point.figures.append(Figures(cycles: totals.cycles, bytes: totals.hbm.bytes))
      } catch {
        point.figures.append(nil)
        point.problem = Self.words(error, kernels[index].name)
      }
    }
    return point
  }

  private static func words(_ error: PlanError, _ kernel: String) -> String {
    switch error {
    case .doesNotFit(_, let largest):
      "\(kernel): these tiles do not fit in SRAM"
        + (largest.map { "; the largest are \($0) × \($0)" } ?? "")
    case .outOfMemory: "\(kernel): its tensors do not fit in HBM"
    default: "\(kernel) cannot run so"
    }
  }
}
