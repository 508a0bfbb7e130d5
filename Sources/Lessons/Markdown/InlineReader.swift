// Reads the inline elements of Markdown: emphasis, code, and expressions, which become text.
// Elements that a lesson cannot show, such as links, are errors.

import CCommonMark
import Library

/// Turns inline elements into styled text.
struct InlineReader {
  let source: ScriptSource
  let evaluator: Evaluator?

  /// Reads one line that contains no block: a question, a choice, a heading.
  func read(_ text: [PlacedCharacter]) throws(FileDiagnostic) -> [Inline] {
    let braced = BracedText(line: text)
    let parts = MarkdownNode.all(in: braced.text).parts.dropFirst(2)
    return try read(parts.prefix { $0.kind != CM_PARAGRAPH }, braced)
  }

  /// Reads the inline elements of one block.
  func read(_ parts: ArraySlice<MarkdownNode>, _ braced: BracedText) throws(FileDiagnostic)
    -> [Inline]
  {
    var pieces = Pieces()
    for part in parts {
      // Computed only for an error, because it scans the line.
      var place: (line: Int, column: Int) { braced.place(line: part.line, column: part.column) }
      switch part.kind {
      case CM_EMPHASIS: pieces.emphases += part.leaves ? -1 : 1
      case CM_STRONG: pieces.strongs += part.leaves ? -1 : 1
      case CM_TEXT:
        guard isPlain(part.text) else {
          throw source.diagnostic(
            place.line, place.column,
            "found \(quoted(part.text)) with a control character, expected text")
        }
        try add(part.text, braced, to: &pieces)
      case CM_CODE: pieces.add(braced.restored(part.text), .code)
      case CM_SOFT_BREAK: pieces.add(" ")
      case CM_HARD_BREAK: pieces.all.append(.lineBreak)
      default:
        throw refusal(
          of: part.kind, braced.place(line: part.line, column: part.column, after: "[<!"))
      }
    }
    if pieces.areStruck, let first = parts.first {
      let place = braced.place(line: first.line, column: first.column)
      throw source.diagnostic(
        place.line, place.column,
        "found struck-out text (~~), which is not read here; code shows the signs: `~~`")
    }
    return pieces.all
  }

  private func refusal(of kind: cm_kind, _ place: (line: Int, column: Int)) -> FileDiagnostic {
    let (what, way) =
      switch kind {
      case CM_LINK: ("a link", "\\[ and \\< are mere signs, and code shows them too")
      case CM_IMAGE: ("a picture", "\\! is a mere sign")
      case CM_HTML: ("HTML", "\\< is a mere sign, and code shows it too")
      default: ("what this reader does not know", "text, emphasis or code")
      }
    return source.diagnostic(
      place.line, place.column, "found \(what), which is not read here; \(way)")
  }

  /// Adds text, with the expressions in it evaluated.
  private func add(
    _ text: String, _ braced: BracedText, to pieces: inout Pieces
  ) throws(FileDiagnostic) {
    var plain = ""
    for scalar in text.unicodeScalars {
      if scalar == BracedText.start, plain.isEmpty, pieces.all.isEmpty { continue }
      guard let braces = braced.braces(for: scalar) else {
        plain.unicodeScalars.append(scalar)
        continue
      }
      pieces.add(plain)
      plain = ""
      guard evaluator != nil else {
        pieces.add(braces.text)
        continue
      }
      pieces.all.append(try figure(braces, pieces.style))
    }
    pieces.add(plain)
  }

  private func figure(
    _ braces: BracedText.Braces, _ style: Inline.Style
  ) throws(FileDiagnostic) -> Inline {
    guard braces.isClosed else {
      throw source.diagnostic(
        braces.line, braces.column,
        "found { without }, expected {EXPRESSION}; a brace itself is \\{")
    }
    do {
      let column = braces.column + 1
      let format = try DisplayFormat(braces.inner, column: column)
      let expression = try ExpressionParser.parse(format.expression, column: column)
      guard let evaluator else { preconditionFailure("braces are read only with an evaluator") }
      let value = try evaluator.value(expression)
      return Inline(
        try format.text(value, column: column), style, figure: value.quantity,
        names: evaluator.figureNames(expression))
    } catch { throw source.diagnostic(braces.line, error) }
  }
}

/// Styled text that is being built; adjacent pieces of one style are joined.
private struct Pieces {
  var all: [Inline] = []
  /// How many levels of emphasis are open.
  var emphases = 0
  var strongs = 0

  var style: Inline.Style {
    (emphases > 0 ? Inline.Style.emphasis : .plain).union(strongs > 0 ? .strong : .plain)
  }

  /// True where some text outside of code is between two pairs of tildes.
  var areStruck: Bool {
    let text = all.filter { !$0.style.contains(.code) }.plain
    return text.contains("~~") && text.contains(#/~~[^\s~].*~~/#)
  }

  mutating func add(_ text: String, _ extra: Inline.Style = .plain) {
    guard !text.isEmpty else { return }
    let style = style.union(extra)
    guard extra == .plain, let last = all.indices.last, isOpen(last, style) else {
      all.append(Inline(text, style))
      return
    }
    all[last].text += text
  }

  /// Whether text of this style may be appended to the piece.
  private func isOpen(_ index: Int, _ style: Inline.Style) -> Bool {
    all[index].style == style && all[index].figure == nil && all[index].text != "\n"
  }
}
