// From options to a run's description: the numbers and names as they were typed, and the files that they
// name, read.

import Kernels
import Lessons
import Machine
import Runs

extension RunOptions {
  /// Everything that the command line says of a run of `kernel`.
  func request(for kernel: Kernel) throws -> RunRequest {
    var request = RunRequest(device: try DeviceLibrary.find(device.device).device)
    let isMatmul = kernel.isMatmul
    setNumbers(&request)
    request.words = [
      .dtype: problem.dtype, .mask: problem.mask, .pass: problem.pass, .splits: mapping.splits,
    ].compactMapValues { $0 }
    request.decimals = [
      .scale: problem.scale, .softcap: problem.softcap, .dropout: problem.dropout,
    ].compactMapValues { $0 }
    (request.seed, request.dInline) = (problem.seed, problem.dInline)
    request.files = Set(files.filter { $0.value != nil }.keys)
    try request.refuseForeign(to: kernel)
    try isMatmul ? readMatmul(&request, kernel) : readAttention(&request)
    return request
  }

  /// `--k` is a size only of a matrix product.
  private func setNumbers(_ request: inout RunRequest) {
    let numbers: [RunOption: Int?] = [
      .n: problem.n, .kv: problem.kv, .d: problem.d, .dv: problem.dv, .batch: problem.batch,
      .heads: problem.heads, .keyValueHeads: problem.kvHeads, .m: problem.m, .tile: mapping.tile,
      .tileRows: mapping.tileRows, .tileColumns: mapping.tileCols, .tileDepth: mapping.tileDepth,
      .stages: mapping.stages,
    ]
    request.numbers = numbers.compactMapValues { $0 }
  }

  private var files: [RunOption: String?] {
    [
      .q: data.q, .k: problem.k, .v: data.v, .dO: data.dO, .sample: data.sample, .a: data.a,
      .b: data.b, .bias: problem.bias,
    ]
  }
}

extension Workload {
  /// What the command line asks of `kernel`.
  init(_ options: RunOptions, for kernel: Kernel) throws {
    try self.init(options.request(for: kernel), for: kernel)
  }
}

extension Failure {
  /// A refusal in the words of the command line.
  init(_ refusal: Refusal) {
    var words = refusal.option.map { Dialect.commandLine.text($0) + " " } ?? ""
    switch refusal.found {
    case .number(let number): words += "\(number): "
    case .word(let word, let candidates):
      let guess = nearest(word, in: candidates).map { " (did you mean \($0)?)" } ?? ""
      words += "\(visible(word))\(guess): "
    case nil: break
    }
    self.init(
      code: refusal.kind == .ourFault ? 70 : 64, words + refusal.reason(in: .commandLine))
    if case .infeasible(let obstacle) = refusal.kind { self.obstacle = obstacle }
  }
}

/// A kernel by name, or from a file.
func findKernel(_ name: String) throws -> Kernel {
  if KernelLibrary.isFile(name) { return try KernelLibrary.find(name) }
  if let kernel = Catalogue.kernel(named: name) { return kernel }
  let names = Catalogue.kernels.map(\.name)
  let guess = nearest(name, in: names).map { " (did you mean \($0)?)" } ?? ""
  throw Failure.usage(
    "unknown kernel “\(visible(name))”\(guess); there are \(names.joined(separator: ", "))")
}
