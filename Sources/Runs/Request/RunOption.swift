// The options of a run. Each has one name, on the command line and in a lesson's front matter
// alike.

import Library

/// An option of a run; the raw value is its name.
package enum RunOption: String, Sendable, CaseIterable {
  case n, kv, d, dv, batch, heads
  case keyValueHeads = "kv-heads"
  case m, k
  case dtype, scale, mask, bias, softcap, seed, dropout, pass
  case computesDeltaInline = "d-inline"
  case q, v
  case dO = "do"
  case sample, a, b
  case tile
  case tileRows = "tile-rows"
  case tileColumns = "tile-cols"
  case tileDepth = "tile-depth"
  case stages, splits
  /// The SM clock, MHz, at which the device is locked.
  case clock

  /// Options whose value is a whole number: sizes of the problem and of its tiles.
  package static let numbers: [RunOption] = [
    .n, .kv, .d, .dv, .batch, .heads, .keyValueHeads, .m, .k, .tile, .tileRows, .tileColumns,
    .tileDepth, .stages, .clock,
  ]
  /// Options whose value is a name, or a number that may also be a name (`splits`).
  package static let words: [RunOption] = [.dtype, .mask, .pass, .splits]
  /// Options whose value is a decimal number.
  package static let decimals: [RunOption] = [.scale, .softcap, .dropout]

  /// Names that no kernel may give to an option of its own: every run has them, or its command.
  package static let taken = Set(
    allCases.map(\.rawValue) + [
      "ascii", "at", "device", "exact", "format", "help", "kernel", "keys", "log", "out", "over",
      "own", "row", "size", "theme", "timing-only", "values", "version", "view",
    ])

  /// Options of attention, which a matrix product does not have.
  static let ofAttention: [RunOption] = [
    .kv, .d, .dv, .batch, .heads, .keyValueHeads, .scale, .mask, .bias, .softcap, .q, .v, .sample,
    .dO, .dropout, .pass, .computesDeltaInline, .splits,
  ]
  /// Options of a matrix product, which attention does not have.
  static let ofMatmul: [RunOption] = [.m, .k, .a, .b, .tileDepth]
}

/// The place where a run is described, which decides how options are written in messages.
package enum OptionSyntax: Sendable {
  case commandLine, frontMatter

  /// The option as it is written there: `--tile 16` or `tile: 16`, or the name alone without a
  /// value.
  package func text(_ option: RunOption, _ value: String? = nil) -> String {
    switch self {
    case .commandLine: "--\(option.rawValue)" + (value.map { " \($0)" } ?? "")
    case .frontMatter: option.rawValue + (value.map { ": \($0)" } ?? "")
    }
  }
}
