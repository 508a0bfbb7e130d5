// The options of a screen, and what they become on a given terminal. An option goes before the
// environment, and the terminal's limits apply to both.
import Canvas

/// How many colours to use.
package enum ColourMode: String, Sendable, CaseIterable {
  /// As many as the terminal has, and none if `NO_COLOR` is set.
  case automatic
  /// Only bold, dim, reverse and underline.
  case none
  case eight
  /// The same as `eight`: the bright halves of sixteen cannot be read on a light background.
  case sixteen
  /// 256 colours.
  case many
}

/// The options with which a screen is opened.
package struct ScreenOptions: Sendable, Equatable {
  package var colour: ColourMode
  package var theme: Theme
  /// True draws in ASCII; nil does where the locale is not UTF-8.
  package var asciiOnly: Bool?
  /// True if clicks and drags are reported; otherwise the terminal keeps the mouse for selecting
  /// text.
  package var usesMouse: Bool

  /// The defaults: the terminal's colours, the locale's characters, the mouse on.
  package init(
    colour: ColourMode = .automatic, theme: Theme = .standard, asciiOnly: Bool? = nil,
    usesMouse: Bool = true
  ) {
    self.colour = colour
    self.theme = theme
    self.asciiOnly = asciiOnly
    self.usesMouse = usesMouse
  }
}

extension ScreenOptions {
  /// The mode to draw in, never `automatic`, on a terminal with `terminalColours` colours.
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
