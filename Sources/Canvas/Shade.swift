// Pictures of values: a cell shows two values, one above the other, as colours of a ramp; and where
// there are no colours, their mean as `░▒▓█`.

/// A scale of colours. There is one for each meaning of a value.
package enum Ramp: UInt8, Sendable, CaseIterable {
  /// Scores, inputs, outputs and gradients: orange below 0, blue above, faint at 0.
  case signed
  /// Weights: faint at 0, yellow at 1.
  case weights

  /// Number of colours.
  package static let levels = 9

  /// The level of a value, 0 to 8; for `signed` 4 is 0. The square root of a magnitude counts, so that small
  /// values can be told apart. Infinite values are at the ends; NaN has no level.
  /// - Parameter largest: the magnitude at the end of the ramp, greater than 0.
  package func level(_ value: Float, largest: Float) -> Int? {
    guard !value.isNaN else { return nil }
    let share = max(-1, min(1, value / largest))
    switch self {
    case .signed:
      return 4 + Int((4 * share.magnitude.squareRoot()).rounded()) * (share < 0 ? -1 : 1)
    case .weights: return Int((8 * max(0, share).squareRoot()).rounded())
    }
  }
}

/// The two values of a cell, as levels of one ramp.
package struct Shades: Sendable, Equatable {
  package var ramp: Ramp
  package var upper: Int
  package var lower: Int

  package init(_ ramp: Ramp, upper: Int, lower: Int) {
    (self.ramp, self.upper, self.lower) = (ramp, upper, lower)
  }

  /// The glyph in place of colours: the larger the mean, the darker.
  package var glyph: Character {
    Self.glyphs[min(3, (upper + lower) * Self.glyphs.count / (2 * Ramp.levels - 1))]
  }

  package static let glyphs: [Character] = ["░", "▒", "▓", "█"]

  /// The ink where a terminal has a few colours only.
  fileprivate var ink: Ink {
    switch ramp {
    case .weights: .accent
    case .signed: upper + lower >= 8 ? .load : .store
    }
  }
}

extension Canvas {
  /// The canvas with `▀` in every cell that shows two values, for screens that draw it in two colours.
  package var inHalfBlocks: Canvas {
    var result = self
    for row in 0..<height {
      for column in 0..<width where self[row, column].style.shades != nil {
        result[row, column].character = "▀"
      }
    }
    return result
  }
}

extension Cell {
  /// A cell that shows two values.
  package init(_ shades: Shades) {
    self.init(shades.glyph, Style(shades.ink))
    style.shades = shades
  }
}
