// The theme: which palette suits the terminal. By itself it asks the terminal for its background.
import CNcurses
import Canvas

/// What `--theme` says.
package enum Theme: String, Sendable, CaseIterable {
  /// Dark or light, as the terminal's background is.
  case standard
  case dark, light, projector, mono

  /// The palette.
  /// - Parameters:
  ///   - background: the terminal's answer, 0xRRGGBB; nil for none.
  ///   - environment: its `COLORFGBG` stands in for an answer.
  func palette(background: UInt32?, environment: [String: String]) -> Palette {
    switch self {
    case .dark: .dark
    case .light: .light
    case .projector: .projector
    case .mono: .mono
    case .standard:
      Self.isLight(background) ?? Self.isLight(environment["COLORFGBG"]) ?? false ? .light : .dark
    }
  }

  /// Whether a background is light: its relative luminance (WCAG 2.1) is above that at which black
  /// and white text have equal contrast.
  private static func isLight(_ background: UInt32?) -> Bool? {
    background.map { luminance($0) > 0.179 }
  }

  /// `15;0`: foreground and background among 16 colours; 7 and 15 are light.
  private static func isLight(_ colours: String?) -> Bool? {
    guard let last = colours?.split(separator: ";").last, let index = Int(last) else { return nil }
    return index == 7 || index == 15
  }
}

/// Milliseconds to wait for the terminal's answer. Terminals that know no such question answer the
/// second one, which all know, so that only a broken one is waited for.
private let patience: Int32 = 80

extension Theme {
  /// The background of the terminal, 0xRRGGBB; nil if it does not say. A screen must be open.
  static func askBackground() -> UInt32? {
    let answer = cn_ask_background(patience)
    return answer < 0 ? nil : UInt32(answer)
  }
}
