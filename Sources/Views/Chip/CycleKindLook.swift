// How a kind of cycle looks: a glyph, an ink and words. And the letter of a wave. Nothing is told
// by colour alone.

import Canvas
import Machine

extension CycleKind {
  /// The glyph in grids and bars.
  package var glyph: Character {
    switch self {
    case .tensor: "●"
    case .fp32: "▪"
    case .sfu: "◇"
    case .dependencyStall: "○"
    case .loadStall: "»"
    case .storeStall: "«"
    case .idle: "_"
    case .launchOverhead: "~"
    }
  }

  var ink: Ink {
    switch self {
    case .tensor: .compute
    case .fp32: .accent
    case .sfu: .alert
    case .dependencyStall: .resident
    case .loadStall: .load
    case .storeStall: .store
    case .idle, .launchOverhead: .dim
    }
  }

  /// One word, for a legend.
  var word: String {
    switch self {
    case .tensor: "tensor"
    case .fp32: "fp32"
    case .sfu: "sfu"
    case .dependencyStall: "latency"
    case .loadStall: "load"
    case .storeStall: "store"
    case .idle: "idle"
    case .launchOverhead: "launch"
    }
  }

  /// What the SM does, as a predicate.
  var words: String {
    switch self {
    case .tensor: "tensor cores multiply"
    case .fp32: "FP32 lanes work"
    case .sfu: "SFU takes exponentials"
    case .dependencyStall: "waits for a result"
    case .loadStall: "waits for a load"
    case .storeStall: "waits for a store"
    case .idle: "has no block"
    case .launchOverhead: "waits for the launch"
    }
  }

  /// The same at more length, for a table.
  var longWords: String {
    switch self {
    case .dependencyStall: words + " on chip"
    case .loadStall: words + " (HBM, L2)"
    default: words
    }
  }

  /// Writes a legend, `▲ tensor ▪ fp32 …`.
  /// - Returns: the column after it.
  @discardableResult
  static func drawLegend(
    _ kinds: [CycleKind] = allCases, after text: String = "", in rect: Rect,
    on picture: inout Picture
  ) -> Int {
    var column = picture.canvas.put(text, Style(.dim), row: 0, column: 0, in: rect)
    for kind in kinds {
      column = picture.canvas.put(
        String(kind.glyph), Style(kind.ink, bold: true), row: 0, column: column, in: rect)
      column =
        picture.canvas.put(kind.word, Style(.dim), row: 0, column: column, in: rect) + 1
    }
    return column
  }
}

/// A wave of a launch, shown as a letter and an ink.
struct Wave {
  let number: Int
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
  private static let inks: [Ink] = [.load, .store, .compute, .alert, .accent, .resident]

  init(_ number: Int) { self.number = number }

  /// A–Z, then a–z, then `+` for all later waves.
  var letter: Character {
    number < Self.letters.count ? Self.letters[number] : "+"
  }

  var ink: Ink { Self.inks[number % Self.inks.count] }
}
