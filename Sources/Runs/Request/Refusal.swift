// The reason why a request cannot be run: one sentence for the command line and for lessons. A
// command prints it behind the option (`--tile 0: …`), a lesson behind its line and key.

import Kernels
import Machine
import Notation

/// The error of a request that cannot be run, and the option that causes it.
package struct Refusal: Error, Sendable {
  /// The kind of error, which decides the exit code.
  package enum Kind: Sendable, Equatable {
    /// An unknown name or an impossible value.
    case usage
    /// The request is valid, but this device or computer cannot run it; why, in two or three words.
    case infeasible(String)
    /// A file whose contents are wrong.
    case badData
    /// A defect of this program.
    case internalError

    /// The documented exit code of the command.
    var exitCode: Int32 {
      switch self {
      case .usage, .infeasible: 64
      case .badData: 65
      case .internalError: 70
      }
    }
  }

  /// The invalid value.
  package enum Found: Sendable, Equatable {
    case number(String)
    /// A word, and the valid words among which a suggestion is looked for.
    case word(String, candidates: [String])
  }

  package let kind: Kind
  /// Nil where no single option is the cause.
  package let option: RunOption?
  package let found: Found?
  private let words: @Sendable (OptionSyntax) -> String

  init(
    _ option: RunOption? = nil, found: Found? = nil, kind: Kind = .usage,
    _ words: @escaping @Sendable (OptionSyntax) -> String
  ) {
    (self.option, self.found, self.kind, self.words) = (option, found, kind, words)
  }

  package init(_ option: RunOption?, found: Found? = nil, _ words: String) {
    self.init(option, found: found) { _ in words }
  }

  /// An error of kind `usage` that no single option causes.
  static func usage(_ words: String) -> Refusal { Refusal(nil, words) }

  /// An error in the contents of a file.
  static func badData(_ words: String) -> Refusal { Refusal(kind: .badData) { _ in words } }

  /// The message without the option and its value.
  package func reason(in dialect: OptionSyntax) -> String { words(dialect) }
}

extension Refusal {
  /// The message for an error of a plan.
  package init(_ error: PlanError, _ mapping: Mapping, _ device: Device) {
    switch error {
    case .wrongFamily(let kernel):
      self.init(nil, "\(kernel) is for another kind of problem than the kernel before it")
    case .wrongText(let kernel, let error):
      self.init(
        nil, "\(kernel), line \(error.place.line), column \(error.place.column): \(error.message)")
    case .deadlocked(let launch, let left):
      self.init(kind: .internalError) { _ in
        "launch \(launch) stopped with \(left) blocks left to run"
      }
    case .tooLong(let steps, let most):
      self.init(kind: .infeasible("too many steps")) { _ in
        "tiles of \(mapping.rows) × \(mapping.columns) meet \(Int(steps / 1e6)) million times, at most "
          + "\(Int(most / 1e6)) million are simulated; larger tiles meet less often"
      }
    case .endless(let cycles):
      self.init(kind: .infeasible("too many cycles")) { _ in
        "the run could take \(cycles) cycles on \(device.name), and no more than "
          + "\(Device.mostCycles) are counted; its units are too slow for this size"
      }
    case .outOfMemory(let needed, let available):
      self.init(kind: .infeasible("out of memory")) { _ in
        "out of memory: the tensors take \(bytesText(needed)) of HBM, \(device.name) has "
          + bytesText(available)
      }
    case .doesNotFit(let error, let largest):
      self.init(kind: .infeasible("does not fit")) { dialect in
        let advice =
          largest.map { "the largest square tile that fits is \(dialect.text(.tile, "\($0)"))" }
          ?? "not even \(dialect.text(.tile, "1")) fits"
        return """
          tiles of \(mapping.rows) × \(mapping.columns) do not fit in SRAM: launch \
          \(error.launch) needs \(Self.describe(error.needed)), one block on \(device.name) may own \
          \(Self.describe(error.available))\(Self.shares(error.largest)); \(advice)
          """
      }
    }
  }

  /// The largest buffers: `; S takes 100 MB of it, P 100 MB, Q 1.3 MB`; empty where there are none.
  private static func shares(_ largest: [NamedBytes]) -> String {
    guard let first = largest.first else { return "" }
    let others = largest.dropFirst().map { ", \($0.name) \(bytesText($0.bytes))" }
    return "; \(first.name) takes \(bytesText(first.bytes)) of it" + others.joined()
  }

  private static func describe(_ footprint: Footprint) -> String {
    guard footprint.registers + footprint.tensorMemory > 0 else {
      return bytesText(footprint.shared)
    }
    var pools = [
      "\(bytesText(footprint.shared)) of shared memory",
      "\(bytesText(footprint.registers)) of registers",
    ]
    if footprint.tensorMemory > 0 {
      pools.append("\(bytesText(footprint.tensorMemory)) of tensor memory")
    }
    return listed(pools)
  }
}
