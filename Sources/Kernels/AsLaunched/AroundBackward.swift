// What released backward kernels launch before and after: dQ is summed in fp32, in a buffer that must
// be cleared first and brought to the storage format at the end. The algorithm knows neither.

import Machine

enum AroundBackward {
  /// Besides D, the launch before sets the fp32 sum of dQ to zero.
  static func delta(_ launch: Launch, _ problem: AttentionProblem, _ device: Device) -> Launch {
    var launch = launch
    launch.bandwidthShare = device.elementwiseShare
    launch.price = { step, work in
      guard case .store = step.operation else { return [] }
      let rows = step.tile?.rows ?? 0
      work.launchedBytes = work.hbmBytes + rows * problem.d * DataType.fp32.bytes
      return []
    }
    return launch
  }

  /// The launch after: fp32 in, the storage format out.
  static func conversion(_ gpu: Layout, _ device: Device) -> Launch {
    let rowBlocks = gpu.rowBlocks
    var launch = Launch("convert", blocks: gpu.problem.planes * rowBlocks) { block, sm in
      let (head, i) = block.quotientAndRemainder(dividingBy: rowBlocks)
      let place = gpu.rows("dQ", head, i)
      let dQ = sm.load(place, line: 0)
      sm.store(dQ, to: place, line: 0)
      sm.free(dQ, line: 0)
    }.sharing { gpu.isShort(row: $0 % rowBlocks) ? 1 : 0 }
    launch.bandwidthShare = device.elementwiseShare
    launch.price = { step, work in
      let isLoad = if case .load = step.operation { true } else { false }
      work.launchedBytes = step.count * (isLoad ? DataType.fp32.bytes : gpu.problem.type.bytes)
      work.hbmBytes = 0
      return []
    }
    return launch
  }
}
