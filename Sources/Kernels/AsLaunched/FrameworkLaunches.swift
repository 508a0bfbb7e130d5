// The launches of a framework: library matrix products, element-wise kernels, a softmax. The share
// of the bandwidth that they reach was measured on softmax and dropout (Dao et al. 2022, arXiv
// 2205.14135, Fig. 1).

import Machine

/// The released implementation of `eager-attention`.
struct FrameworkLaunches: Released {
  /// The tiles of the library's matrix products.
  func launched(_ problem: AttentionProblem, on device: Device) -> Mapping? {
    guard device.queueDiscipline == .processorSharing, problem.type.bytes == 2 else { return nil }
    var mapping = Mapping(rows: 128, columns: 128, depth: 32)
    mapping.warps = 4
    return mapping
  }

  func withReleasedCosts(
    _ launch: Launch, isBackward: Bool, _ problem: AttentionProblem, _ mapping: Mapping,
    _ device: Device
  ) -> Launch {
    guard mapping.isAsLaunched else { return launch }
    switch launch.name {
    case "scores", "values", "dV", "dP", "dQ", "dK": return launch.asLibraryProduct(device)
    case "softmax", "dS": return launch.asSoftmax(problem, device)
    case "weigh dP", "clone dS": return launch.asStream(device)
    default: return launch.asElementwise(device)
    }
  }

  /// N × Nk matrices at the peak: four in a backward pass (P, dP, dS and the result of the current
  /// operation), two in a forward pass. Two copies in the shape of Q are added to the matrices.
  func memory(_ problem: AttentionProblem, _ mapping: Mapping) -> Int? {
    let area = problem.planes * problem.queries * problem.keys
    let scores = (problem.hasBackward ? 4 : 2) * area * problem.type.bytes
    let drops = problem.dropout == nil ? 0 : area
    let copies = 2 * problem.planes * problem.queries * problem.d * problem.type.bytes
    return problem.matrixBytes + scores + drops + copies
  }
}

extension Launch {
  /// Instructions per element for the index arithmetic of a framework's kernel whose operands have
  /// different strides.
  fileprivate static let broadcastInstructions = 50.0

  /// The launch as an operation of a framework, written in a text of which each line is a launch.
  func asFrameworkOperation(_ device: Device, repeatsOperands: Bool) -> Launch {
    asElementwise(device, instructions: repeatsOperands ? Self.broadcastInstructions : nil)
  }

  /// The launch as a framework's element-wise kernel, with `instructions` per element stored; nil:
  /// those of the algorithm alone.
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
          cost.issuedInstructions = 0
          return [.part(integers: Int(instructions) * op.count)]
        }
        cost.issuedInstructions = 0
      default: cost.issuedInstructions = 0
      }
      return []
    }
    return launch
  }

  /// The launch as a framework's element-wise kernel whose operands lie alike in memory. It is what the triad of a
  /// bandwidth benchmark is, without index arithmetic and at the whole bandwidth.
  fileprivate func asStream(_ device: Device) -> Launch {
    var launch = asElementwise(device, instructions: nil)
    launch.bandwidthShare = 1
    return launch
  }

  /// The launch as a framework's softmax, or its gradient. It keeps a row in registers if it has at
  /// most 1024 columns; else it reads the row again, from L2, for each of its sums and for the
  /// result.
  fileprivate func asSoftmax(_ problem: AttentionProblem, _ device: Device) -> Launch {
    var launch = self
    launch.bandwidthShare = device.elementwiseShare
    let isLong = problem.keys > 1024
    let type = problem.type
    launch.costModel = { op, cost in
      switch op.operation {
      case .load: cost.sharedBytes = 0
      case .store: (cost.sharedBytes, cost.issuedInstructions) = (0, 0)
      default:
        let reads = [.rowsum, .divide, .rowdot].contains(op.verb) || op.isScoreGradient
        guard isLong, reads else { return [] }
        return [.part(rereadBytes: op.largest * type.bytes)]
      }
      return []
    }
    return launch
  }

  /// The launch as a library matrix product: tiles of 128 × 128, four warps in a 2 × 2 grid;
  /// operands and results pass through shared memory.
  fileprivate func asLibraryProduct(_ device: Device) -> Launch {
    var launch = self
    launch.reachesFullRate = true
    launch.starts = .felt
    let times = FixedTimes(device, warps: 4)
    launch.footprint = Footprint(shared: 3 * 2 * 128 * 32 * 2, warps: 4)
    launch.costModel = { op, cost in
      switch op.operation {
      case .product(_, let accumulating, _):
        cost.sharedBytes = 2 * (op.bytes(0, .fp16) + op.bytes(1, .fp16))
        if accumulating { cost.unitLatency = 0 }
      case .load: (cost.sharedBytes, cost.isSimultaneousOnAllSMs) = (0, true)
      case .store:
        (cost.issuedInstructions, cost.isSimultaneousOnAllSMs) = (0, true)
        let results = op.count * DataType.fp32.bytes
        return [.part(sharedBytes: 2 * results, cycles: times.exchange)]
      default: cost.issuedInstructions = 0
      }
      return []
    }
    return launch
  }
}
