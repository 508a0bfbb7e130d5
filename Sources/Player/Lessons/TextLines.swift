// The text of a lesson as lines of cells: wrapped paragraphs, lists, quotes, code and tables.
// Emphasis is underlined and strong text is bold, so that both can be told without colours.

import Canvas
import Lessons
import Library
import Views

/// A line of text on the screen.
typealias TextLine = [Cell]

/// Lays out text in lines of `width` columns.
struct TextLines {
  let width: Int
  /// The lines of code and tables that were too wide and were cut, with their line in the file.
  private(set) var cut: [(text: String, line: Int)] = []

  init(width: Int) { self.width = max(1, width) }

  /// The lines of some blocks.
  /// - Parameter isLoose: puts a blank line between blocks; false in the items of a tight list.
  mutating func lines(_ prose: [Prose], isLoose: Bool = true) -> [TextLine] {
    var result: [TextLine] = []
    for (index, block) in prose.enumerated() {
      if index > 0, isLoose { result.append([]) }
      result += lines(block)
    }
    return result
  }

  private mutating func lines(_ block: Prose) -> [TextLine] {
    switch block {
    case .paragraph(let inlines): return wrapped(inlines)
    case .heading(let inlines): return wrapped(inlines, Style(.title, bold: true))
    case .list(let items, let number, let isLoose): return list(items, number, isLoose)
    case .quote(let blocks):
      let bar = cells("┃ ", Style(.dim))
      return within(bar.count) { $0.lines(blocks) }.map { bar + $0 }
    case .code(let lines, let line):
      return lines.enumerated().map { fit(cells("  " + $1, Style(.accent)), line: line + $0) }
    case .table(let header, let rows, let line): return table(header, rows, line: line)
    }
  }

  /// A list: each item behind its bullet or number, its further lines indented as far.
  private mutating func list(
    _ items: [[Prose]], _ number: Int?, _ isLoose: Bool
  ) -> [TextLine] {
    let last = number.map { "\($0 + max(0, items.count - 1))." }
    let indent = (last?.count ?? 1) + 1
    var result: [TextLine] = []
    for (index, item) in items.enumerated() {
      let sign = number.map { "\($0 + index)." } ?? "•"
      let first = cells(sign.padded(indent - 1, right: true) + " ")
      let blank = cells(String(repeating: " ", count: indent))
      let lines = within(indent) { $0.lines(item, isLoose: isLoose) }
      if isLoose, index > 0 { result.append([]) }
      for (place, line) in (lines.isEmpty ? [[]] : lines).enumerated() {
        result.append(place == 0 ? first + line : line.isEmpty ? [] : blank + line)
      }
    }
    return result
  }

  /// Lines laid out in a column that is narrower by `indent`; what is cut there is recorded here.
  private mutating func within(
    _ indent: Int, _ lines: (inout TextLines) -> [TextLine]
  ) -> [TextLine] {
    var inner = TextLines(width: width - indent)
    defer { cut += inner.cut }
    return lines(&inner)
  }

  /// The line, cut to the width with `…`; a cut is recorded unless `number`, the line in the file,
  /// is nil.
  private mutating func fit(_ line: TextLine, line number: Int?) -> TextLine {
    guard line.count > width else { return line }
    if let number { cut.append((String(line.map(\.character)), number)) }
    return line.prefix(width - 1) + [Cell("…", line[width - 1].style)]
  }

  // MARK: Breaking lines

  /// Text wrapped at blanks and at hard line breaks.
  /// - Parameters:
  ///   - first: cells before the first line.
  ///   - rest: cells before all other lines.
  func wrapped(
    _ inlines: [Inline], _ base: Style = Style(), first: TextLine = [], rest: TextLine = []
  ) -> [TextLine] {
    inlines.lines.enumerated().flatMap { index, line in
      broken(cells(line, base), first: index == 0 ? first : rest, rest: rest)
    }
  }

  private func broken(_ text: TextLine, first: TextLine, rest: TextLine) -> [TextLine] {
    let words = text.split { $0.character == " " }
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

  /// The style of a blank: that of the words around it if both have the same.
  private func gap(_ left: Cell?, _ right: Cell?) -> Style {
    left?.style == right?.style ? left?.style ?? Style() : Style()
  }

  func cells(_ inlines: [Inline], _ base: Style = Style()) -> TextLine {
    inlines.flatMap { inline in
      // A number and its unit stay on one line.
      let text = inline.figure == nil ? inline.text : inline.text.replacing(" ", with: "\u{A0}")
      return cells(text, inline.style.look(base))
    }
  }

  func cells(_ text: some Sequence<Character>, _ style: Style = Style()) -> TextLine {
    text.map { Cell($0.oneColumn, style) }
  }

  // MARK: Tables

  private mutating func table(
    _ header: [[Inline]], _ rows: [[[Inline]]], line number: Int
  ) -> [TextLine] {
    let heads = header.map { cells($0, Style(bold: true, underlined: true)) }
    let body = rows.map { row in row.map { cells($0) } }
    let columns = heads.indices
    let widths = columns.map { column in
      max(heads[column].count, body.map { $0[column].count }.max() ?? 0)
    }
    let isNumeric = columns.map { column in
      body.allSatisfy {
        ($0[column].first?.character).map { $0.isNumber || "-−▚".contains($0) } ?? true
      }
    }
    let rows = [heads] + body
    // All rows are equally wide; only the one with the most text is recorded as too wide.
    let longest = rows.indices.max { rows[$0].joined().count < rows[$1].joined().count }
    return rows.enumerated().map { place, row in
      var line: TextLine = []
      for column in columns {
        let blanks = cells(String(repeating: " ", count: widths[column] - row[column].count))
        line += (column > 0 ? cells("   ") : [])
        line += isNumeric[column] ? blanks + row[column] : row[column] + blanks
      }
      return fit(
        line.map { $0.character == "\u{A0}" ? Cell(" ", $0.style) : $0 },
        // In the file the delimiter row follows the header, which is no row of the table.
        line: place == longest ? number + (place == 0 ? 0 : place + 1) : nil)
    }
  }
}

extension Inline.Style {
  fileprivate func look(_ base: Style) -> Style {
    var style = base
    if contains(.emphasis) { style.isUnderlined = true }
    if contains(.strong) { style.isBold = true }
    if contains(.code) { style.ink = .accent }
    return style
  }
}

extension Canvas {
  /// Draws a line of text from `column` on.
  mutating func put(_ line: TextLine, row: Int, column: Int = 0, in rect: Rect) {
    for (index, cell) in line.enumerated() {
      put(String(cell.character), cell.style, row: row, column: column + index, in: rect)
    }
  }
}
