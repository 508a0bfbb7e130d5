// Turns inks and values into colours: blue, orange, green-blue and yellow of Okabe and Ito's palette
// (“Color Universal Design”, 2008), which viewers with any common colour blindness can tell apart.
// Colours are named by their number among xterm's 256.

import Foundation

/// One colour, for each kind of terminal and for pictures.
package struct Colour: Sendable, Equatable {
  /// ANSI colour 0–7; nil for the user's own foreground.
  package var ansi8: Int?
  /// Index among 256 colours; nil for the user's own foreground.
  package var ansi256: Int?
  /// 0xRRGGBB, for pictures.
  package var rgb: UInt32
  /// True if it is drawn with the terminal's dim attribute where colours are missing.
  package var isFaint = false

  init(ansi8: Int? = nil, ansi256: Int? = nil, rgb: UInt32, isFaint: Bool = false) {
    (self.ansi8, self.ansi256, self.rgb, self.isFaint) = (ansi8, ansi256, rgb, isFaint)
  }

  /// One of xterm's 256 colours from number 16 on, and its substitute among 8.
  init(_ ansi256: Int, _ ansi8: Int? = nil, isFaint: Bool = false) {
    self.init(ansi8: ansi8, ansi256: ansi256, rgb: Self.rgb(ansi256), isFaint: isFaint)
  }

  /// 0xRRGGBB of xterm's colours 16–255: a cube of 6 × 6 × 6, then 24 greys.
  private static func rgb(_ index: Int) -> UInt32 {
    guard index < 232 else { return UInt32(8 + 10 * (index - 232)) * 0x010101 }
    let steps: [UInt32] = [0, 95, 135, 175, 215, 255]
    let cube = index - 16
    return steps[cube / 36] << 16 | steps[cube / 6 % 6] << 8 | steps[cube % 6]
  }
}

/// The colours of everything on a screen.
package enum Palette: String, Sendable, CaseIterable {
  /// For a dark background.
  case dark
  /// For a light background.
  case light
  /// For a projector in a lit room: strong and bold, on a white ground that the program paints.
  case projector
  /// No colours: bold, dim, reverse and underline.
  case mono

  /// True if everything is drawn bold.
  package var isBold: Bool { self == .projector }
  /// True if colours are for a light background.
  package var isLight: Bool { self == .light || self == .projector }
  /// The ground that the program paints; nil for the user's own.
  package var painted: Colour? {
    self == .projector ? Colour(ansi8: 7, ansi256: 231, rgb: 0xFFFFFF) : nil
  }
  /// The ground in pictures.
  package var ground: Colour { isLight ? Colour(231) : Colour(rgb: 0x1A1A1A) }

  /// The colour of an ink.
  package func colour(of ink: Ink) -> Colour {
    switch self {
    case .dark: Self.dark(ink)
    case .light: Self.light(ink)
    case .projector: Self.projector(ink)
    case .mono: Colour(rgb: ink == .dim ? 0x9A9A9A : 0xE6E6E6, isFaint: ink == .dim)
    }
  }

  private static func dark(_ ink: Ink) -> Colour {
    switch ink {
    case .plain: Colour(rgb: 0xE6E6E6)
    case .dim: Colour(245, isFaint: true)
    case .title: Colour(rgb: 0xFFFFFF)
    case .load: Colour(ansi8: 6, ansi256: 74, rgb: 0x56B4E9)
    case .store: Colour(ansi8: 3, ansi256: 214, rgb: 0xE69F00)
    case .compute: Colour(ansi8: 2, ansi256: 36, rgb: 0x00B184)
    case .resident: Colour(110, 4)
    case .done: Colour(250)
    case .alert: Colour(ansi8: 5, ansi256: 175, rgb: 0xCC79A7)
    case .accent: Colour(ansi8: 3, ansi256: 228, rgb: 0xF0E442)
    }
  }

  /// Yellow and green of eight colours cannot be read on white.
  private static func light(_ ink: Ink) -> Colour {
    switch ink {
    case .plain: Colour(rgb: 0x1A1A1A)
    case .dim: Colour(242, isFaint: true)
    case .title: Colour(rgb: 0x000000)
    case .load: Colour(25, 4)
    case .store: Colour(130, 1)
    case .compute: Colour(23)
    case .resident: Colour(61, 4)
    case .done: Colour(240)
    case .alert: Colour(126, 5)
    case .accent: Colour(58)
    }
  }

  private static func projector(_ ink: Ink) -> Colour {
    switch ink {
    case .plain, .title, .resident, .done: Colour(16, 0)
    case .dim: Colour(239, 0)
    case .load: Colour(18, 4)
    case .store: Colour(88, 1)
    case .compute: Colour(22, 0)
    case .alert: Colour(90, 5)
    case .accent: Colour(52, 1)
    }
  }

  /// The colour of a level of a ramp. Magnitude is brightness, so it can be read without hue.
  package func colour(of ramp: Ramp, level: Int) -> Colour {
    let colours =
      switch (ramp, isLight) {
      case (.signed, false): [214, 208, 130, 94, 236, 24, 31, 74, 117]
      case (.signed, true): [88, 130, 173, 223, 255, 153, 74, 25, 18]
      case (.weights, false): [235, 237, 58, 100, 142, 178, 220, 227, 230]
      case (.weights, true): [230, 228, 221, 178, 172, 136, 94, 58, 52]
      }
    return self == .mono
      ? Colour(232 + 3 * level) : Colour(colours[min(max(0, level), Ramp.levels - 1)])
  }
}

/// The relative luminance of a colour 0xRRGGBB, 0 to 1 (WCAG 2.1, "relative luminance").
package func luminance(_ rgb: UInt32) -> Double {
  let channels = [rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF].map { byte in
    let share = Double(byte) / 255
    return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
  }
  return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
}

/// The contrast of two colours, 1 to 21 (WCAG 2.1, "contrast ratio").
package func contrast(_ a: UInt32, _ b: UInt32) -> Double {
  let (one, other) = (luminance(a), luminance(b))
  return (max(one, other) + 0.05) / (min(one, other) + 0.05)
}
