// Why a plan cannot be carried out.

import Machine
import Notation

/// Why a plan cannot be carried out.
package enum PlanError: Error, Sendable {
  case wrongFamily(kernel: String)
  /// Something in the kernel's text does not go with the problem.
  case wrongText(kernel: String, Diagnostic)
  case doesNotFit(DoesNotFit, largestTile: Int?)
  /// The tensors take more HBM than the device has, bytes.
  case outOfMemory(needed: Int, available: Int)
  /// The tiles meet in more products than can be gone through in reasonable time.
  case tooLong(steps: Double, most: Double)
  /// It could take more cycles than are counted.
  case endless(cycles: Double)
  /// The machine stopped with blocks left: our fault.
  case stalled(launch: String, blocksLeft: Int)

  init(_ error: ScheduleError, _ plan: Plan) {
    switch error {
    case .stalled(let launch, let left): self = .stalled(launch: launch, blocksLeft: left)
    case .doesNotFit(let error):
      let largest = largestFittingTile(plan.kernel, plan.problem, plan.mapping, plan.device)
      self = .doesNotFit(error, largestTile: largest)
    }
  }
}
