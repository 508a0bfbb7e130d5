// What a cell may look like. An ink is a role, never a colour: palettes turn roles into colours,
// and every role is told apart by a glyph or a word as well.

/// What a piece of the picture is about.
public enum Ink: UInt8, Sendable, CaseIterable {
  case plain, dim, title, load, store, compute, resident, done, alert, accent

  /// One letter, for drawings in tests.
  public var letter: Character {
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
public struct Style: Sendable, Equatable {
  public var ink: Ink
  public var isBold: Bool
  public var isReversed: Bool
  public var isUnderlined: Bool

  public init(
    _ ink: Ink = .plain, bold: Bool = false, reversed: Bool = false, underlined: Bool = false
  ) {
    self.ink = ink
    isBold = bold
    isReversed = reversed
    isUnderlined = underlined
  }
}
