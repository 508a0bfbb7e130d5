// What a backward pass saves and what it pays for it, in numbers: the bytes of S, P, dP and dS that
// the standard kernel moves and this one does not, against the products that it does again.

import Kernels
import Machine

package struct Recomputation {
  package let moment: Moment
  /// The closed forms of the standard kernel for the same problem.
  private let standard: [TensorTraffic]
  /// The matrices of N × Nk that only the standard kernel keeps in HBM.
  private let matrices: [String]

  /// Nil for a run that has no backward pass.
  /// - Parameter others: runs beside it; a standard one among them is what it is compared with.
  package init?(_ moment: Moment, beside others: [Moment] = []) {
    let plan = moment.run.plan
    guard case .attention(let problem) = plan.problem, problem.hasBackward else { return nil }
    self.moment = moment
    let rival = others.first { $0.keepsWeights }
    let textbook = rival?.run.plan.kernel ?? Catalogue.textbook
    standard = rival?.run.facts.traffic ?? moment.run.facts.textbookTraffic
    matrices = standard.map(\.tensor).filter(textbook.scoreMatrices.contains)
  }

  /// True where P is computed again instead of read.
  package var savesBytes: Bool { !notMoved.isEmpty }

  // MARK: Bytes

  package var movedBytes: Int { moment.state.transfers.reduce(Transfers(), +).bytes }
  package var allBytes: Int { sum(moment.run.facts.traffic) }
  package var standardBytes: Int { sum(standard) }

  /// Of each N × Nk matrix, what the standard kernel moves and this one, in the whole run, does not.
  package var notMoved: [(name: String, bytes: Int)] {
    matrices.compactMap { name in
      let bytes = sum(standard, of: name) - sum(moment.run.facts.traffic, of: name)
      return bytes > 0 ? (name, bytes) : nil
    }
  }

  package var notMovedBytes: Int { notMoved.reduce(0) { $0 + $1.bytes } }

  /// What all tensors together save: less than `notMoved`, or nothing, where others move more.
  package var savedBytes: Int { standardBytes - allBytes }

  private func sum(_ traffic: [TensorTraffic], of name: String? = nil) -> Int {
    traffic.filter { name == nil || $0.tensor == name }.reduce(0) { $0 + $1.transfers.bytes }
  }

  // MARK: FLOPs and time

  /// FLOPs of products so far, and of the whole run.
  package var flops: Flops { moment.state.flops }
  package var allFlops: Flops { moment.recording.finalState.flops }

  /// Cycles of every unit that multiplies, at its full rate.
  package func cycles(ofFlops flops: Int) -> Int {
    let device = moment.recording.device
    let rate = device.multiplier(for: moment.program.type).perCycle * Double(device.smCount)
    return Int(clamping: (Double(flops) / rate).rounded())
  }

  /// Cycles of the bus at its full rate.
  package func cycles(ofBytes bytes: Int) -> Int {
    let rate = moment.recording.device.rates[.hbm]?.perCycle ?? 1
    return Int(clamping: (Double(bytes) / rate).rounded())
  }
}

extension Moment {
  /// Its kernel keeps weights in HBM.
  package var keepsWeights: Bool { program.tensors.contains { $0.tileRole == .weights } }

  /// The launch that has begun last belongs to the backward pass.
  package var isBackward: Bool { isBackward(launch: state.launch) }

  package func isBackward(launch: Int) -> Bool { launch >= run.plan.forwardLaunches }

  /// The run starts from what a forward pass has left in HBM.
  package var isBackwardOnly: Bool { run.plan.forwardLaunches == 0 }
}
