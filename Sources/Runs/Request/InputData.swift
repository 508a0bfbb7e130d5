// Input matrices that the user provides, in place of generated ones.

import Kernels
import Machine

/// Input matrices by tensor name, and the problem that their shapes imply.
package struct InputData: Sendable {
  package var problem: Problem
  package var inputs: [String: Matrix]
  /// One token per query and key; empty where the data has none.
  package var tokens: [String] = []
  /// Leading extents of the outputs: [], [H] or [B, H].
  package var leading: [Int] = []
  /// The sample's name; nil for files.
  package var sample: String?

  package init(_ problem: Problem, inputs: [String: Matrix]) {
    self.problem = problem
    self.inputs = inputs
  }
}
