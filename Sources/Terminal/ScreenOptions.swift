// How a person wants the screen, and what becomes of that wish on the terminal at hand. Options
// win over the environment, the environment over guesses, and the terminal's limits over all.
import Canvas

/// How many colours to use.
package enum ColourMode: String, Sendable, CaseIterable {
  /// As many as the terminal has, and none under `NO_COLOR` (https://no-color.org).
  case automatic
  /// Only bold, dim, reverse and underline.
  case none
  case eight
  /// The same as `eight`: the bright halves of sixteen cannot be read on a light background.
  case sixteen
  /// The 256-colour cube.
  case many
}

/// What may be chosen when a screen is opened.
package struct ScreenOptions: Sendable, Equatable {
  package var colour: ColourMode
  package var palette: Palette
  /// Draw in ASCII; nil draws in ASCII where the locale is not UTF-8.
  package var asciiOnly: Bool?
  /// Report clicks and drags; otherwise the terminal keeps the mouse for selecting text.
  package var usesMouse: Bool

  /// Suits everybody: the terminal's colours, the locale's characters, the mouse on.
  package init(
    colour: ColourMode = .automatic, palette: Palette = .standard, asciiOnly: Bool? = nil,
    usesMouse: Bool = true
  ) {
    self.colour = colour
    self.palette = palette
    self.asciiOnly = asciiOnly
    self.usesMouse = usesMouse
  }
}

extension ScreenOptions {
  /// The mode to draw in, never `automatic`, on a terminal with so many colours.
  func colourMode(environment: [String: String], terminalColours: Int) -> ColourMode {
    let most: ColourMode =
      switch terminalColours {
      case 256...: .many
      case 16...: .sixteen
      case 8...: .eight
      default: .none
      }
    guard colour == .automatic else { return colour.capped(at: most) }
    return environment["NO_COLOR", default: ""].isEmpty ? most : .none
  }

  /// Whether to draw in ASCII under a locale.
  func drawsASCII(localeIsUTF8: Bool) -> Bool {
    asciiOnly ?? !localeIsUTF8
  }
}

extension ColourMode {
  fileprivate func capped(at most: ColourMode) -> ColourMode {
    richness <= most.richness ? self : most
  }

  private var richness: Int {
    switch self {
    case .none: 0
    case .eight: 1
    case .sixteen: 2
    case .many, .automatic: 3
    }
  }
}
