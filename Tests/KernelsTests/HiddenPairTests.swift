// What stands where nobody looks reaches nothing: hundreds of random problems whose hidden pairs are
// full of NaN and infinity, every kernel against the formula, pair by pair.

import Foundation
import Kernels
import Testing

@testable import Runs

@Suite("Hidden pairs")
struct HiddenPairTests {
  @Test(
    "Nothing of a hidden pair, and nothing of one whose weight is 0, reaches a result",
    arguments: 0..<10)
  func nothingGetsThrough(tenth: Int) throws {
    for number in 0..<60 {
      let trial = Trial(number: tenth * 60 + number)
      let exact = PairByPair(trial.problem, trial.inputs)
      let run = try trial.run()
      for name in trial.results {
        let problem = mismatch(run[name]!.values.map { Double($0) }, exact[name], within: 2e-5)
        #expect(problem == nil, "\(name) of \(trial.name)")
      }
      check(trial, exact)
    }
  }

  /// The project's own reference, which the programs show beside every run.
  private func check(_ trial: Trial, _ exact: PairByPair) {
    let reference = Reference(trial.problem, inputs: trial.inputs)
    let output = (0..<trial.problem.planes).flatMap { plane in
      (0..<trial.problem.queries).flatMap { reference.row(plane: plane, row: $0).output }
    }
    #expect(mismatch(output, exact["O"], within: 1e-12) == nil, "the reference's O, \(trial.name)")
    guard trial.problem.hasBackward else { return }
    let gradients = reference.gradients(trial.inputs["dO"]!)
    for name in ["dQ", "dK", "dV"] {
      let problem = mismatch(gradients[name], exact[name], within: 1e-11)
      #expect(problem == nil, "the reference's \(name), \(trial.name)")
    }
  }

  /// The first entry that is not what it should be, in words.
  private func mismatch(
    _ actual: [Double], _ exact: Sums, within tolerance: Double
  ) -> String? {
    let scale = exact.scale == 0 ? 1 : exact.scale
    for (index, (a, b)) in zip(actual, exact.values).enumerated() {
      if !a.isFinite && !b.isFinite { continue }
      if abs(a - b) <= tolerance * scale { continue }
      return "entry \(index) is \(a), not \(b)"
    }
    return nil
  }
}
