// HBM in use at the peak of a run (Table 21 of the FlashAttention paper). Buffers that a released
// kernel has besides the tensors of its algorithm count; a kernel as printed has none.

import Machine

extension Plan {
  /// Bytes of HBM in use at the peak.
  package var peakMemoryBytes: Int {
    guard case .attention(let problem) = problem, mapping.isAsLaunched,
      let bytes = kernel.released?.memory(problem, mapping)
    else { return program.hbmBytes }
    return bytes
  }
}

extension AttentionProblem {
  /// Bytes of Q, K, V and O, and of their gradients if there is a backward pass.
  var matrixBytes: Int {
    let inputs = planes * queries * d + keyValuePlanes * keys * (d + dv)
    let once = inputs + planes * queries * dv
    return (hasBackward ? 2 * once : once) * type.bytes
  }

  /// Bytes of `count` fp32 numbers per query.
  func statisticBytes(_ count: Int) -> Int { count * planes * queries * DataType.fp32.bytes }

  /// Bytes of an fp32 matrix of the shape of O, or of Q.
  var outputSumBytes: Int { planes * queries * dv * DataType.fp32.bytes }
  var querySumBytes: Int { planes * queries * d * DataType.fp32.bytes }
}
