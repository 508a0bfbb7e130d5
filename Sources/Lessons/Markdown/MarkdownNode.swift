// Parses Markdown with CommonMark's own library into a flat list of nodes. `ProseReader` turns the
// nodes into what a lesson can show.

import CCommonMark
import Library

/// One step of the walk over the syntax tree: a block or an inline element is entered or left.
struct MarkdownNode: Sendable {
  var kind: cm_kind
  /// True where the node is left. Nodes without children are only entered.
  var leaves: Bool
  /// Line from 1.
  var line: Int
  /// Column from 1, in bytes; 0 where the parser does not know it.
  var column: Int
  /// Last line of a block, from 1.
  var lastLine: Int
  /// Contents of text and code.
  var text: String
  /// First word behind the opening fence of a code block.
  var word: String
  var isFenced: Bool
  /// Level of a heading, 1 to 6.
  var level: Int
  /// Number of the first item of a list; nil for bullets.
  var start: Int?
  /// True for a list without blank lines between its items.
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

  /// All nodes of a text in document order, and whether it has link reference definitions.
  static func all(in text: String) -> (parts: [MarkdownNode], hasDefinitions: Bool) {
    let document = text.utf8.withContiguousStorageIfAvailable { bytes in
      bytes.withMemoryRebound(to: CChar.self) { cm_open($0.baseAddress, $0.count) }
    }
    guard let document = document ?? cm_open(text, text.utf8.count) else { return ([], false) }
    defer { cm_close(document) }
    var parts: [MarkdownNode] = []
    var part = cm_part()
    while cm_next(document, &part) { parts.append(MarkdownNode(part)) }
    return (parts, cm_has_definitions(document))
  }
}
