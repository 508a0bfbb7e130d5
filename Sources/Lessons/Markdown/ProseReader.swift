// Reads the blocks of Markdown that a beat can show: paragraphs, lists, quotations, tables,
// headings and code. Other blocks are errors.

import CCommonMark
import Library

/// Reads the prose of a beat, and gives errors the line in the file.
struct ProseReader {
  private let source: ScriptSource
  private let inline: InlineReader

  init(_ source: ScriptSource, _ evaluator: Evaluator?) {
    self.source = source
    inline = InlineReader(source: source, evaluator: evaluator)
  }

  /// The blocks that can be read, and the errors of the others.
  func read(_ part: Outline.Part) -> (blocks: [Prose], diagnostics: [FileDiagnostic]) {
    let raw = MarkdownNode.all(in: part.lines.joined(separator: "\n"))
    var codeLines: Set<Int> = []
    for block in raw.parts where block.kind == CM_CODE_BLOCK {
      codeLines.formUnion(block.line...max(block.line, block.lastLine))
    }
    let braced = BracedText(part) { codeLines.contains($0 - part.line + 1) }
    guard braced.braces.count < BracedText.most else {
      return (
        [], [source.diagnostic(part.line, 1, "found more than \(BracedText.most) expressions")]
      )
    }
    let read = MarkdownNode.all(in: braced.text)
    var walk = BlockWalk(parts: read.parts[...], braced: braced, source: source, inline: inline)
    let blocks = walk.document()
    if read.hasDefinitions { walk.diagnostics.append(definition(part, codeLines)) }
    return (blocks, walk.diagnostics)
  }

  /// The error for a link reference definition, such as `[1]: /address`.
  private func definition(_ part: Outline.Part, _ codeLines: Set<Int>) -> FileDiagnostic {
    let index = part.lines.indices.first {
      !codeLines.contains($0 + 1) && part.lines[$0].contains(#/^[ >*+\-0-9.)]*\[.*\]?/#)
    }
    return source.diagnostic(
      part.line + (index ?? 0), 1,
      "found where a link leads ([name]: address), and links are not read here; \\[ is a mere sign")
  }
}

/// A walk over the nodes of a document.
private struct BlockWalk {
  var parts: ArraySlice<MarkdownNode>
  let braced: BracedText
  let source: ScriptSource
  let inline: InlineReader
  var diagnostics: [FileDiagnostic] = []
  private var depth = 0
  /// Deepest nesting of lists and quotations that fits on a screen.
  private static let deepest = 6

  init(
    parts: ArraySlice<MarkdownNode>, braced: BracedText, source: ScriptSource,
    inline: InlineReader
  ) {
    (self.parts, self.braced, self.source, self.inline) = (parts, braced, source, inline)
  }

  mutating func document() -> [Prose] {
    parts = parts.dropFirst()
    return blocks(in: CM_DOCUMENT)
  }

  /// The blocks inside the node of this kind, up to where it is left.
  private mutating func blocks(in kind: cm_kind) -> [Prose] {
    var blocks: [Prose] = []
    while let part = parts.popFirst() {
      if part.leaves, part.kind == kind { break }
      do throws(FileDiagnostic) { blocks.append(try block(part)) } catch {
        diagnostics.append(error)
      }
    }
    return blocks
  }

  /// The nodes inside `part`; the walk continues behind it.
  private mutating func content(of part: MarkdownNode) -> ArraySlice<MarkdownNode> {
    var depth = 1
    for index in parts.indices where parts[index].kind == part.kind {
      depth += parts[index].leaves ? -1 : 1
      guard depth == 0 else { continue }
      defer { parts = parts[(index + 1)...] }
      return parts[..<index]
    }
    defer { parts = [] }
    return parts
  }

  private func diagnostic(_ part: MarkdownNode, _ message: String) -> FileDiagnostic {
    let place = braced.place(line: part.line, column: part.column)
    return source.diagnostic(place.line, place.column, message)
  }

  private mutating func block(_ part: MarkdownNode) throws(FileDiagnostic) -> Prose {
    switch part.kind {
    case CM_PARAGRAPH: return .paragraph(try inline.read(content(of: part), braced))
    case CM_HEADING: return try heading(part)
    case CM_QUOTE: return .quote(try nested(part))
    case CM_LIST: return try list(part)
    case CM_TABLE: return try table(part)
    case CM_CODE_BLOCK: return try code(part)
    case CM_HTML_BLOCK:
      throw diagnostic(part, "found HTML, which is not read here; \\< is a mere sign")
    case CM_BREAK:
      throw diagnostic(
        part, "found a rule across the page, which is not read here; \\ makes it text")
    default: throw diagnostic(part, "found a block that is not read here")
    }
  }

