// From options to a run request: the numbers, names and files as they were typed.

import Kernels
import Library
import Runs

extension RunOptions {
  /// The request that the command line describes. Only the device's file is read.
  /// - Parameter device: name or file of a device; nil for the one that the command line names.
  /// - Throws: `FileError` for an unknown or bad device.
  func request(on device: String? = nil) throws -> RunRequest {
    let device = try DeviceLibrary.find(device ?? self.device.device).device
    var request = RunRequest(device: device)
    request.numbers = numbers.compactMapValues { $0 }
    request.words = [
      .dtype: problem.dtype, .mask: problem.mask, .pass: problem.pass, .splits: mapping.splits,
    ].compactMapValues { $0 }
    request.decimals = [
      .scale: problem.scale, .softcap: problem.softcap, .dropout: problem.dropout,
    ].compactMapValues { $0 }
    (request.seed, request.computesDeltaInline) = (problem.seed, problem.dInline)
    request.paths = paths.compactMapValues { $0 }
    request.own = try KernelOptions.values(data.own)
    return request
  }

  /// The workload that the command line describes, for `kernel`.
  /// - Throws: `FileError`, or a refusal.
  func workload(for kernel: Kernel) throws -> Workload {
    try Workload.read(request(), for: kernel)
  }

  private var numbers: [RunOption: Int?] {
    [
      .n: problem.n, .kv: problem.kv, .d: problem.d, .dv: problem.dv, .batch: problem.batch,
      .heads: problem.heads, .keyValueHeads: problem.kvHeads, .m: problem.m, .tile: mapping.tile,
      .tileRows: mapping.tileRows, .tileColumns: mapping.tileCols, .tileDepth: mapping.tileDepth,
      .stages: mapping.stages, .clock: device.clock,
    ]
  }

  /// The files and samples. `--k` stands for a file in attention, and for a size in a matrix
  /// product.
  private var paths: [RunOption: String?] {
    [
      .q: data.q, .k: problem.k, .v: data.v, .dO: data.dO, .sample: data.sample, .a: data.a,
      .b: data.b, .bias: problem.bias,
    ]
  }
}
