// From a style to what a terminal can do. Roles become colours here and nowhere else; a terminal
// without colours still has dim for what is faint, and every role has its glyph besides.
import CNcurses
import Canvas

/// Attributes and a colour, as the shim takes them.
struct Look: Equatable {
  var attributes: UInt32 = 0
  /// -1 is the user's own foreground.
  var colour: Int32 = -1
}

/// Gives each style its look.
struct Wardrobe {
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

  /// The colours to make ready.
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
