// Flash-decoding as released in FlashAttention-2: the tiles of its split kernel, which otherwise is as the forward pass,
// and the kernel that joins the parts. Source: Dao-AILab/flash-attention 2, csrc/flash_attn/src,
// flash_fwd_launch_template.h, run_mha_fwd_splitkv_dispatch, and flash_fwd_kernel.h, combine_attn_seqk_parallel.

import Machine

/// The released implementation of `flash-decoding`.
struct FlashDecodingLaunch: Released {
  /// The tiles for 16-bit formats; nil for other formats, and on a device that serves first come first served.
  func launched(_ problem: AttentionProblem, on device: Device) -> Mapping? {
    guard device.queueDiscipline == .processorSharing, problem.type.bytes == 2 else { return nil }
    let d = max(problem.d, problem.dv)
    let tiles = Tiles(64, d <= 64 ? 256 : d <= 128 ? 128 : 64, warps: 4)
    return Mapping(launching: tiles, backward: tiles)
  }

  func withReleasedCosts(
    _ launch: Launch, isBackward: Bool, _ problem: AttentionProblem, _ mapping: Mapping,
    _ device: Device
  ) -> Launch {
    guard mapping.isAsLaunched else { return launch }
    if launch.name == "combine" {
      var launch = launch
      launch.costModel = Self.combinePrice(mapping, device)
      return launch
    }
    return launch.at(
      FlashAttention2Launch.forwardPrice(problem, mapping, device),
      FlashAttention2Launch.forwardFootprint(problem, mapping), mapping, device)
  }

  /// The cost of an op that joins the parts. A block first makes one weight a row and part out of all L, across threads;
  /// then it adds the parts one after the other, and asks for each when it has added the one before.
  private static func combinePrice(_ mapping: Mapping, _ device: Device) -> CostModel {
    let times = FixedTimes(device, warps: mapping.warps)
    // L comes through shared memory, and so do the weights. Between, the maximum and the sum are each reduced over the
    // 32 threads of a row, five shuffles.
    let weights = 2 * times.exchange + 2 * 5 * device.shuffleCycles + 3 * times.special
    return { op, cost in
      switch op.operation {
      case .load where op.tile?.name == "L":
        (cost.sharedBytes, cost.latency) = (0, op.tile?.place.rows.lowerBound == 0 ? weights : 0)
      case .load: (cost.sharedBytes, cost.isAwaited) = (0, true)
      case .store: break
      default:
        let isOutput = op.count > op.tile?.rows ?? 0
        (cost.issuedInstructions, cost.integerInstructions) = (isOutput ? op.count : 0, 0)
        (cost.launchedExponential, cost.sharedBytes, cost.latency) = (0, 0, 0)
      }
      return []
    }
  }
}
