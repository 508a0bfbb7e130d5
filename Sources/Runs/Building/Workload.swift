// Turns a request into a workload: the problem, its inputs, their tokens and the device. Open
// choices get their defaults here, and impossible ones are refused.

import Kernels
import Machine

/// One problem with its data, which any kernel for such problems can run.
package struct Workload: Sendable {
  package let problem: Problem
  package let device: Device
  /// One token per query and key; empty where the data has none.
  package let tokens: [String]
  /// Source of the inputs, in two words: "seed 1".
  package let origin: String
  /// Leading extents of the outputs: [], [H] or [B, H].
  package let leading: [Int]
  private(set) var request: RunRequest

  /// Reads the files that `request` names and checks the result.
  /// - Throws: `Refusal`; `FileError` for a file that cannot be read.
  package static func read(_ request: RunRequest, for kernel: Kernel) throws -> Workload {
    var request = request
    try request.checkApplies(to: kernel)
    if kernel.isMatmul { try request.readMatmul(kernel) } else { try request.readAttention() }
    return try Workload(request, for: kernel)
  }

  /// - Parameter request: a request whose files have been read.
  package init(_ request: RunRequest, for kernel: Kernel) throws(Refusal) {
    try request.checkApplies(to: kernel)
    self.request = request
    if kernel.isMatmul, request.hasNoOptions { self.request.numbers[.tile] = 3 }
    problem = try request.problem(for: kernel)
    device = try request.clockedDevice()
    tokens = request.data?.tokens ?? []
    origin = request.origin
    leading = request.data?.leading ?? problem.leading
    guard problem.elements < 0x1p50 else {
      throw Refusal(nil, "these sizes make matrices larger than any memory")
    }
    try check(kernel)
  }

  /// The workload without `option` among its words.
  func without(_ option: RunOption) -> Workload {
    var other = self
    other.request.words[option] = nil
    return other
  }

  /// The most pairs of query and key whose pattern is worked out: some seconds.
  private static let mostPairs = 0x1p28

  /// Checks that the kernel supports the pass, dropout, mask and format of the problem.
  func check(_ kernel: Kernel) throws(Refusal) {
    if let name = kernel.options.map(\.name).first(where: RunOption.taken.contains) {
      throw Refusal(nil, "the kernel's option \(name) has the name of one that every run has")
    }
    if let reason = kernel.refusal(of: request.own) { throw Refusal(nil, reason) }
    try checkFormat(of: kernel)
    guard case .attention(let problem) = problem else {
      return
    }
    guard !problem.hasBackward || kernel.hasBackwardPass else {
      throw Refusal(.pass, "\(kernel.name) has no backward pass")
    }
    guard problem.dropout == nil || kernel.hasDropout else {
      throw Refusal(.dropout, "\(kernel.name) has no dropout")
    }
    if kernel.text.hasSights, kernel.text.appliesMask, case .table = problem.maskRule {
      throw Refusal(
        .mask, "\(kernel.name) has a pattern of its own, and takes rules beside it but no table")
    }
    if kernel.text.hasSights, Double(problem.queries) * Double(problem.keys) > Self.mostPairs {
      throw Refusal(
        nil,
        "\(kernel.name) has a pattern of its own, which is worked out pair by pair: expected at most \(Int(Self.mostPairs)) pairs of query and key, as 16,384 × 16,384"
      )
    }
    if let allowed = kernel.text.masks, problem.maskRule != .none,
      !allowed.contains(problem.maskRule.text)
    {
      throw Refusal(
        .mask, found: .word(problem.maskRule.text, candidates: allowed),
        "\(kernel.name) takes none\(allowed.map { " or \($0)" }.joined())")
    }
    let takesAll = kernel.hasMask && kernel.text.masks == nil && kernel.text.appliesMask
    guard !takesAll else { return }
    let asked: [(RunOption, Bool)] = [
      (.mask, problem.maskRule != .none && !kernel.hasMask), (.softcap, problem.softcap != nil),
      (.bias, problem.bias != nil),
    ]
    for (option, isAsked) in asked where isAsked {
      throw Refusal(
        option,
        kernel.hasMask
          ? "\(kernel.name) takes no \(option.rawValue)"
          : "\(kernel.name) has no mask(…), and so no \(option.rawValue)")
    }
  }

  /// fp8 is supported by flash-attention-3 alone, forward, on devices whose tensor cores take it.
  private func checkFormat(of kernel: Kernel) throws(Refusal) {
    guard case .attention(let problem) = problem, problem.type == .fp8 else {
      if case .matmul(let problem) = problem, problem.type == .fp8 {
        throw Refusal(.dtype, "fp8 is for flash-attention-3")
      }
      return
    }
    guard kernel.original == "flash-attention-3", problem.pass == .forward,
      device.tensorFlops[.fp8] != nil
    else {
      throw Refusal(
        .dtype,
        "fp8 is for flash-attention-3, forwards, on a device whose tensor cores take it "
          + "(h100-sxm, h200, b200, gb300)")
    }
  }

  /// The inputs by tensor name, as given or generated from the seed.
  /// - Throws: if this computer has too little memory for recordings with values.
  package func inputs(for plans: [Plan]) throws(Refusal) -> [String: Matrix] {
    try checkMemory(of: plans, hasValues: true)
    let seed = request.seed ?? 1
    var inputs = request.data?.inputs ?? problem.seededInputs(seed)
    if case .attention(let problem) = problem {
      inputs["dO"] =
        problem.hasBackward
        ? request.gradient ?? inputs["dO"] ?? problem.seededGradient(seed) : nil
    }
    // Each plan adds what its kernel alone has: two kernels may have inputs of one name.
    return inputs
  }
}

extension Problem {
  /// Leading extents of the outputs where no file gives them.
  fileprivate var leading: [Int] {
    guard case .attention(let problem) = self else { return [] }
    return problem.leading
  }
}

extension AttentionProblem {
  /// Leading extents of the outputs where no file gives them: [], [H] or [B, H].
  package var leading: [Int] {
    if planes == 1 { return [] }
    return batch > 1 ? [batch, heads] : [heads]
  }
}
