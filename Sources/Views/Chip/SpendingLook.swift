// What an SM does, as a glyph, an ink and words; and the letter of a wave. Never by colour alone.

import Canvas
import Machine

extension CycleKind {
  var glyph: Character {
    switch self {
    case .tensor: "▲"
    case .fp32: "▪"
    case .sfu: "◆"
    case .onChip: "○"
    case .load: "»"
    case .store: "«"
    case .empty: "·"
    case .launch: "╌"
    }
  }

  var ink: Ink {
    switch self {
    case .tensor: .compute
    case .fp32: .accent
    case .sfu: .alert
    case .onChip: .resident
    case .load: .load
    case .store: .store
    case .empty, .launch: .dim
    }
  }

  /// In one word, for a legend.
  var word: String {
    switch self {
    case .tensor: "tensor"
    case .fp32: "fp32"
    case .sfu: "sfu"
    case .onChip: "latency"
    case .load: "load"
    case .store: "store"
    case .empty: "no block"
    case .launch: "launch"
    }
  }

  /// What it means for the SM.
  var words: String {
    switch self {
    case .tensor: "tensor cores multiply"
    case .fp32: "FP32 lanes work"
    case .sfu: "SFU takes exponentials"
    case .onChip: "waits for a result"
    case .load: "waits for a load"
    case .store: "waits for a store"
    case .empty: "has no block"
    case .launch: "waits for the launch"
    }
  }

  /// The same with what a table has room to say.
  var longWords: String {
    switch self {
    case .onChip: words + " on chip"
    case .load: words + " (HBM, L2)"
    default: words
    }
  }

  /// Writes `▲ tensor  ▪ fp32 …` and returns the column after it.
  @discardableResult
  static func drawLegend(
    _ spendings: [CycleKind] = allCases, after text: String = "", in rect: Rect,
    on picture: inout Picture
  ) -> Int {
    var column = picture.canvas.put(text, Style(.dim), row: 0, column: 0, in: rect)
    for kind in spendings {
      column = picture.canvas.put(
        String(kind.glyph), Style(kind.ink, bold: true), row: 0, column: column, in: rect)
      column =
        picture.canvas.put(kind.word, Style(.dim), row: 0, column: column, in: rect) + 1
    }
    return column
  }
}

/// A wave of blocks, as a letter and an ink.
struct Wave {
  let number: Int
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
  private static let inks: [Ink] = [.load, .store, .compute, .alert, .accent, .resident]

  init(_ number: Int) { self.number = number }

  /// A–Z, then a–z, then `+`.
  var letter: Character {
    number < Self.letters.count ? Self.letters[number] : "+"
  }

  var ink: Ink { Self.inks[number % Self.inks.count] }
}
