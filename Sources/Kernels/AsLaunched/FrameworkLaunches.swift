// The launches of a framework: library products, element-wise kernels, a softmax. What they reach of
// a device's rates was measured on softmax and dropout (Dao et al. 2022, arXiv 2205.14135, Fig. 1).

import Machine

/// Launches that cover a matrix tile by tile.
enum Elementwise {
  /// One block per tile of an N × Nk matrix, for every head.
  static func perTile(
    _ name: String, _ gpu: Layout,
    _ body: @escaping @Sendable (_ head: Int, _ i: Int, _ j: Int, inout Block) -> Void
  ) -> Launch {
    let (rowBlocks, columnBlocks) = (gpu.rowBlocks, gpu.columnBlocks)
    return Launch(name, blocks: gpu.problem.planes * rowBlocks * columnBlocks) { block, sm in
      let (head, tile) = block.quotientAndRemainder(dividingBy: rowBlocks * columnBlocks)
      let (i, j) = tile.quotientAndRemainder(dividingBy: columnBlocks)
      body(head, i, j, &sm)
    }.sharing { gpu.cornerShape($0 % (rowBlocks * columnBlocks)) }
  }

  /// One block per row block of a tensor, for every plane.
  static func perRowBlock(
    _ name: String, of tensor: String, _ gpu: Layout,
    _ body: @escaping @Sendable (_ place: Region, _ plane: Int, _ index: Int, inout Block) -> Void
  ) -> Launch {
    let isKeyed = AttentionProblem.isKeyed(tensor)
    let count = isKeyed ? gpu.columnBlocks : gpu.rowBlocks
    let planes = isKeyed ? gpu.problem.keyValuePlanes : gpu.problem.planes
    return Launch(name, blocks: planes * count) { block, sm in
      let (plane, index) = block.quotientAndRemainder(dividingBy: count)
      let place =
        isKeyed ? gpu.columns(tensor, plane, index) : gpu.rows(tensor, plane, index)
      body(place, plane, index, &sm)
    }.sharing {
      let isShort = isKeyed ? gpu.isShort(column: $0 % count) : gpu.isShort(row: $0 % count)
      return isShort ? 1 : 0
    }
  }
}

extension AttentionProblem {
  /// Whether anything comes between the product and the softmax.
  var changesScores: Bool { maskRule != .none || bias != nil || softcap != nil }
}

extension Launch {
  /// Index arithmetic of a framework's kernel whose operands do not lie alike, per element.
  static let broadcastInstructions = 50.0

  /// A framework's element-wise kernel.
  func asElementwise(
    _ mapping: Mapping, _ device: Device, instructions: Double? = broadcastInstructions
  ) -> Launch {
    guard mapping.isAsLaunched else { return self }
    var launch = self
    launch.bandwidthShare = device.elementwiseShare
    launch.footprint = Footprint(shared: 0, registers: 256 * 40 * 4, warps: 8)
    let isDropout = name.contains("drop")
    launch.price = { step, work in
      switch step.operation {
      case .load, .store:
        work.sharedBytes = 0
        if case .store = step.operation, let instructions, !isDropout {
          work.issued = 0
          return [.part(instructions: Int(instructions) * step.count)]
        }
        work.issued = 0
      default: work.issued = 0
      }
      return []
    }
    return launch
  }

  /// A softmax, or its gradient, that keeps a row in registers if it has at most 1024 columns, and
  /// otherwise reads it anew, from L2, for each of its sums and for the result.
  func asSoftmax(_ gpu: Layout, _ device: Device) -> Launch {
    guard gpu.mapping.isAsLaunched else { return self }
    var launch = self
    launch.bandwidthShare = device.elementwiseShare
    let isLong = gpu.problem.keys > 1024
    let type = gpu.problem.type
    launch.price = { step, work in
      switch step.operation {
      case .load: work.sharedBytes = 0
      case .store: (work.sharedBytes, work.issued) = (0, 0)
      case .rowSum, .divideRows, .rowDot, .scoreGradient:
        guard isLong else { return [] }
        let elements = step.inputs[0].rows * max(step.inputs[0].columns, step.tile?.columns ?? 0)
        return [.part(rereadBytes: elements * type.bytes)]
      default: break
      }
      return []
    }
    return launch
  }

  /// A library product: tiles of 128 × 128 by four warps in a square, its operands through shared
  /// memory, its results too.
  func asLibraryProduct(_ mapping: Mapping, _ device: Device) -> Launch {
    guard mapping.isAsLaunched else { return self }
    var launch = self
    launch.reachesFullRate = true
    let times = FixedTimes(device, warps: 4)
    launch.footprint = Footprint(shared: 3 * 2 * 128 * 32 * 2, warps: 4)
    launch.price = { step, work in
      switch step.operation {
      case .fill: work.issued = 0
      case .multiply(_, let accumulating, _):
        work.sharedBytes = 2 * (step.bytes(0, .fp16) + step.bytes(1, .fp16))
        if accumulating { work.unitLatency = 0 }
      case .load: (work.sharedBytes, work.isInStep) = (0, true)
      case .store:
        (work.issued, work.isInStep) = (0, true)
        let results = step.count * DataType.fp32.bytes
        return [.part(sharedBytes: 2 * results, cycles: times.exchange)]
      default: work.issued = 0
      }
      return []
    }
    return launch
  }
}
