// Turns inks into colours: blue, orange, green-blue and yellow of Okabe and Ito's palette (“Color
// Universal Design”, 2008), which viewers with any common colour blindness can tell apart.

/// One colour, for each kind of terminal and for pictures.
package struct Colour: Sendable, Equatable {
  /// ANSI colour 0–7; nil for the user's own foreground.
  package var ansi8: Int?
  /// Index among 256 colours; nil for the user's own foreground.
  package var ansi256: Int?
  /// 0xRRGGBB, for a dark background.
  package var rgb: UInt32
  /// True if it is drawn with the terminal's dim attribute where colours are missing.
  package var isFaint = false
}

/// The colours of the inks.
package enum Palette: String, Sendable, CaseIterable {
  case standard
  /// Few and strong colours, for a projector in a lit room.
  case projector

  /// True if everything is drawn bold.
  package var isBold: Bool { self == .projector }

  /// The colour of an ink.
  package func colour(of ink: Ink) -> Colour {
    switch (self, ink) {
    case (.projector, .dim): Colour(ansi8: nil, ansi256: 252, rgb: 0xD0D0D0)
    case (_, .plain), (.projector, .title), (.projector, .resident), (.projector, .done):
      Colour(ansi8: nil, ansi256: nil, rgb: 0xE6E6E6)
    case (_, .dim): Colour(ansi8: nil, ansi256: 245, rgb: 0x8A8A8A, isFaint: true)
    case (_, .title): Colour(ansi8: nil, ansi256: nil, rgb: 0xFFFFFF)
    case (_, .load): Colour(ansi8: 6, ansi256: 74, rgb: 0x56B4E9)
    case (_, .store): Colour(ansi8: 3, ansi256: 214, rgb: 0xE69F00)
    case (_, .compute): Colour(ansi8: 2, ansi256: 36, rgb: 0x00B184)
    case (_, .resident): Colour(ansi8: 4, ansi256: 110, rgb: 0x87AFD7)
    case (_, .done): Colour(ansi8: nil, ansi256: 250, rgb: 0xBCBCBC)
    case (_, .alert): Colour(ansi8: 5, ansi256: 175, rgb: 0xCC79A7)
    case (_, .accent): Colour(ansi8: 3, ansi256: 228, rgb: 0xF0E442)
    }
  }
}
