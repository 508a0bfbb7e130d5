// What every kernel is: a name, the listing it follows, the program it builds, and the traffic that
// the paper's formulas promise for it. To add one: a file beside this, and a line in `Catalogue`.

import Machine

/// One line of the paper's algorithm, as the code panel shows it.
public struct ListingLine: Sendable, Equatable {
  public var text: String
  /// Why the algorithm does this: one sentence, true whenever the line is current.
  public var why: String

  public init(_ text: String, why: String = "") {
    self.text = text
    self.why = why
  }
}

/// An algorithm that records ops.
public protocol Kernel: Sendable {
  /// The name on the command line.
  var name: String { get }
  /// One line for `list kernels`.
  var title: String { get }
  /// Paper and algorithm.
  var source: String { get }
  /// Line 1 is `listing[0]`; ops name their line.
  var listing: [ListingLine] { get }
  /// Tensors and launches for a problem of the kernel's family; nil for the other family.
  func program(for problem: Problem, mapping: Mapping, device: Device) -> Program?
  /// What each tensor moves by the closed form, nil as above.
  func traffic(for problem: Problem, mapping: Mapping, device: Device) -> [TensorTraffic]?
}

/// A kernel for attention.
public protocol AttentionKernel: Kernel {
  /// The tiles and warps of the released implementation for that problem on that device; nil where
  /// there is none.
  func launched(_ problem: AttentionProblem, on device: Device) -> Mapping?
  /// Bytes between HBM and chip by the papers' way of counting: whole matrices, no statistics.
  func paperBytes(_ problem: AttentionProblem, _ mapping: Mapping, _ device: Device) -> Int
  /// Bytes of HBM that the released implementation holds at its peak; nil: what its tensors take.
  func launchedMemory(_ problem: AttentionProblem, _ mapping: Mapping) -> Int?
  /// Whether it computes gradients, and whether it drops weights.
  var hasBackwardPass: Bool { get }
  var hasDropout: Bool { get }
  func program(_ problem: AttentionProblem, _ mapping: Mapping, _ device: Device) -> Program
  func traffic(_ problem: AttentionProblem, _ mapping: Mapping, _ device: Device)
    -> [TensorTraffic]
}

extension AttentionKernel {
  public func launched(_ problem: AttentionProblem, on device: Device) -> Mapping? { nil }
  public func launchedMemory(_ problem: AttentionProblem, _ mapping: Mapping) -> Int? { nil }
  public var hasBackwardPass: Bool { true }
  public var hasDropout: Bool { true }

  /// Closed forms of all tensors that are wider than a column, as if nothing were masked.
  public func paperBytes(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> Int {
    var open = problem
    (open.maskRule, open.dropout) = (.none, nil)
    let statistics = ["m", "l", "L", "D"]
    return traffic(open, mapping, device).filter { !statistics.contains($0.tensor) }.reduce(0) {
      $0 + $1.transfers.bytes
    }
  }

  public func program(for problem: Problem, mapping: Mapping, device: Device) -> Program? {
    guard case .attention(let problem) = problem else { return nil }
    return program(problem, mapping, device)
  }

  public func traffic(for problem: Problem, mapping: Mapping, device: Device) -> [TensorTraffic]? {
    guard case .attention(let problem) = problem else { return nil }
    return traffic(problem, mapping, device)
  }
}

/// A kernel for matrix products.
public protocol MatmulKernel: Kernel {
  func program(_ problem: MatmulProblem, _ mapping: Mapping, _ device: Device) -> Program
  func traffic(_ problem: MatmulProblem, _ mapping: Mapping) -> [TensorTraffic]
}

extension MatmulKernel {
  public func program(for problem: Problem, mapping: Mapping, device: Device) -> Program? {
    guard case .matmul(let problem) = problem else { return nil }
    return program(problem, mapping, device)
  }

  public func traffic(for problem: Problem, mapping: Mapping, device: Device) -> [TensorTraffic]? {
    guard case .matmul(let problem) = problem else { return nil }
    return traffic(problem, mapping)
  }
}

/// Every kernel, in the order of the lecture.
public enum Catalogue {
  public static let kernels: [any Kernel] = [
    NaiveMatmul(), TiledMatmul(), StandardAttention(), EagerAttention(), FlashAttention(),
    FlashAttention2(), FlashAttention3(),
  ]

  public static func kernel(named name: String) -> (any Kernel)? {
    kernels.first { $0.name == name }
  }
}
