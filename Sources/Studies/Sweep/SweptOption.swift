// The options of a run that a sweep can vary: those whose value is a number.

import Foundation
import Library
import Runs

/// An option that a sweep can vary.
package struct SweptOption: Sendable {
  /// Nil for an option of a kernel's own.
  package let option: RunOption?
  /// The option's name on the command line, without `--`.
  package let name: String
  /// True where values may have a fraction.
  package let takesFractions: Bool

  /// Sets the option of a request.
  package func set(_ request: inout RunRequest, _ value: Double) {
    guard let option else {
      request.own[name] = .size(Int(value))
      return
    }
    switch option {
    case .splits: request.words[option] = String(Int(value))
    // `--k` is a size or a file; the kernel decides which, so it is passed on as text.
    case .k: request.paths[option] = String(Int(value))
    default:
      if takesFractions {
        request.decimals[option] = value
      } else {
        request.numbers[option] = Int(value)
      }
    }
  }

  /// All options that a sweep can vary.
  package static let all: [SweptOption] =
    [
      RunOption.n, .kv, .d, .dv, .m, .k, .batch, .heads, .keyValueHeads, .tile, .tileRows,
      .tileColumns, .tileDepth, .splits, .stages, .clock,
    ].map { SweptOption(option: $0, name: $0.rawValue, takesFractions: false) }
    + [RunOption.dropout, .scale, .softcap].map {
      SweptOption(option: $0, name: $0.rawValue, takesFractions: true)
    }

  /// The option of that name, with or without `--`.
  /// - Parameter own: the sizes that the kernels' own texts declare.
  /// - Throws: `Failure` with the nearest name.
  package static func find(_ name: String, own: [String] = []) throws -> SweptOption {
    let name = name.hasPrefix("--") ? String(name.dropFirst(2)) : name
    if let option = all.first(where: { $0.name == name }) { return option }
    if own.contains(name) { return SweptOption(option: nil, name: name, takesFractions: false) }
    let names = all.map(\.name) + own
    let hint = guess(for: name, in: names)
    throw Failure.usage(
      "--over: “\(visible(name))” is no numeric option of run\(hint); "
        + "there are \(names.joined(separator: ", "))")
  }
}
