// Matrices that a run was given, in place of seeded ones.

import Kernels
import Machine

/// Matrices that were given, and the problem that their shapes imply.
package struct GivenData: Sendable {
  package var problem: Problem
  package var inputs: [String: Matrix]
  /// One word per query and key, if the data has them.
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
