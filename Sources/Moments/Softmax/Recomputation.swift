// Recomputation in numbers: the bytes of S, P, dP and dS that the standard kernel moves and this
// backward pass does not, and the FLOPs of the products that this one computes again instead.

import Kernels
import Machine

/// Bytes and FLOPs of a run with a backward pass, beside those of the standard kernel.
package struct Recomputation {
  package let moment: Moment
  /// Traffic of the standard kernel for the same problem, by its closed forms.
  private let standard: [TensorTraffic]
  /// Names of the N × Nk matrices that the standard kernel keeps in HBM.
  private let matrices: [String]

  /// Nil for a run without a backward pass.
  /// - Parameter others: the runs on the screen; the first that keeps P in HBM is the standard to
  ///   compare with, else the textbook kernel is.
  package init?(_ moment: Moment, beside others: [Moment] = []) {
    let plan = moment.run.plan
    guard case .attention(let problem) = plan.problem, problem.hasBackward else { return nil }
    self.moment = moment
    let standardRun = others.first { $0.storesWeightsInHBM }
    let textbook = standardRun?.run.plan.kernel ?? Catalogue.textbook
    standard = standardRun?.run.facts.traffic ?? moment.run.facts.textbookTraffic
    matrices = standard.map(\.tensor).filter(textbook.scoreMatrices.contains)
  }

  /// True if this run computes P again instead of reading it.
  package var savesBytes: Bool { !notMoved.isEmpty }

  // MARK: Bytes

  /// Bytes that this run has moved so far.
  package var movedBytes: Int { moment.state.transfers.reduce(Transfers(), +).bytes }
  /// Bytes that this run moves in total, by its closed forms.
  package var allBytes: Int { sum(moment.run.facts.traffic) }
  /// Bytes that the standard kernel moves in total, by its closed forms.
  package var standardBytes: Int { sum(standard) }

  /// Per N × Nk matrix: the bytes that the standard kernel moves and this whole run does not.
  /// Matrices without a difference are left out.
  package var notMoved: [(name: String, bytes: Int)] {
    matrices.compactMap { name in
      let bytes = sum(standard, of: name) - sum(moment.run.facts.traffic, of: name)
      return bytes > 0 ? (name, bytes) : nil
    }
  }

  /// The bytes of `notMoved` together.
  package var notMovedBytes: Int { notMoved.reduce(0) { $0 + $1.bytes } }

  /// Bytes that this run saves over all tensors. Less than `notMovedBytes`, or negative, where it
  /// moves more of other tensors.
  package var savedBytes: Int { standardBytes - allBytes }

  private func sum(_ traffic: [TensorTraffic], of name: String? = nil) -> Int {
    traffic.filter { name == nil || $0.tensor == name }.reduce(0) { $0 + $1.transfers.bytes }
  }

  // MARK: FLOPs and time

  /// FLOPs of products up to this cycle.
  package var flops: Flops { moment.state.flops }
  /// FLOPs of products of the whole run.
  package var allFlops: Flops { moment.recording.finalState.flops }

  /// Cycles that `flops` take on the units of all SMs at full rate.
  package func cycles(ofFlops flops: Int) -> Int {
    let device = moment.recording.device
    let rate = device.multiplier(for: moment.program.type).perCycle * Double(device.smCount)
    return Int(clamping: (Double(flops) / rate).rounded())
  }

  /// Cycles that `bytes` take on the HBM bus at full rate.
  package func cycles(ofBytes bytes: Int) -> Int {
    let rate = moment.recording.device.rates[.hbm]?.perCycle ?? 1
    return Int(clamping: (Double(bytes) / rate).rounded())
  }
}

extension Moment {
  /// True if the kernel keeps P in HBM.
  package var storesWeightsInHBM: Bool { program.tensors.contains { $0.tileRole == .weights } }

  /// True if the current launch belongs to the backward pass.
  package var isBackward: Bool { isBackward(launch: state.launch) }

  /// True if the launch with this index belongs to the backward pass.
  package func isBackward(launch: Int) -> Bool { launch >= run.plan.forwardLaunches }

  /// True for a backward pass alone, which finds the results of the forward pass in HBM.
  package var isBackwardOnly: Bool { run.plan.forwardLaunches == 0 }
}
