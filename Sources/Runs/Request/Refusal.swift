// Why a run is not carried out: one sentence, whoever asked. A command puts it behind `--tile 0`, a
// lesson behind its line and key.

import Kernels
import Machine

/// A run that cannot be, and the option at fault.
package struct Refusal: Error, Sendable {
  /// Whose fault it is.
  package enum Kind: Sendable, Equatable {
    /// An unknown name, an impossible value.
    case usage
    /// The request makes sense, and this device or computer cannot carry it out: why, in two or three
    /// words.
    case infeasible(String)
    /// A file whose contents are wrong.
    case badData
    case ourFault

    /// The documented exit code of a command that is refused so.
    var exitCode: Int32 {
      switch self {
      case .usage, .infeasible: 64
      case .badData: 65
      case .ourFault: 70
      }
    }
  }

  /// What was said instead of something right.
  package enum Found: Sendable, Equatable {
    case number(String)
    /// A word, and those it may have been meant to be.
    case word(String, candidates: [String])
  }

  package let kind: Kind
  /// Nil where the run as a whole is at fault.
  package let option: RunOption?
  package let found: Found?
  private let words: @Sendable (Dialect) -> String

  init(
    _ option: RunOption? = nil, found: Found? = nil, kind: Kind = .usage,
    _ words: @escaping @Sendable (Dialect) -> String
  ) {
    (self.option, self.found, self.kind, self.words) = (option, found, kind, words)
  }

  package init(_ option: RunOption?, found: Found? = nil, _ words: String) {
    self.init(option, found: found) { _ in words }
  }

  /// The run as a whole is at fault.
  static func usage(_ words: String) -> Refusal { Refusal(nil, words) }

  /// A file's contents are at fault.
  static func badData(_ words: String) -> Refusal { Refusal(kind: .badData) { _ in words } }

  /// The sentence without the option and what was found.
  package func reason(in dialect: Dialect) -> String { words(dialect) }
}

extension Refusal {
  /// A plan's error in words.
  package init(_ error: PlanError, _ mapping: Mapping, _ device: Device) {
    switch error {
    case .wrongFamily(let kernel):
      self.init(nil, "\(kernel) is for another kind of problem than the kernel before it")
    case .wrongText(let kernel, let error):
      self.init(
        nil, "\(kernel), line \(error.place.line), column \(error.place.column): \(error.message)")
    case .stalled(let launch, let left):
      self.init(kind: .ourFault) { _ in
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

  /// `; S takes 100 MB of it, P 100 MB, Q 1.3 MB`.
  private static func shares(_ largest: [NamedBytes]) -> String {
    guard let first = largest.first else { return "" }
    let others = largest.dropFirst().map { ", \($0.name) \(bytesText($0.bytes))" }
    return "; \(first.name) takes \(bytesText(first.bytes)) of it" + others.joined()
  }

  private static func describe(_ footprint: Footprint) -> String {
    footprint.registers == 0
      ? bytesText(footprint.shared)
      : "\(bytesText(footprint.shared)) of shared memory and \(bytesText(footprint.registers)) of registers"
  }
}
