// The keys of "what if": arrows change, Enter plays the changed runs, Esc goes back.

import Canvas
import Kernels
import Machine

extension Player {
  /// Opens "what if".
  mutating func askWhatIf() {
    isPlaying = false
    guard let asked = whatIf ?? WhatIf(runs) else {
      message = "What if changes attention; a matrix product has sweep."
      return
    }
    whatIf = asked
    overlay = .whatIf
  }

  /// Takes a key while "what if" is open.
  mutating func answerWhatIf(_ key: Key) {
    switch key {
    case .up: whatIf?.select(by: -1)
    case .down: whatIf?.select(by: 1)
    case .left: whatIf?.change(by: -1)
    case .right: whatIf?.change(by: 1)
    case .character("r"): whatIf?.reset()
    case .enter: playWhatIf()
    case .resize: break
    default: overlay = nil
    }
  }

  /// Plays the changed runs: with the data of before where the sizes are the same, else with seeded data.
  private mutating func playWhatIf() {
    guard let whatIf, whatIf.isChanged else {
      overlay = nil
      return
    }
    do throws(PlanError) {
      var changed: [CompletedRun] = []
      for (run, plan) in zip(runs, try whatIf.plans()) {
        let isSame = plan.asked.hasSizes(of: run.plan.asked)
        let inputs = isSame ? run.inputs : plan.asked.seededInputs(1)
        changed.append(
          try CompletedRun.simulate(
            name: run.name, plan, inputs: run.hasValues ? inputs : nil,
            tokens: isSame ? run.tokens : [], origin: isSame ? run.origin : "seed 1"))
      }
      let before = self
      self = Player(changed)
      (showsOneView, animatesSteps) = (before.showsOneView, before.animatesSteps)
      (view, focus) = (before.view, before.focus)
      message = "These are the changed runs: \(changed[focus].plan.summary())."
    } catch {
      message = whatIf.problem ?? "These runs are impossible."
    }
  }
}

extension Problem {
  /// Whether inputs of another problem have the sizes that this one needs.
  fileprivate func hasSizes(of other: Problem) -> Bool {
    guard case .attention(let a) = self, case .attention(let b) = other else { return false }
    return (a.queries, a.keys, a.d, a.dv, a.planes) == (b.queries, b.keys, b.d, b.dv, b.planes)
  }
}
