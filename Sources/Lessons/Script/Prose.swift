// The text of a beat, as paragraphs, lists and tables of styled pieces: what is left of Markdown when
// its signs have been read and its expressions evaluated.

/// A piece of a line in one style.
public struct Inline: Sendable, Equatable {
  public enum Style: Sendable, Equatable { case plain, emphasis, strong, code }

  /// Plain text, safe to show: no control characters.
  public var text: String
  public var style: Style
  /// The number behind it, in the unit's base (bytes, seconds …), if it stood in braces.
  public var figure: Double?

  public init(_ text: String, _ style: Style = .plain, figure: Double? = nil) {
    self.text = text
    self.style = style
    self.figure = figure
  }
}

/// A block of text.
public enum Prose: Sendable, Equatable {
  case paragraph([Inline])
  /// `###`.
  case heading([Inline])
  /// Items, numbered from 1 if `isOrdered`.
  case list(items: [[Inline]], isOrdered: Bool)
  case quote([Inline])
  /// A code block's lines, as they stand.
  case code([String])
  /// Every row has as many cells as the header.
  case table(header: [[Inline]], rows: [[[Inline]]])
}

extension [Inline] {
  /// Without styles.
  public var plain: String { map(\.text).joined() }
}
