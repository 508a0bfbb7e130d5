// The launches of a framework: library products, element-wise kernels, a softmax. What they reach of
// a device's rates was measured on softmax and dropout (Dao et al. 2022, arXiv 2205.14135, Fig. 1).

import Machine

struct FrameworkLaunches: Released {
  /// Tiles of the library's products.
  func launched(_ problem: AttentionProblem, on device: Device) -> Mapping? {
    guard device.queueDiscipline == .processorSharing, problem.type.bytes == 2 else { return nil }
    var mapping = Mapping(rows: 128, columns: 128, depth: 32)
    mapping.warps = 4
    return mapping
  }

  func priced(
    _ launch: Launch, isBackward: Bool, _ problem: AttentionProblem, _ mapping: Mapping,
    _ device: Device
  ) -> Launch {
    guard mapping.isAsLaunched else { return launch }
    switch launch.name {
    case "scores", "values", "dV", "dP", "dQ", "dK": return launch.asLibraryProduct(device)
    case "softmax", "dS": return launch.asSoftmax(problem, device)
    case "scale dS": return launch.asElementwise(device, instructions: nil)
    default: return launch.asElementwise(device)
    }
  }

  /// Four matrices of N × Nk at the peak of a backward pass: P, dP, dS and the result of the operation
  /// at hand; two of a forward pass. Two copies of the shape of Q come to the matrices.
  func memory(_ problem: AttentionProblem, _ mapping: Mapping) -> Int? {
    let area = problem.planes * problem.queries * problem.keys
    let scores = (problem.hasBackward ? 4 : 2) * area * problem.type.bytes
    let drops = problem.dropout == nil ? 0 : area
    let copies = 2 * problem.planes * problem.queries * problem.d * problem.type.bytes
    return problem.matrixBytes + scores + drops + copies
  }
}

extension Launch {
  /// Index arithmetic of a framework's kernel whose operands do not lie alike, per element.
  fileprivate static let broadcastInstructions = 50.0

  /// A framework's element-wise kernel.
  fileprivate func asElementwise(
    _ device: Device, instructions: Double? = broadcastInstructions
  ) -> Launch {
    var launch = self
    launch.bandwidthShare = device.elementwiseShare
    launch.footprint = Footprint(shared: 0, registers: 256 * 40 * 4, warps: 8)
    let isDropout = name.contains("drop")
    launch.costModel = { op, cost in
      switch op.operation {
      case .load, .store:
        cost.sharedBytes = 0
        if case .store = op.operation, let instructions, !isDropout {
          cost.issued = 0
          return [.part(instructions: Int(instructions) * op.count)]
        }
        cost.issued = 0
      default: cost.issued = 0
      }
      return []
    }
    return launch
  }

  /// A softmax, or its gradient, that keeps a row in registers if it has at most 1024 columns, and
  /// otherwise reads it anew, from L2, for each of its sums and for the result.
  fileprivate func asSoftmax(_ problem: AttentionProblem, _ device: Device) -> Launch {
    var launch = self
    launch.bandwidthShare = device.elementwiseShare
    let isLong = problem.keys > 1024
    let type = problem.type
    launch.costModel = { op, cost in
      switch op.operation {
      case .load: cost.sharedBytes = 0
      case .store: (cost.sharedBytes, cost.issued) = (0, 0)
      default:
        let reads = [.rowsum, .divide, .rowdot].contains(op.verb) || op.isScoreGradient
        guard isLong, reads else { return [] }
        return [.part(rereadBytes: op.largest * type.bytes)]
      }
      return []
    }
    return launch
  }

  /// A library product: tiles of 128 × 128 by four warps in a square, its operands through shared
  /// memory, its results too.
  fileprivate func asLibraryProduct(_ device: Device) -> Launch {
    var launch = self
    launch.reachesFullRate = true
    let times = FixedTimes(device, warps: 4)
    launch.footprint = Footprint(shared: 3 * 2 * 128 * 32 * 2, warps: 4)
    launch.costModel = { op, cost in
      switch op.operation {
      case .product(_, let accumulating, _):
        cost.sharedBytes = 2 * (op.bytes(0, .fp16) + op.bytes(1, .fp16))
        if accumulating { cost.unitLatency = 0 }
      case .load: (cost.sharedBytes, cost.isInStep) = (0, true)
      case .store:
        (cost.issued, cost.isInStep) = (0, true)
        let results = op.count * DataType.fp32.bytes
        return [.part(sharedBytes: 2 * results, cycles: times.exchange)]
      default: cost.issued = 0
      }
      return []
    }
    return launch
  }
}
