// What a run is described by, each under the one name that the command line and a lesson's front matter
// share.

import Kernels
import Library
import Machine

/// A word of a run's description.
package enum RunOption: String, Sendable, CaseIterable {
  case n, kv, d, dv, batch, heads
  case keyValueHeads = "kv-heads"
  case m, k
  case dtype, scale, mask, bias, softcap, seed, dropout, pass
  case dInline = "d-inline"
  case q, v
  case dO = "do"
  case sample, a, b
  case tile
  case tileRows = "tile-rows"
  case tileColumns = "tile-cols"
  case tileDepth = "tile-depth"
  case stages, splits

  /// Whole numbers: sizes of the problem and of its tiles.
  package static let numbers: [RunOption] = [
    .n, .kv, .d, .dv, .batch, .heads, .keyValueHeads, .m, .k, .tile, .tileRows, .tileColumns,
    .tileDepth, .stages,
  ]
  /// Names out of a few, and numbers that may be names.
  package static let words: [RunOption] = [.dtype, .mask, .pass, .splits]
  package static let decimals: [RunOption] = [.scale, .softcap, .dropout]

  /// What means nothing to a matrix product, and what means nothing to attention.
  static let ofAttention: [RunOption] = [
    .kv, .d, .dv, .batch, .heads, .keyValueHeads, .scale, .mask, .bias, .softcap, .q, .v, .sample,
    .dO, .dropout, .pass, .dInline, .splits,
  ]
  static let ofMatmul: [RunOption] = [.m, .k, .a, .b, .tileDepth]
}

/// Where a run is described, and so how its options are written.
package enum Dialect: Sendable {
  case commandLine, frontMatter

  /// `--tile 16` or `tile: 16`; just the name without a value.
  package func text(_ option: RunOption, _ value: String? = nil) -> String {
    switch self {
    case .commandLine: "--\(option.rawValue)" + (value.map { " \($0)" } ?? "")
    case .frontMatter: option.rawValue + (value.map { ": \($0)" } ?? "")
    }
  }
}
