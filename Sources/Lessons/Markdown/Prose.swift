// The text of a beat, as paragraphs, lists and tables of styled pieces: what is left of Markdown when
// its signs have been read and its expressions evaluated.

import Library

/// A piece of a line in one style.
package struct Inline: Sendable, Equatable {
  package struct Style: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }
    package static let plain: Style = []
    package static let emphasis = Style(rawValue: 1)
    package static let strong = Style(rawValue: 2)
    package static let code = Style(rawValue: 4)
  }

  /// Plain text, safe to show: no control characters.
  package var text: String
  package var style: Style
  /// What it says, if it stood in braces and is a number.
  package var figure: Quantity?

  package init(_ text: String, _ style: Style = .plain, figure: Quantity? = nil) {
    self.text = text
    self.style = style
    self.figure = figure
  }

  /// The line ends here, wherever there is room for more.
  package static let lineBreak = Inline("\n")
}

/// A block of text.
package indirect enum Prose: Sendable, Equatable {
  case paragraph([Inline])
  /// `###`.
  case heading([Inline])
  /// Items of blocks; `number` is that of the first, nil for bullets. Loose items have blank lines
  /// between them.
  case list(items: [[Prose]], number: Int?, isLoose: Bool)
  case quote([Prose])
  /// A code block's lines, as they stand, and the number of the first in the file.
  case code([String], line: Int = 1)
  /// Every row has as many cells as the header, which is on this line of the file; the rows follow
  /// from the second line below it.
  case table(header: [[Inline]], rows: [[[Inline]]], line: Int = 1)
}

extension [Inline] {
  /// Without styles, on one line.
  package var plain: String { map { $0 == .lineBreak ? " " : $0.text }.joined() }

  /// Cut at its line breaks.
  package var lines: [[Inline]] {
    split(separator: .lineBreak, omittingEmptySubsequences: false).map(Array.init)
  }
}

extension Prose {
  /// All its words, without styles.
  package var plain: String {
    switch self {
    case .paragraph(let inlines), .heading(let inlines): inlines.plain
    case .list(let items, _, _): items.joined().map(\.plain).joined(separator: " ")
    case .quote(let blocks): blocks.map(\.plain).joined(separator: " ")
    case .code(let lines, _): lines.joined(separator: " ")
    case .table(let header, let rows, _):
      ([header] + rows).joined().map(\.plain).joined(separator: " ")
    }
  }

  /// The same text with every piece changed.
  package func mapInlines(_ change: (Inline) -> Inline) -> Prose {
    switch self {
    case .paragraph(let inlines): .paragraph(inlines.map(change))
    case .heading(let inlines): .heading(inlines.map(change))
    case .list(let items, let number, let isLoose):
      .list(
        items: items.map { $0.map { $0.mapInlines(change) } }, number: number, isLoose: isLoose)
    case .quote(let blocks): .quote(blocks.map { $0.mapInlines(change) })
    case .code: self
    case .table(let header, let rows, let line):
      .table(
        header: header.map { $0.map(change) }, rows: rows.map { $0.map { $0.map(change) } },
        line: line)
    }
  }
}
