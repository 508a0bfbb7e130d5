// Markdown as a list of parts. The grammar is CommonMark's own library; what a lesson makes of the
// parts is decided by `ProseReader`.

import CCommonMark
import Library

/// A part of a document: a block, or a piece of a line.
struct MarkdownPart: Sendable {
  var kind: cm_kind
  /// The walk goes away from it; parts without parts are only come to.
  var leaves: Bool
  /// From 1; columns in bytes.
  var line: Int
  var column: Int
  var lastLine: Int
  /// Of text and code.
  var text: String
  /// The first word behind the fence of a code block.
  var word: String
  var isFenced: Bool
  /// Of a heading.
  var level: Int
  /// Of a list: the number of its first item; nil where they have none.
  var start: Int?
  /// Of a list: no blank lines between its items.
  var isTight: Bool

  private init(_ part: cm_part) {
    (kind, leaves) = (part.kind, part.leaves)
    (line, column, lastLine) = (Int(part.line), Int(part.column), Int(part.end_line))
    text = String(cString: part.text)
    let info = String(cString: part.info).trimming { $0.isWhitespace }
    word = String(info.prefix { !$0.isWhitespace })
    (isFenced, isTight, level) = (part.is_fenced, part.is_tight, Int(part.level))
    start = part.is_ordered ? Int(part.start) : nil
  }

  /// All parts of a text, in its order, and whether it defines where links lead.
  static func all(in text: String) -> (parts: [MarkdownPart], hasDefinitions: Bool) {
    let document = text.utf8.withContiguousStorageIfAvailable { bytes in
      bytes.withMemoryRebound(to: CChar.self) { cm_open($0.baseAddress, $0.count) }
    }
    guard let document = document ?? cm_open(text, text.utf8.count) else { return ([], false) }
    defer { cm_close(document) }
    var parts: [MarkdownPart] = []
    var part = cm_part()
    while cm_next(document, &part) { parts.append(MarkdownPart(part)) }
    return (parts, cm_has_definitions(document))
  }
}