  private mutating func heading(_ part: MarkdownNode) throws(FileDiagnostic) -> Prose {
    let content = content(of: part)
    let place = braced.place(line: part.line, column: part.column)
    let line = braced.lines[part.line - 1]
    guard line.contains(where: { $0.column == place.column && $0.character == "#" }) else {
      throw diagnostic(
        part, "found a line that the signs below it make a heading, expected ### in front of it")
    }
    guard part.level == 3 else {
      throw diagnostic(
        part,
        "found a heading of level \(part.level), expected ### inside a beat, or ## with a blank "
          + "at the left edge for a new one")
    }
    return .heading(try inline.read(content, braced))
  }

  /// The blocks in an item of a list or in a quotation.
  private mutating func nested(_ part: MarkdownNode) throws(FileDiagnostic) -> [Prose] {
    guard depth < Self.deepest else {
      _ = content(of: part)
      throw diagnostic(
        part, "found lists and quotations within each other more than \(Self.deepest) deep")
    }
    depth += 1
    defer { depth -= 1 }
    return blocks(in: part.kind)
  }

  private mutating func list(_ part: MarkdownNode) throws(FileDiagnostic) -> Prose {
    var items: [[Prose]] = []
    while let item = parts.popFirst() {
      if item.leaves, item.kind == CM_LIST { break }
      do throws(FileDiagnostic) { items.append(try nested(item)) } catch {
        diagnostics.append(error)
      }
    }
    return .list(items: items, number: part.start, isLoose: !part.isTight)
  }

  private func code(_ part: MarkdownNode) throws(FileDiagnostic) -> Prose {
    if part.isFenced, depth > 0, let kind = Outline.Kind(rawValue: part.word) {
      throw diagnostic(
        part,
        "found a block of '\(kind.rawValue)' inside a list or quotation, expected it at the "
          + "left edge")
    }
    var lines = braced.restored(part.text).split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last == "" { lines.removeLast() }
    let first = braced.place(line: part.line + (part.isFenced ? 1 : 0), column: 1).line
    return .code(lines.map(String.init), line: first)
  }
}

// MARK: Tables

extension BlockWalk {
  private mutating func table(_ part: MarkdownNode) throws(FileDiagnostic) -> Prose {
    var rest = content(of: part)
    var rows: [[[Inline]]] = []
    while let row = rest.popFirst() {
      guard row.kind == CM_TABLE_ROW, !row.leaves else { continue }
      var cells: [[Inline]] = []
      var found = cellCount(row)
      while let cell = rest.popFirst(), !cell.leaves || cell.kind != CM_TABLE_ROW {
        let content = rest.prefix { $0.kind != CM_TABLE_CELL }
        rest = rest.dropFirst(content.count + 1)
        // The parser adds empty cells to a row that is too short; they have column 0.
        if cell.column == 0 { found = min(found, cells.count) }
        cells.append(trimmed(try inline.read(content, braced)))
      }
      guard found == cells.count else {
        throw diagnostic(
          row, "found \(found) cells in this row, expected \(cells.count) as in the header")
      }
      rows.append(cells)
    }
    let line = braced.place(line: part.line, column: part.column).line
    return .table(header: rows.first ?? [], rows: Array(rows.dropFirst()), line: line)
  }

  /// The cell without white space at either end.
  private func trimmed(_ cell: [Inline]) -> [Inline] {
    var cell = cell
    while let last = cell.last?.text.last, last.isWhitespace {
      cell[cell.count - 1].text.removeLast()
    }
    while let first = cell.first?.text.first, first.isWhitespace { cell[0].text.removeFirst() }
    return cell
  }

  /// Number of cells that a table row has in the file.
  private func cellCount(_ row: MarkdownNode) -> Int {
    guard braced.lines.indices.contains(row.line - 1) else { return 0 }
    let text = String(braced.lines[row.line - 1].map(\.character)).utf8.dropFirst(row.column - 1)
    var isEscaped = false
    var bars: [Int] = []
    var last = 0
    for (index, byte) in text.enumerated() {
      if byte == UInt8(ascii: "|"), !isEscaped { bars.append(index) }
      if byte != UInt8(ascii: " ") { last = index }
      isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
    }
    return bars.count + 1 - (bars.first == 0 ? 1 : 0) - (bars.last == last ? 1 : 0)
  }
}
