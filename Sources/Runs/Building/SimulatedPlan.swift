// Runs a plan; errors of the simulator become refusals, which have a message for the user.

import Kernels
import Machine

extension Plan {
  /// The totals of a run without a recording.
  /// - Parameter isExact: every loop iteration is simulated; otherwise long loops are sampled.
  package func simulatedTotals(isExact: Bool = false) throws(Refusal) -> Totals {
    do { return try totals(isExact: isExact) } catch { throw Refusal(error, mapping, device) }
  }

  /// The recording of a run; without inputs it holds events but no values.
  package func simulatedRecording(inputs: [String: Matrix]?) throws(Refusal) -> Recording {
    do { return try record(inputs: inputs) } catch { throw Refusal(error, mapping, device) }
  }
}
