// The reasons for refusing a plan: sizes, memory, SRAM, length.

import Machine
import Notation

/// Why a plan cannot be simulated.
package enum PlanError: Error, Sendable {
  case wrongFamily(kernel: String)
  /// The kernel's text does not go with the problem.
  case wrongText(kernel: String, Diagnostic)
  /// The tiles do not fit in SRAM. `largestTile` is the largest T for which tiles of T × T do; nil
  /// if not even 1 does.
  case doesNotFit(DoesNotFit, largestTile: Int?)
  /// The tensors take more HBM than the device has, bytes.
  case outOfMemory(needed: Int, available: Int)
  /// More tile products, blocks or loop iterations than can be simulated in reasonable time.
  case tooLong(steps: Double, most: Double)
  /// The run could have more cycles than `Device.mostCycles`.
  case endless(cycles: Double)
  /// The simulation stopped with blocks left: a bug in this program.
  case deadlocked(launch: String, blocksLeft: Int)

  init(_ error: ScheduleError, _ plan: Plan) {
    switch error {
    case .deadlocked(let launch, let left): self = .deadlocked(launch: launch, blocksLeft: left)
    case .doesNotFit(let error):
      let largest = largestFittingTile(plan.kernel, plan.problem, plan.mapping, plan.device)
      self = .doesNotFit(error, largestTile: largest)
    }
  }
}
