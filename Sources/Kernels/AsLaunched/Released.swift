// What is known of the released implementations of shipped kernels: tiles, warps, costs. A text is the
// paper's loops; what its implementation does otherwise stands here, by kernel and launch. Sources: in the
// file of each (Dao-AILab/flash-attention, PyTorch as measured in arXiv 2205.14135).

import Machine

/// A released implementation.
protocol Released: Sendable {
  /// Its tiles and warps; nil where there is none for the format on that device.
  func launched(_ problem: AttentionProblem, on device: Device) -> Mapping?
  /// A launch at the cost and with the footprint of the implementation; as it is where a mapping is not as
  /// launched.
  func priced(
    _ launch: Launch, isBackward: Bool, _ problem: AttentionProblem, _ mapping: Mapping,
    _ device: Device
  ) -> Launch
  /// Bytes of HBM that it holds at its peak; nil: what its tensors take.
  func memory(_ problem: AttentionProblem, _ mapping: Mapping) -> Int?
  /// Bytes between HBM and chip by the paper's way of counting; nil: its matrices by the closed form.
  func paperBytes(_ problem: AttentionProblem) -> Int?
}

extension Released {
  func launched(_ problem: AttentionProblem, on device: Device) -> Mapping? { nil }
  func memory(_ problem: AttentionProblem, _ mapping: Mapping) -> Int? { nil }
  func paperBytes(_ problem: AttentionProblem) -> Int? { nil }
  func priced(
    _ launch: Launch, isBackward: Bool, _ problem: AttentionProblem, _ mapping: Mapping,
    _ device: Device
  ) -> Launch { launch }
}

extension CostedOp {
  /// Elements of the largest tile that the step reads or makes.
  var largest: Int {
    inputs.map { $0.rows * $0.columns }.reduce(count, max)
  }

  /// A sum that shrinks and gains this tile's: its formula sums rows.
  var sumsRows: Bool {
    guard case .compute(let expression) = operation else { return false }
    return expression.sumsRows
  }

  /// dS of a tile, and not the slope of a cap on it.
  var isScoreGradient: Bool { verb == .gradient && inputs.count == 3 }
}

extension Expression {
  fileprivate var sumsRows: Bool {
    if case .rowSum = self { return true }
    return parts.contains(where: \.sumsRows)
  }
}
