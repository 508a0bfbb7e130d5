// The prose of a beat: paragraphs, lists and tables of styled text, after Markdown has been parsed
// and expressions have been evaluated.

import Library
import Moments

/// A piece of text in one style.
package struct Inline: Sendable, Equatable {
  /// The style of a piece of text.
  package struct Style: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }
    package static let plain: Style = []
    package static let emphasis = Style(rawValue: 1)
    package static let strong = Style(rawValue: 2)
    package static let code = Style(rawValue: 4)
  }

  /// Text without control characters.
  package var text: String
  package var style: Style
  /// The value, where the text is that of a numeric expression in braces.
  package var figure: Quantity?
  /// The figures of runs that the text gives away.
  package var names = HiddenFigures()

  package init(
    _ text: String, _ style: Style = .plain, figure: Quantity? = nil, names: HiddenFigures = .init()
  ) {
    self.text = text
    self.style = style
    self.figure = figure
    self.names = names
  }

  /// A line break that the author sets.
  package static let lineBreak = Inline("\n")
}

/// A block of text.
package indirect enum Prose: Sendable, Equatable {
  case paragraph([Inline])
  /// A heading `###`.
  case heading([Inline])
  /// Each item is a list of blocks. `number` is that of the first item, nil for bullets; loose
  /// lists have blank lines between items.
  case list(items: [[Prose]], number: Int?, isLoose: Bool)
  case quote([Prose])
  /// The lines of a code block, and the number of the first in the file.
  case code([String], line: Int = 1)
  /// Every row has as many cells as the header. `line` is that of the header in the file; the rows
  /// follow from the second line below it.
  case table(header: [[Inline]], rows: [[[Inline]]], line: Int = 1)
}

extension [Inline] {
  /// The text without styles, on one line.
  package var plain: String { map { $0 == .lineBreak ? " " : $0.text }.joined() }

  /// The pieces of each line, split at line breaks.
  package var lines: [[Inline]] {
    split(separator: .lineBreak, omittingEmptySubsequences: false).map(Array.init)
  }
}

extension Prose {
  /// The text of the block without styles, on one line.
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

  /// The same block with `change` applied to every piece of text.
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
