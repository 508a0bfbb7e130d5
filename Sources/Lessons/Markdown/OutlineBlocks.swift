// Finds the blocks at which a lesson is split: headings of beats, and fenced blocks.

import CCommonMark
import Library
import Machine
import Notation

extension Outline {
  /// A heading of a beat, a directive, or a code block; indices of its first and last line.
  struct Block {
    var first: Int
    var last: Int
    var title: (text: String, column: Int)?
    var kind: Kind?
  }

  /// All such blocks outside of lists and quotations, in order.
  static func blocks(_ source: ScriptSource, after end: Int) throws(FileDiagnostic) -> [Block] {
    let body = source.lines[(end + 1)...]
    var blocks: [Block] = []
    var depth = 0
    for part in MarkdownNode.all(in: body.joined(separator: "\n")).parts {
      let isTop = depth == 1 && !part.leaves
      if part.hasParts { depth += part.leaves ? -1 : 1 }
      let first = end + part.line
      guard isTop, source.lines.indices.contains(first) else { continue }
      if part.kind == CM_HEADING, part.level == 2, let title = title(source.lines[first]) {
        blocks.append(Block(first: first, last: first, title: title))
      } else if part.kind == CM_CODE_BLOCK, part.isFenced {
        let last = min(end + part.lastLine, source.lines.count - 1)
        try checkFence(source, part.word, first, last)
        blocks.append(Block(first: first, last: last, kind: Kind(rawValue: part.word)))
      }
    }
    return blocks
  }

  /// The text of `## Title ##` and its column; nil for a heading that is marked by a line below it.
  private static func title(_ line: String) -> (text: String, column: Int)? {
    let indentation = line.prefix { $0 == " " }.count
    let rest = line.dropFirst(indentation)
    guard rest.hasPrefix("##") else { return nil }
    let blanks = rest.dropFirst(2).prefix { $0 == " " }.count
    var text = rest.dropFirst(2).trimming { $0 == " " }
    let bare = text.trimming { $0 == "#" }.endIndex
    if text[bare...].isEmpty == false, bare == text.startIndex || text[..<bare].last == " " {
      text = text[..<bare].trimming { $0 == " " }
    }
    return (String(text), indentation + 2 + blanks + 1)
  }

  // MARK: Fences

  /// A line that opens or closes a fenced block: backticks or tildes, and the word behind them.
  private struct Fence {
    var sign: Substring
    var word: String

    init?(_ line: String) {
      let text = line.drop { $0 == " " }
      guard let first = text.first, first == "`" || first == "~" else { return nil }
      sign = text.prefix { $0 == first }
      guard sign.count >= 3 else { return nil }
      word = String(text.dropFirst(sign.count).trimming { $0 == " " }.prefix { $0 != " " })
    }

    /// Whether the other fence can close this one: the same character, at least as many.
    func matches(_ other: Fence) -> Bool {
      other.sign.first == sign.first && other.sign.count >= sign.count
    }
  }

  /// - Throws: where the block is not closed, or its word is a misspelt directive.
  private static func checkFence(
    _ source: ScriptSource, _ word: String, _ first: Int, _ last: Int
  ) throws(FileDiagnostic) {
    let kinds = Kind.allCases.map(\.rawValue)
    if !kinds.contains(word), let kind = kinds.first(where: { isSlip(word, for: $0) }) {
      throw source.diagnostic(
        first + 1, 1,
        "found a block of \(quoted(word)); blocks are \(kinds.joined(separator: ", "))", note: kind)
    }
    guard let fence = Fence(source.lines[first]) else { return }
    let isDirective = kinds.contains(word)
    let inside = (first + 1)..<max(last, first + 1)
    let other = inside.first { index in
      if isDirective, source.lines[index].hasPrefix("## ") { return true }
      guard let other = Fence(source.lines[index]), fence.matches(other) else { return false }
      return kinds.contains(other.word) || (isDirective && !other.word.isEmpty)
    }
    let closing = last > first ? Fence(source.lines[last]) : nil
    let isClosed = closing.map { fence.matches($0) && $0.word.isEmpty } ?? false
    guard other != nil || !isClosed else { return }
    let place = other.map { "before line \($0 + 1)" } ?? "to the end of the file"
    throw source.diagnostic(
      first + 1, 1,
      "found a block that is not closed \(place), expected a line of \(fence.sign.prefix(10)); what "
        + "has fences in it stands between longer ones")
  }

  /// True for misspelt directives such as `Ask`, `cues` and `exepct`.
  private static func isSlip(_ word: String, for kind: String) -> Bool {
    let lower = word.lowercased()
    if lower == kind || lower == kind + "s" { return true }
    return lower.count == kind.count && lower.sorted() == kind.sorted()
      && editDistance(Array(lower), Array(kind)) == 1
  }
}

extension MarkdownNode {
  /// True for nodes that are entered and left.
  fileprivate var hasParts: Bool {
    ![
      CM_CODE_BLOCK, CM_HTML_BLOCK, CM_BREAK, CM_TEXT, CM_SOFT_BREAK, CM_HARD_BREAK, CM_CODE,
      CM_HTML,
    ].contains(kind)
  }
}
