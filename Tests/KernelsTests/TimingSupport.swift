// Plans for runs that only need times: every attention kernel, on real devices, as printed and as
// launched.

import Kernels
import Machine
import Testing

@testable import Library

/// All of them, those of frameworks and of the latest devices included.
let allAttentionKernels: [Kernel] = Catalogue.kernels.filter {
  !$0.isMatmul && !$0.text.isApproximate && $0.hasBackwardPass
}

/// What differs from one run to the next.
struct TimingCase: Sendable, CustomTestStringConvertible {
  var problem: AttentionProblem
  var device: String
  var isAsLaunched = true

  var testDescription: String {
    let p = problem
    let drops = p.dropout == nil ? "" : ", dropout"
    let mask = "\(p.maskRule)".prefix(30)
    return "\(p.queries) × \(p.keys), d \(p.d), \(p.heads):\(p.keyValueHeads) heads, \(p.type), "
      + "\(mask)\(drops), \(p.pass) on \(device)\(isAsLaunched ? "" : ", as printed")"
  }

  /// The plan; nil where the kernel was not released for it.
  func plan(_ kernel: Kernel) throws -> Plan? {
    let device = try DeviceLibrary.find(device).device
    let launched = kernel.launched(problem, on: device)
    guard let mapping = isAsLaunched ? launched : Mapping(tile: 64) else { return nil }
    return try Plan(kernel, .attention(problem), mapping, device)
  }
}

extension Totals {
  /// What a run moves and computes, whenever it does: these do not depend on times.
  var amounts: [Int] {
    [
      ops, matmulFlops, recomputedFlops, elementwiseOps, exponentials, instructions, l2HitBytes,
      hbm.readBytes, hbm.writeBytes,
    ] + tensors.map(\.bytes) + launched.map(\.bytes) + launches.map(\.busBytes)
      + Unit.allCases.map { busyCycles[$0] ?? 0 }
  }
}
