// Flash-decoding as released in FlashAttention-2: the tiles of its split kernel; everything else is as in the forward
// pass. Source: Dao-AILab/flash-attention 2, csrc/flash_attn/src/flash_fwd_launch_template.h,
// run_mha_fwd_splitkv_dispatch.

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
    guard mapping.isAsLaunched, launch.name == "attention" else { return launch }
    return launch.at(
      FlashAttention2Launch.forwardPrice(problem, mapping, device),
      FlashAttention2Launch.forwardFootprint(problem, mapping), mapping, device)
  }
}
