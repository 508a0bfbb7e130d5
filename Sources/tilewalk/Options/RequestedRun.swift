// From options to a run's description: the numbers, names and files as they were typed.

import Kernels
import Library
import Runs

extension RunOptions {
  /// Everything that the command line says of a run; nothing has been read yet but the device.
  /// - Parameter device: a device's name or file; nil: the one that the command line names.
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
    return request
  }

  /// What the command line asks of `kernel`.
  func workload(for kernel: Kernel) throws -> Workload {
    try Workload.read(request(), for: kernel)
  }

  private var numbers: [RunOption: Int?] {
    [
      .n: problem.n, .kv: problem.kv, .d: problem.d, .dv: problem.dv, .batch: problem.batch,
      .heads: problem.heads, .keyValueHeads: problem.kvHeads, .m: problem.m, .tile: mapping.tile,
      .tileRows: mapping.tileRows, .tileColumns: mapping.tileCols, .tileDepth: mapping.tileDepth,
      .stages: mapping.stages,
    ]
  }

  /// `--k` is a size only of a matrix product.
  private var paths: [RunOption: String?] {
    [
      .q: data.q, .k: problem.k, .v: data.v, .dO: data.dO, .sample: data.sample, .a: data.a,
      .b: data.b, .bias: problem.bias,
    ]
  }
}
