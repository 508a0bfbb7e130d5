// A run as somebody asks for it, on the command line or in a lesson: what was said, and nothing filled
// in yet. `Workload` makes something of it that can be run.

import Kernels
import Library
import Machine

/// What was said of a run.
package struct RunRequest: Sendable {
  package var device: Device
  /// Values of `RunOption.numbers`, `.words` and `.decimals`.
  package var numbers: [RunOption: Int] = [:]
  package var words: [RunOption: String] = [:]
  package var decimals: [RunOption: Double] = [:]
  package var seed: UInt64?
  package var dInline = false
  /// Files, and the name of a sample, that are still to be read.
  package var paths: [RunOption: String] = [:]
  /// Q, K and V (or A and B) from files or a sample; nil where the seed makes them.
  package var data: GivenData?
  /// From files of their own: a mask in place of a rule, a bias, and the gradient of O.
  package var maskTable: Matrix?
  package var bias: Matrix?
  package var gradient: Matrix?

  package init(device: Device) { self.device = device }

  /// Whether anything was said of `option`.
  package func has(_ option: RunOption) -> Bool {
    if option == .sample { return data?.sample != nil || paths[.sample] != nil }
    if option == .dInline { return dInline }
    return numbers[option] != nil || words[option] != nil || decimals[option] != nil
      || paths[option] != nil
  }

  /// Whether the tiles' edges were said.
  var hasTiles: Bool { [.tile, .tileRows, .tileColumns, .tileDepth].contains(where: has) }

  /// Nothing was said of problem, data or tiles.
  var saysNothing: Bool {
    let others = RunOption.allCases.filter { $0 != .stages && $0 != .splits }
    return seed == nil && !others.contains(where: has)
  }

  /// Where the inputs come from, in two words.
  var origin: String {
    if let sample = data?.sample { return "sample \(sample)" }
    let isGiven = [RunOption.q, .v, .dO, .a, .b].contains { paths[$0] != nil }
    return isGiven ? "your files" : "seed \(seed ?? 1)"
  }

  /// Refuses what means nothing to the kernel's family.
  package func refuseForeign(to kernel: Kernel) throws(Refusal) {
    let isMatmul = kernel.isMatmul
    let foreign = isMatmul ? RunOption.ofAttention : RunOption.ofMatmul
    // As a file, K is attention's.
    if let option = foreign.first(where: { $0 == .k ? numbers[.k] != nil : has($0) }) {
      let family = isMatmul ? "attention" : "matrix products"
      throw Refusal(option, "is for \(family); \(kernel.name) does not take it")
    }
    if dInline, kernel.name != "flash-attention" {
      throw Refusal(.dInline, "is for flash-attention; \(kernel.name) does not take it")
    }
  }

  /// A number of at least 1.
  func positive(_ option: RunOption, _ standard: Int) throws(Refusal) -> Int {
    let value = numbers[option] ?? standard
    let found = Refusal.Found.number("\(value)")
    guard value >= 1 else { throw Refusal(option, found: found, "expected at least 1") }
    guard value <= 1 << 24 else {
      throw Refusal(option, found: found, "expected at most 16,777,216")
    }
    return value
  }

  /// The storage format; nil where nothing was said.
  func dataType() throws(Refusal) -> DataType? {
    guard let name = words[.dtype] else { return nil }
    guard let type = DataType(rawValue: name), type != .uint8 else {
      throw Refusal(
        .dtype, found: .word(name, candidates: []), "expected fp32, fp16, bf16 or fp8")
    }
    return type
  }
}
