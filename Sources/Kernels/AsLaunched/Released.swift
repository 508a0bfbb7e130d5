// What a released implementation of a shipped kernel changes: tiles, warps, costs, memory. A
// kernel's text has the loops of the paper; types that conform to `Released` say what the
// implementation does otherwise. The file of each names its sources (Dao-AILab/flash-attention,
// PyTorch as measured in arXiv 2205.14135).

import Machine

/// A released implementation of a shipped kernel.
protocol Released: Sendable {
  /// The build that these choices of the kernel's options name; itself if there is one build.
  func build(_ choices: Set<String>) -> any Released
  /// Its tiles and warps; nil if there is none for the format on the device.
  func launched(_ problem: AttentionProblem, on device: Device) -> Mapping?
  /// A launch with the cost model and the footprint of the implementation; unchanged if the mapping
  /// is not as launched.
  func withReleasedCosts(
    _ launch: Launch, isBackward: Bool, _ problem: AttentionProblem, _ mapping: Mapping,
    _ device: Device
  ) -> Launch
  /// The sizes that the implementation gives to axes and numbers of the kernel's own, where no option does.
  func ownSizes(_ problem: AttentionProblem, on device: Device) -> [String: Int]
  /// HBM in use at its peak, in bytes; nil: the sum of its tensors.
  func memory(_ problem: AttentionProblem, _ mapping: Mapping) -> Int?
  /// HBM traffic in bytes as the paper counts it; nil: that of its matrices by the closed form.
  func paperBytes(_ problem: AttentionProblem) -> Int?
}

extension Released {
  func build(_ choices: Set<String>) -> any Released { self }
  func launched(_ problem: AttentionProblem, on device: Device) -> Mapping? { nil }
  func ownSizes(_ problem: AttentionProblem, on device: Device) -> [String: Int] { [:] }
  func memory(_ problem: AttentionProblem, _ mapping: Mapping) -> Int? { nil }
  func paperBytes(_ problem: AttentionProblem) -> Int? { nil }
  func withReleasedCosts(
    _ launch: Launch, isBackward: Bool, _ problem: AttentionProblem, _ mapping: Mapping,
    _ device: Device
  ) -> Launch { launch }
}

extension CostedOp {
  /// Elements of the largest tile that the op reads or makes.
  var largest: Int {
    inputs.map { $0.rows * $0.columns }.reduce(count, max)
  }

  /// Whether its formula sums rows, as the update of the running sum l does.
  var sumsRows: Bool {
    guard case .compute(let expression) = operation else { return false }
    return expression.sumsRows
  }

  /// Whether it computes dS, and does not apply the softcap's slope to it.
  var isScoreGradient: Bool { verb == .gradient && inputs.count == 3 }
}

extension Expression {
  fileprivate var sumsRows: Bool {
    if case .rowSum = self { return true }
    return parts.contains(where: \.sumsRows)
  }
}
