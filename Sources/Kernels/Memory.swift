// How much HBM a run holds at its peak: Table 21 of the FlashAttention paper. What a released kernel
// keeps beside the tensors of its algorithm is counted; a textbook kernel has nothing beside them.

import Machine

extension Plan {
  /// Bytes of HBM in use at the peak.
  public var peakMemoryBytes: Int {
    guard case .attention(let problem) = problem, mapping.isAsLaunched,
      let bytes = (kernel as? any AttentionKernel)?.launchedMemory(problem, mapping)
    else { return program.hbmBytes }
    return bytes
  }
}

extension AttentionProblem {
  /// Bytes of Q, K, V and O, and of their gradients where there is a backward pass.
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

extension EagerAttention {
  /// Four matrices of N × Nk at the peak of a backward pass: P, dP, dS and the result of the operation
  /// at hand; two of a forward pass. Two copies of the shape of Q come to the matrices.
  public func launchedMemory(_ problem: AttentionProblem, _ mapping: Mapping) -> Int? {
    let area = problem.planes * problem.queries * problem.keys
    let scores = (problem.hasBackward ? 4 : 2) * area * problem.type.bytes
    let drops = problem.dropout == nil ? 0 : area
    let copies = 2 * problem.planes * problem.queries * problem.d * problem.type.bytes
    return problem.matrixBytes + scores + drops + copies
  }
}

extension FlashAttention {
  /// Sums of O and dQ in fp32, the former only where there is more than one column block, and the
  /// log-sum-exp and D of each row; a copy of dO.
  public func launchedMemory(_ problem: AttentionProblem, _ mapping: Mapping) -> Int? {
    let sums = problem.keys > mapping.columns ? problem.outputSumBytes : 0
    guard problem.hasBackward else {
      return problem.matrixBytes + sums + problem.statisticBytes(1)
    }
    let copy = problem.planes * problem.queries * problem.dv * problem.type.bytes
    return problem.matrixBytes + sums + problem.querySumBytes + copy + problem.statisticBytes(2)
  }
}

extension FlashAttention2 {
  /// Backwards a sum of dQ in fp32; L, and D.
  public func launchedMemory(_ problem: AttentionProblem, _ mapping: Mapping) -> Int? {
    problem.matrixBytes + (problem.hasBackward ? problem.querySumBytes : 0)
      + problem.statisticBytes(problem.hasBackward ? 2 : 1)
  }
}

extension FlashAttention3 {
  /// As FlashAttention-2.
  public func launchedMemory(_ problem: AttentionProblem, _ mapping: Mapping) -> Int? {
    FlashAttention2().launchedMemory(problem, mapping)
  }
}
