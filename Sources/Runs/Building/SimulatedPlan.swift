// A plan carried out, with what goes wrong said as a refusal.

import Kernels
import Machine

extension Plan {
  /// `totals`, with the error in words.
  /// - Parameter isExact: long loops are simulated whole, not measured and gone on with.
  package func timed(isExact: Bool = false) throws(Refusal) -> Totals {
    do { return try totals(isExact: isExact) } catch { throw Refusal(error, mapping, device) }
  }

  /// `record`, with the error in words.
  package func recorded(inputs: [String: Matrix]?) throws(Refusal) -> Recording {
    do { return try record(inputs: inputs) } catch { throw Refusal(error, mapping, device) }
  }
}
