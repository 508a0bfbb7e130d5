// Which options of a run are numbers that a sweep can go over.

import Foundation
import Kernels
import Library
import Machine
import Runs

/// A numeric option of `run`.
package struct SweptOption: Sendable {
  package let option: RunOption
  package var name: String { option.rawValue }
  /// Values need not be whole.
  package let takesFractions: Bool

  /// Puts a value into a run's description.
  package func set(_ request: inout RunRequest, _ value: Double) {
    switch option {
    case .splits: request.words[option] = String(Int(value))
    // Which of the two `--k` is, a size or a file, its kernel decides.
    case .k: request.paths[option] = String(Int(value))
    default:
      if takesFractions {
        request.decimals[option] = value
      } else {
        request.numbers[option] = Int(value)
      }
    }
  }

  package static let all: [SweptOption] =
    [
      RunOption.n, .kv, .d, .dv, .m, .k, .batch, .heads, .keyValueHeads, .tile, .tileRows,
      .tileColumns, .tileDepth, .splits, .stages,
    ].map { SweptOption(option: $0, takesFractions: false) }
    + [RunOption.dropout, .scale, .softcap].map { SweptOption(option: $0, takesFractions: true) }

  package static func find(_ name: String) throws -> SweptOption {
    let name = name.hasPrefix("--") ? String(name.dropFirst(2)) : name
    if let option = all.first(where: { $0.name == name }) { return option }
    let names = all.map(\.name)
    let guess = nearest(name, in: names).map { " (did you mean \($0)?)" } ?? ""
    throw Failure.usage(
      "--over: “\(visible(name))” is no numeric option of run\(guess); "
        + "there are \(names.joined(separator: ", "))")
  }
}
