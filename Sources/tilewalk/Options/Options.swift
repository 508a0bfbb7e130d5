// Options that several commands share: the problem, the data, the mapping, the device.

import ArgumentParser
import Exports
import Kernels
import Machine

// Numbers are parsed unconditionally, so that -0.5 is a value and not an option.

/// What is to be computed.
struct ProblemOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Queries N; for a matrix product the columns of B.")
  var n: Int?
  @Option(parsing: .unconditional, help: "Keys Nk (default: N).") var kv: Int?
  @Option(name: .customLong("d"), parsing: .unconditional, help: "Columns of Q and K.") var d: Int?
  @Option(parsing: .unconditional, help: "Columns of V and O (default: d).") var dv: Int?
  @Option(parsing: .unconditional, help: "Batch entries.") var batch: Int?
  @Option(parsing: .unconditional, help: "Query heads.") var heads: Int?
  @Option(parsing: .unconditional, help: "K/V heads, a divisor of the query heads.")
  var kvHeads: Int?
  @Option(help: "Storage format: fp32, fp16, bf16 or fp8 (default: the data's, else fp32).")
  var dtype: String?
  @Option(parsing: .unconditional, help: "Factor for the scores (default: 1/√d).")
  var scale: Double?
  @Option(
    help: """
      none, causal, causal-top-left, window:LEFT,RIGHT, padding:LEN or a .npy file of bool or \
      uint8.
      """)
  var mask: String?
  @Option(help: "A .npy file added to the logits: [N,Nk], [H,N,Nk] or [B,H,N,Nk].")
  var bias: String?
  @Option(parsing: .unconditional, help: "c in c·tanh(x/c), applied to the scaled scores.")
  var softcap: Double?
  @Option(
    parsing: .unconditional, help: "Seed of dropout, and of the inputs where no data is given.")
  var seed: UInt64?
  @Option(parsing: .unconditional, help: "Share of the weights that is dropped after the softmax.")
  var dropout: Double?
  @Option(help: "forward, backward or both (default: forward).") var pass: String?
  @Flag(help: "flash-attention backward: D inside the loop, as Algorithm 4 is printed.")
  var dInline = false
  @Option(name: .customLong("m"), parsing: .unconditional, help: "Matrix product: rows of A.")
  var m: Int?
  @Option(
    name: .customLong("k"), parsing: .unconditional,
    help: "Attention: K as a .npy file. Matrix product: columns of A.")
  var k: String?

  /// True if the command line says anything about the problem.
  var isGiven: Bool {
    let numbers = [n, kv, d, dv, batch, heads, kvHeads, m]
    let words = [dtype, mask, bias, k]
    return numbers.contains { $0 != nil } || words.contains { $0 != nil } || scale != nil
      || softcap != nil || seed != nil || dropout != nil || pass != nil || dInline
  }
}

/// The data to compute it on.
struct DataOptions: ParsableArguments {
  @Option(help: "Q as a .npy file: [N,d], [H,N,d] or [B,H,N,d].") var q: String?
  @Option(help: "V as a .npy file.") var v: String?
  @Option(name: .customLong("do"), help: "The gradient of O as a .npy file (default: seeded).")
  var dO: String?
  @Option(help: "A shipped real attention head; see list samples.") var sample: String?
  @Option(help: "Matrix product: A as a .npy file, [m,k].") var a: String?
  @Option(help: "Matrix product: B as a .npy file, [k,n].") var b: String?

  /// NAME=VALUE for each option that a kernel's text declares; `KernelOptions` writes them so.
  @Option(name: .customLong("own"), help: .hidden) var own: [String] = []

  var isGiven: Bool { [q, v, dO, sample, a, b].contains { $0 != nil } || !own.isEmpty }
}

/// How the problem is cut into tiles.
struct MappingOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Tile edge, for rows, columns and depth alike.")
  var tile: Int?
  @Option(parsing: .unconditional, help: "Br, or the rows of a tile of C.") var tileRows: Int?
  @Option(parsing: .unconditional, help: "Bc, or the columns of a tile of C.") var tileCols: Int?
  @Option(parsing: .unconditional, help: "Matrix product: how deep a tile of A is.")
  var tileDepth: Int?
  @Option(
    parsing: .unconditional,
    help: "Tiles of a buffer in SRAM at once: 2 is double buffering, 1 is none.")
  var stages: Int?
  @Option(
    parsing: .unconditional,
    help: "flash-attention: parts into which its later build splits a head's rows; N or auto.")
  var splits: String?

  var isGiven: Bool { [tile, tileRows, tileCols, tileDepth].contains { $0 != nil } }
}

/// The GPU to simulate.
struct DeviceOptions: ParsableArguments {
  @Option(help: "A built-in device or a YAML file; see list devices.")
  var device = "classroom"
  @Option(help: .init("Lock the SM clock at this value.", valueName: "mhz")) var clock: Int?
}

/// All options that describe a run.
struct RunOptions {
  var problem: ProblemOptions
  var data: DataOptions
  var mapping: MappingOptions
  var device: DeviceOptions
}

/// A command that describes a run by these four groups of options. It declares them itself: a group of
/// groups is checked by the argument parser once more at each level, which takes a debug build long.
protocol RunDescribing {
  var problem: ProblemOptions { get }
  var data: DataOptions { get }
  var mapping: MappingOptions { get }
  var device: DeviceOptions { get }
}

extension RunDescribing {
  /// The four groups as one value.
  var options: RunOptions {
    RunOptions(problem: problem, data: data, mapping: mapping, device: device)
  }
}

/// The format of a report.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable { case text, json }
