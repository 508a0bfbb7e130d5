// What a cell may look like. An ink is a role, never a colour: a palette turns inks into colours,
// and every ink is also told apart by a glyph or a word.

/// The role of a piece of the picture.
package enum Ink: UInt8, Sendable, CaseIterable {
  case plain, dim, title, load, store, compute, resident, done, alert, accent

  /// One letter for the ink, for drawings in tests.
  package var letter: Character {
    switch self {
    case .plain: "."
    case .dim: "d"
    case .title: "t"
    case .load: "l"
    case .store: "s"
    case .compute: "c"
    case .resident: "r"
    case .done: "k"
    case .alert: "!"
    case .accent: "a"
    }
  }
}

/// The look of a cell.
package struct Style: Sendable, Equatable {
  package var ink: Ink
  package var isBold: Bool
  package var isReversed: Bool
  package var isUnderlined: Bool
  /// The values of a cell that is part of a picture: it is drawn as `▀` in two colours where the
  /// terminal has them. Nil for other cells.
  package var shades: Shades?

  package init(
    _ ink: Ink = .plain, bold: Bool = false, reversed: Bool = false, underlined: Bool = false
  ) {
    self.ink = ink
    isBold = bold
    isReversed = reversed
    isUnderlined = underlined
  }
}
