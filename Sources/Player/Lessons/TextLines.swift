// The text of a lesson as lines of cells: paragraphs broken at blanks, lists, quotes, code and
// tables. Emphasis is underlined, strong is bold, so that it can be told without colours.

import Canvas
import Lessons
import Views

/// A line of the screen.
typealias TextLine = [Cell]

/// Lines of one width.
struct TextLines {
  let width: Int
  /// What did not fit and has been cut.
  private(set) var cut: [String] = []

  init(width: Int) { self.width = max(1, width) }

  /// Blocks with a blank line between them.
  mutating func lines(_ prose: [Prose]) -> [TextLine] {
    var result: [TextLine] = []
    for (index, block) in prose.enumerated() {
      if index > 0 { result.append([]) }
      result += lines(block)
    }
    return result
  }

  private mutating func lines(_ block: Prose) -> [TextLine] {
    switch block {
    case .paragraph(let inlines): return wrapped(inlines)
    case .heading(let inlines): return wrapped(inlines, Style(.title, bold: true))
    case .list(let items, let isOrdered):
      let indent = isOrdered && items.count > 9 ? 4 : isOrdered ? 3 : 2
      return items.enumerated().flatMap { number, item in
        let sign = isOrdered ? "\(number + 1).".padded(indent - 1, right: true) + " " : "• "
        return wrapped(item, first: cells(sign), rest: cells(sign.map { _ in " " }))
      }
    case .quote(let inlines):
      let bar = cells("┃ ", Style(.dim))
      return wrapped(inlines, first: bar, rest: bar)
    case .code(let lines): return lines.map { fit(cells("  " + $0, Style(.accent))) }
    case .table(let header, let rows): return table(header, rows)
    }
  }

  private mutating func fit(_ line: TextLine) -> TextLine {
    guard line.count > width else { return line }
    cut.append(String(line.map(\.character)))
    return line.prefix(width - 1) + [Cell("…", line[width - 1].style)]
  }

  // MARK: Breaking lines

  /// Lines broken at blanks; `first` and `rest` stand before them.
  func wrapped(
    _ inlines: [Inline], _ base: Style = Style(), first: TextLine = [], rest: TextLine = []
  ) -> [TextLine] {
    let words = cells(inlines, base).split { $0.character == " " }
    var lines: [TextLine] = []
    var line = first
    var isEmpty = true
    for word in words {
      var word = TextLine(word)
      if !isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        (line, isEmpty) = (rest, true)
      }
      if !isEmpty { line.append(Cell(" ", gap(line.last, word.first))) }
      // A word longer than the line is broken anywhere.
      while line.count + word.count > width, width > line.count {
        let room = width - line.count
        lines.append(line + word.prefix(room))
        (line, word) = (rest, TextLine(word.dropFirst(room)))
      }
      line += word
      isEmpty = false
    }
    return (lines + [line]).map { $0.map { $0.character == "\u{A0}" ? Cell(" ", $0.style) : $0 } }
  }

  /// A blank between two words of one look has it too.
  private func gap(_ left: Cell?, _ right: Cell?) -> Style {
    left?.style == right?.style ? left?.style ?? Style() : Style()
  }

  func cells(_ inlines: [Inline], _ base: Style = Style()) -> TextLine {
    inlines.flatMap { inline in
      // A number and its unit stay together.
      let text = inline.figure == nil ? inline.text : inline.text.replacing(" ", with: "\u{A0}")
      return cells(text, inline.style.look(base))
    }
  }

  func cells(_ text: some Sequence<Character>, _ style: Style = Style()) -> TextLine {
    text.map { Cell($0.oneColumn, style) }
  }

  // MARK: Tables

  private mutating func table(_ header: [[Inline]], _ rows: [[[Inline]]]) -> [TextLine] {
    let heads = header.map { cells($0, Style(bold: true, underlined: true)) }
    let body = rows.map { row in row.map { cells($0) } }
    let columns = heads.indices
    let widths = columns.map { column in
      max(heads[column].count, body.map { $0[column].count }.max() ?? 0)
    }
    let isNumeric = columns.map { column in
      body.allSatisfy {
        ($0[column].first?.character).map { $0.isNumber || "-−▒".contains($0) } ?? true
      }
    }
    return ([heads] + body).map { row in
      var line: TextLine = []
      for column in columns {
        let blanks = cells(String(repeating: " ", count: widths[column] - row[column].count))
        line += (column > 0 ? cells("   ") : [])
        line += isNumeric[column] ? blanks + row[column] : row[column] + blanks
      }
      return fit(line.map { $0.character == "\u{A0}" ? Cell(" ", $0.style) : $0 })
    }
  }
}

extension Inline.Style {
  fileprivate func look(_ base: Style) -> Style {
    var style = base
    switch self {
    case .plain: break
    case .emphasis: style.isUnderlined = true
    case .strong: style.isBold = true
    case .code: style.ink = .accent
    }
    return style
  }
}

extension Canvas {
  /// Draws a line of text from a column.
  mutating func put(_ line: TextLine, row: Int, column: Int = 0, in rect: Rect) {
    for (index, cell) in line.enumerated() {
      put(String(cell.character), cell.style, row: row, column: column + index, in: rect)
    }
  }
}
