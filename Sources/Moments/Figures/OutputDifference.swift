// How far the results of two runs are apart.

import Kernels
import Machine

/// The largest difference between the outputs that two runs have in common.
package struct OutputDifference: Sendable {
  /// The names of the tensors that were compared.
  package let names: [String]
  /// The largest absolute difference of two entries; NaN if one is not a number and the other is.
  package let largest: Float
  /// The largest magnitude of an entry.
  private let scale: Float
  private let type: DataType

  /// Nil where either run has no values, or they have no output of one shape in common.
  package init?(_ left: CompletedRun, _ right: CompletedRun) {
    guard left.hasValues, right.hasValues else { return nil }
    var (names, largest, scale) = ([String](), Float(0), Float(0))
    for (index, tensor) in left.plan.program.tensors.enumerated()
    where tensor.role == .output && tensor.columns > 1 {
      guard let other = right.plan.program.tensorIndex(tensor.name),
        let a = left.recording.finalState.matrix(index),
        let b = right.recording.finalState.matrix(other), a.values.count == b.values.count
      else { continue }
      names.append(tensor.name)
      for (x, y) in zip(a.values, b.values) where !(x.isNaN && y.isNaN) && x != y {
        let difference = (x - y).magnitude
        if difference.isNaN || difference > largest { largest = difference }
      }
      scale = a.values.reduce(scale) { max($0, $1.isFinite ? $1.magnitude : 0) }
    }
    guard !names.isEmpty else { return nil }
    (self.names, self.largest, self.scale) = (names, largest, scale)
    type = left.plan.program.type
  }

  /// Whether the difference is no larger than what the order of sums makes of rounding: 2⁻¹⁶ of the
  /// largest entry for fp32 sums, and four roundings of a 16-bit or 8-bit format.
  package var isRounding: Bool {
    let share: Float =
      switch type {
      case .fp32: 1 / 65536
      case .fp16: 4 / 2048
      case .bf16: 4 / 256
      default: 4 / 16
      }
    return largest <= share * max(scale, .leastNormalMagnitude)
  }
}
