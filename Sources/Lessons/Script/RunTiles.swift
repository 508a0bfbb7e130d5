// The tiles of a lesson's run: as given, and what is left open as the released kernel has it.

import Kernels
import Machine

extension RunReader {
  /// As on the command line: on a real device in fp16 or bf16 a kernel runs as it is launched.
  func mapping(
    _ kernel: any Kernel, _ problem: Problem, _ device: Device
  ) throws(FileError) -> Mapping {
    if case .attention(let problem) = problem, let kernel = kernel as? any AttentionKernel,
      let tiles = kernel.launched(problem, on: device)
    {
      return try launched(kernel, problem, tiles, device)
    }
    guard !entries.has("splits") else {
      throw entries.fault(
        "splits", "is for flash-attention in fp16 or bf16 on a real device, such as a100-40gb")
    }
    let edge = try integer("tile", device.defaultTile)
    return Mapping(
      rows: try integer("tile-rows", edge), columns: try integer("tile-cols", edge),
      depth: try integer("tile-depth", edge), stages: try integer("stages", 2, in: 1...2))
  }

  private func launched(
    _ kernel: any AttentionKernel, _ problem: AttentionProblem, _ tiles: Mapping, _ device: Device
  ) throws(FileError) -> Mapping {
    var tiles = tiles.with(rows: try given("tile-rows"), columns: try given("tile-cols"))
    if entries.has("splits") { tiles.splits = try splits(kernel, problem, tiles, device) }
    return tiles
  }

  /// An edge of the tiles; nil where the run says nothing of it.
  private func given(_ key: String) throws(FileError) -> Int? {
    guard let key = [key, "tile"].first(where: entries.has) else { return nil }
    return try integer(key, 1)
  }

  private func splits(
    _ kernel: any AttentionKernel, _ problem: AttentionProblem, _ tiles: Mapping, _ device: Device
  ) throws(FileError) -> Int {
    guard kernel is FlashAttention else {
      throw entries.fault("splits", "is for flash-attention; \(kernel.name) does not take it")
    }
    if try entries.text("splits") == "auto" {
      return FlashAttention.splits(problem, tiles, on: device)
    }
    return try entries.integer("splits", in: 1...1024)
  }
}
