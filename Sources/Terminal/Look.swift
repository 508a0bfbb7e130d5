// Turns styles into the attributes and colours of a terminal. A terminal without colours draws
// faint inks dim; every ink is also told apart by a glyph.
import CNcurses
import Canvas

/// The attributes and the colour of a cell, as the C functions take them.
struct Look: Equatable {
  var attributes: UInt32 = 0
  /// Index of the terminal's colour; -1 is the user's own foreground.
  var colour: Int32 = -1
}

/// The looks of all styles, for one palette and one colour mode.
struct Wardrobe {
  /// The look of each ink, by its raw value.
  private let inks: [Look]
  private let isAlwaysBold: Bool

  init(_ palette: Palette, _ mode: ColourMode) {
    isAlwaysBold = palette.isBold
    inks = Ink.allCases.map { Look(palette.colour(of: $0), mode) }
  }

  subscript(style: Style) -> Look {
    var look = inks[Int(style.ink.rawValue)]
    if style.isBold || isAlwaysBold { look.attributes |= UInt32(CN_BOLD) }
    if style.isReversed { look.attributes |= UInt32(CN_REVERSE) }
    if style.isUnderlined { look.attributes |= UInt32(CN_UNDERLINE) }
    return look
  }

  /// The colours in use, which curses must be told of first.
  var colours: Set<Int32> {
    Set(inks.map(\.colour).filter { $0 >= 0 })
  }
}

extension Look {
  init(_ colour: Colour, _ mode: ColourMode) {
    let index: Int? =
      switch mode {
      case .none, .automatic: nil
      case .eight, .sixteen: colour.ansi8
      case .many: colour.ansi256
      }
    self.colour = Int32(index ?? -1)
    if colour.isFaint && index == nil { attributes = UInt32(CN_DIM) }
  }
}
