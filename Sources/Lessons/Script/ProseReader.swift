// Markdown's blocks, as far as a beat needs them: paragraphs, lists, quotes, tables, headings, code.
// It is read here and not by a library because every complaint needs a column in the author's file,
// and braces must be read before the signs around them.

/// Reads prose that knows its lines.
struct ProseReader {
  private let source: ScriptSource
  private let inline: InlineReader

  init(_ source: ScriptSource, _ evaluator: Evaluator?) {
    self.source = source
    inline = InlineReader(source: source, evaluator: evaluator)
  }

  /// The blocks that can be read, and what is wrong with the others.
  func read(_ part: Outline.Part) -> (blocks: [Prose], faults: [Fault]) {
    var result: (blocks: [Prose], faults: [Fault]) = ([], [])
    var index = 0
    while index < part.lines.count {
      let start = index
      do throws(Fault) {
        if let block = try block(part, &index) { result.blocks.append(block) }
      } catch {
        result.faults.append(error)
        index = max(index, start + 1)
      }
    }
    return result
  }

  /// The block that begins at `index`, which moves behind it; nil for a blank line.
  private func block(_ part: Outline.Part, _ index: inout Int) throws(Fault) -> Prose? {
    let line = part.lines[index]
    if line.allSatisfy(\.isWhitespace) {
      index += 1
      return nil
    }
    if let fence = Outline.Fence(line) {
      let rest = part.lines[(index + 1)...]
      let end = rest.firstIndex { fence.isClosed(by: $0) } ?? part.lines.endIndex
      defer { index = end + 1 }
      return .code(Array(part.lines[index + 1..<end]))
    }
    if line.hasPrefix("#") {
      index += 1
      return try heading(line, part.line + index - 1)
    }
    return isTable(part.lines, at: index) ? try table(part, &index) : try flowing(part, &index)
  }

  private func heading(_ line: String, _ number: Int) throws(Fault) -> Prose {
    let level = line.prefix { $0 == "#" }.count
    guard level == 3, line.dropFirst(3).first == " " else {
      throw source.fault(
        number, 1,
        "found a heading of level \(level), expected ### inside a beat, or ## with a blank for a new one"
      )
    }
    return .heading(try pieces(line.dropFirst(4), number, column: 5))
  }

  private func pieces(_ text: some StringProtocol, _ line: Int, column: Int) throws(Fault)
    -> [Inline]
  {
    try inline.read(PlacedCharacter.place(text, line: line, column: column)[...])
  }

  // MARK: Paragraphs, lists and quotes

  /// What a line begins.
  private enum Mark: Equatable {
    case none, quote
    case item(isOrdered: Bool)
  }

  /// The mark of a line and how many characters it takes.
  private func mark(_ line: String) -> (mark: Mark, length: Int) {
    let indentation = line.prefix { $0 == " " }.count
    let text = line.dropFirst(indentation)
    if text.hasPrefix("> ") || text == ">" { return (.quote, indentation + min(2, text.count)) }
    if text.hasPrefix("- ") || text.hasPrefix("* ") {
      return (.item(isOrdered: false), indentation + 2)
    }
    let digits = text.prefix { $0.isASCIIDigit }
    if (1...3).contains(digits.count), text.dropFirst(digits.count).hasPrefix(". ") {
      return (.item(isOrdered: true), indentation + digits.count + 2)
    }
    return (.none, 0)
  }

  private func flowing(_ part: Outline.Part, _ index: inout Int) throws(Fault) -> Prose {
    let (mark, _) = mark(part.lines[index])
    switch mark {
    case .none: return .paragraph(try inline.read(lines(part, &index, mark)[...]))
    case .quote: return .quote(try inline.read(lines(part, &index, mark)[...]))
    case .item(let isOrdered):
      var items: [[Inline]] = []
      while index < part.lines.count, self.mark(part.lines[index]).mark == mark {
        items.append(try inline.read(lines(part, &index, mark)[...]))
      }
      return .list(items: items, isOrdered: isOrdered)
    }
  }

  /// The characters of a block, its lines joined by blanks; it ends before a blank line or another
  /// mark, and a list's item before the next one.
  private func lines(
    _ part: Outline.Part, _ index: inout Int, _ kind: Mark
  ) -> [PlacedCharacter] {
    var text: [PlacedCharacter] = []
    let first = index
    while index < part.lines.count {
      let line = part.lines[index]
      let (mark, length) = mark(line)
      let isMore = mark == .none || (mark == .quote && kind == .quote)
      let ends =
        line.allSatisfy(\.isWhitespace) || line.hasPrefix("#") || Outline.Fence(line) != nil
      if index > first, ends || !isMore || isTable(part.lines, at: index) { break }
      let indentation = max(length, line.prefix { $0 == " " }.count)
      let body = line.dropFirst(indentation).trimming { $0 == " " }
      let number = part.line + index
      if !text.isEmpty { text += PlacedCharacter.place(" ", line: number, column: 1) }
      text += PlacedCharacter.place(body, line: number, column: indentation + 1)
      index += 1
    }
    return text
  }

  // MARK: Tables

  private func isTable(_ lines: [String], at index: Int) -> Bool {
    guard lines[index].contains("|"), index + 1 < lines.count else { return false }
    let rule = lines[index + 1]
    return rule.contains("-") && rule.contains("|") && rule.allSatisfy { "|-: ".contains($0) }
  }

  private func table(_ part: Outline.Part, _ index: inout Int) throws(Fault) -> Prose {
    let header = try cells(part.lines[index], part.line + index)
    index += 2
    var rows: [[[Inline]]] = []
    while index < part.lines.count, part.lines[index].contains("|") {
      let row = try cells(part.lines[index], part.line + index)
      guard row.count == header.count else {
        throw source.fault(
          part.line + index, 1,
          "found \(row.count) cells in this row, expected \(header.count) as in the header")
      }
      rows.append(row)
      index += 1
    }
    return .table(header: header, rows: rows)
  }

  private func cells(_ line: String, _ number: Int) throws(Fault) -> [[Inline]] {
    var cells: [[PlacedCharacter]] = [[]]
    var previous: Character = " "
    for placed in PlacedCharacter.place(line, line: number, column: 1) {
      if placed.character == "|", previous != "\\" {
        cells.append([])
      } else {
        cells[cells.count - 1].append(placed)
      }
      previous = placed.character
    }
    func isBlank(_ cell: [PlacedCharacter]) -> Bool { cell.allSatisfy { $0.character == " " } }
    if isBlank(cells[0]) { cells.removeFirst() }
    if let last = cells.last, isBlank(last), cells.count > 1 { cells.removeLast() }
    var read: [[Inline]] = []
    for cell in cells {
      let start = cell.firstIndex { $0.character != " " } ?? cell.endIndex
      let end = cell.lastIndex { $0.character != " " }.map { $0 + 1 } ?? start
      read.append(try inline.read(cell[start..<end]))
    }
    return read
  }
}
