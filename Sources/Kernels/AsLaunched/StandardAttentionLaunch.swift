// Standard attention as Dao et al. 2022 (arXiv 2205.14135) count its bytes; it has no tiles or
// costs of its own.

/// The bytes of `standard-attention` as its paper counts them.
struct StandardAttentionLaunch: Released {
  /// HBM traffic in bytes if every operation of Algorithms 0 and 3, with mask and dropout as
  /// operations of their own, reads its operands once and writes its result: Dao et al. 2022 (arXiv
  /// 2205.14135), Fig. 2 left.
  func paperBytes(_ problem: AttentionProblem) -> Int? {
    let area = problem.planes * problem.queries * problem.keys
    let (masks, drops) = (problem.maskRule != .none, problem.dropout != nil)
    var passes = 0
    // S and P are written and read; mask and dropout each read and write a matrix.
    if problem.hasForward { passes += 4 + (masks ? 2 : 0) + (drops ? 2 : 0) }
    // P is read for dV, dP written and read, P read and dS written by the softmax's gradient, and
    // dS read for dQ and dK.
    if problem.hasBackward { passes += 7 + (drops ? 2 : 0) }
    let keepMask = drops ? (problem.hasForward ? 1 : 0) + (problem.hasBackward ? 1 : 0) : 0
    return area * (passes * problem.type.bytes + keepMask) + matrixBytes(problem)
  }

  /// Bytes of Q, K, V and O; in the backward pass of dO twice, of V, K and Q once more, and of the
  /// three gradients.
  private func matrixBytes(_ problem: AttentionProblem) -> Int {
    let (q, o) = (
      problem.planes * problem.queries * problem.d, problem.planes * problem.queries * problem.dv
    )
    let (k, v) = (
      problem.keyValuePlanes * problem.keys * problem.d,
      problem.keyValuePlanes * problem.keys * problem.dv
    )
    let forward = problem.hasForward ? q + k + v + o : 0
    let backward = problem.hasBackward ? 2 * (o + q + k + v) : 0
    return (forward + backward) * problem.type.bytes
  }
}
