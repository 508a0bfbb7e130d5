// A run as it was requested, on the command line or in a lesson: the given options and no defaults.
// `Workload` turns it into a problem that can run.

import Kernels
import Machine

/// The device and the given options of a run.
package struct RunRequest: Sendable {
  package var device: Device
  /// Values of the options in `RunOption.numbers`; likewise `words` and `decimals`.
  package var numbers: [RunOption: Int] = [:]
  package var words: [RunOption: String] = [:]
  package var decimals: [RunOption: Double] = [:]
  package var seed: UInt64?
  /// The backward pass computes D = rowsum(dO ∘ O) inside its loop instead of in a launch before
  /// it.
  package var computesDeltaInline = false
  /// Paths of the files, and the name of the sample, that have not been read yet.
  package var paths: [RunOption: String] = [:]
  /// Values of options that the kernels' own texts declare, by name.
  package var own: [String: OwnValue] = [:]
  /// Q, K and V (or A and B) from files or a sample; nil where they are generated from the seed.
  package var data: InputData?
  /// A mask read from a file, in place of a mask rule.
  package var maskTable: Matrix?
  package var bias: Matrix?
  /// The gradient of the output, dO, read from a file.
  package var gradient: Matrix?

  package init(device: Device) { self.device = device }

  /// True where the request sets `option`.
  package func has(_ option: RunOption) -> Bool {
    if option == .computesDeltaInline { return computesDeltaInline }
    return numbers[option] != nil || words[option] != nil || decimals[option] != nil
      || paths[option] != nil
  }

  /// The device, with its clock locked where the request says so.
  func clockedDevice() throws(Refusal) -> Device { try device.clocked(at: numbers[.clock]) }

  /// True where the request sets a tile size.
  var setsTileSize: Bool { [.tile, .tileRows, .tileColumns, .tileDepth].contains(where: has) }

  /// True where the request sets no option but `stages` and `splits`.
  var hasNoOptions: Bool {
    let others = RunOption.allCases.filter { $0 != .stages && $0 != .splits }
    return seed == nil && own.isEmpty && !others.contains(where: has)
  }

  /// Source of the inputs, in two words.
  var origin: String {
    if let sample = data?.sample { return "sample \(sample)" }
    let isGiven = [RunOption.q, .v, .dO, .a, .b].contains { paths[$0] != nil }
    return isGiven ? "your files" : "seed \(seed ?? 1)"
  }

  /// Checks that every given option applies to the kernel.
  package func checkApplies(to kernel: Kernel) throws(Refusal) {
    let isMatmul = kernel.isMatmul
    let foreign = isMatmul ? RunOption.ofAttention : RunOption.ofMatmul
    // `k` is a size for a product; as a file it is the K of attention.
    if let option = foreign.first(where: { $0 == .k ? numbers[.k] != nil : has($0) }) {
      let family = isMatmul ? "attention" : "matrix products"
      throw Refusal(option, "is for \(family); \(kernel.name) does not take it")
    }
    if computesDeltaInline, kernel.name != "flash-attention" {
      throw Refusal(.computesDeltaInline, "is for flash-attention; \(kernel.name) does not take it")
    }
  }

  /// The value of `option` or the default; from 1 to 2²⁴.
  func positive(_ option: RunOption, _ standard: Int) throws(Refusal) -> Int {
    let value = numbers[option] ?? standard
    let found = Refusal.Found.number("\(value)")
    guard value >= 1 else { throw Refusal(option, found: found, "expected at least 1") }
    guard value <= 1 << 24 else {
      throw Refusal(option, found: found, "expected at most 16,777,216")
    }
    return value
  }

  /// The requested storage format; nil where none is given.
  func dataType() throws(Refusal) -> DataType? {
    guard let name = words[.dtype] else { return nil }
    guard let type = DataType(rawValue: name), type != .uint8 else {
      throw Refusal(
        .dtype, found: .word(name, candidates: []), "expected fp32, fp16, bf16 or fp8")
    }
    return type
  }
}

extension Device {
  /// The device with its SM clock locked at `mhz`; nil: as it is.
  /// - Throws: a refusal of a clock that no GPU has.
  package func clocked(at mhz: Int?) throws(Refusal) -> Device {
    guard let mhz else { return self }
    guard (1...100_000).contains(mhz) else {
      throw Refusal(.clock, found: .number("\(mhz)"), "expected a clock in MHz, from 1 to 100,000")
    }
    return locked(at: Double(mhz))
  }
}
