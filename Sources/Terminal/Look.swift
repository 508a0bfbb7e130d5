// Turns styles into the attributes and colours of a terminal. A terminal without colours draws
// faint inks dim; every ink is also told apart by a glyph.
import CNcurses
import Canvas

/// The attributes and the colours of a cell, as the C functions take them.
struct Look: Equatable {
  var attributes: UInt32 = 0
  /// Number of its pair of colours; 0 is the user's own foreground and background.
  var pair: Int32 = 0
}

/// Two colours that the terminal is told of under one number; -1 is the user's own.
struct ColourPair: Equatable {
  var foreground: Int32
  var ground: Int32
}

/// The looks of all styles, for one palette and one colour mode.
struct Wardrobe {
  /// The look of each ink, by its raw value.
  private let inks: [Look]
  private let isAlwaysBold: Bool
  /// True if cells that show two values are drawn in two colours.
  let showsValues: Bool
  /// The pairs in use, from number 1 on.
  private(set) var pairs: [ColourPair] = []

  /// - Parameter mostPairs: the number of pairs that the terminal can keep.
  init(_ palette: Palette, _ mode: ColourMode, mostPairs: Int = .max) {
    let mode = palette == .mono ? .none : mode
    isAlwaysBold = palette.isBold
    let ground = palette.painted.flatMap { mode.index(of: $0) } ?? -1
    var pairs: [ColourPair] = []
    inks = Ink.allCases.map { ink in
      let colour = palette.colour(of: ink)
      let index = mode.index(of: colour)
      let isFaint = colour.isFaint && index == nil
      guard index != nil || ground >= 0 else {
        return Look(attributes: isFaint ? UInt32(CN_DIM) : 0)
      }
      pairs.append(ColourPair(foreground: index ?? -1, ground: ground))
      return Look(attributes: isFaint ? UInt32(CN_DIM) : 0, pair: Int32(pairs.count))
    }
    let levels = Ramp.levels
    firstOfRamps = pairs.count + 1
    showsValues = mode == .many && mostPairs > pairs.count + Ramp.allCases.count * levels * levels
    if showsValues {
      for ramp in Ramp.allCases {
        let colours = (0..<levels).map { mode.index(of: palette.colour(of: ramp, level: $0)) ?? -1 }
        for upper in colours {
          pairs += colours.map { ColourPair(foreground: upper, ground: $0) }
        }
      }
    }
    self.pairs = pairs
  }

  private let firstOfRamps: Int

  subscript(style: Style) -> Look {
    var look = inks[Int(style.ink.rawValue)]
    if showsValues, let shades = style.shades {
      let number = (Int(shades.ramp.rawValue) * Ramp.levels + shades.upper) * Ramp.levels
      look.pair = Int32(firstOfRamps + number + shades.lower)
    } else if style.isBold || isAlwaysBold {
      look.attributes |= UInt32(CN_BOLD)
    }
    if style.isReversed { look.attributes |= UInt32(CN_REVERSE) }
    if style.isUnderlined { look.attributes |= UInt32(CN_UNDERLINE) }
    return look
  }
}

extension ColourMode {
  /// The index of a colour in this mode; nil for the user's own foreground.
  fileprivate func index(of colour: Colour) -> Int32? {
    switch self {
    case .none, .automatic: nil
    case .eight, .sixteen: colour.ansi8.map(Int32.init)
    case .many: colour.ansi256.map(Int32.init)
    }
  }
}
