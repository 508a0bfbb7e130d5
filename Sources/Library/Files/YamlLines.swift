// Texts of a YAML mapping with their line and column, for values that another parser reads, such as
// expressions: its errors can then name the place in the file.

import Yams

extension YamlMapping {
  /// A text and the place where it begins; line and column count from 1.
  package struct Line: Sendable {
    package var text: String
    package var line: Int
    package var column: Int

    package init(text: String, line: Int, column: Int) {
      self.text = text
      self.line = line
      self.column = column
    }

    fileprivate init?(_ node: Node) {
      guard case .scalar(let scalar) = node, isPlain(joined(scalar.string)) else { return nil }
      // A quoted text begins after its quotation mark.
      let isQuoted = [.singleQuoted, .doubleQuoted].contains(scalar.style)
      self.init(
        text: joined(scalar.string), line: node.mark?.line ?? 1,
        column: (node.mark?.column ?? 1) + (isQuoted ? 1 : 0))
    }
  }

  /// The text of `key`, several lines joined to one.
  /// - Throws: `malformed` where the value is no text.
  package func line(_ key: String) throws(FileError) -> String {
    guard let line = Line(try node(key)), !line.text.isEmpty else {
      throw diagnostic(key, "found \(described(try node(key))), expected text")
    }
    return line.text
  }

  /// The texts of `key`, which is one text or a list of texts.
  /// - Throws: `malformed` where it is neither.
  package func linesOfList(_ key: String) throws(FileError) -> [Line] {
    let node = try node(key)
    let nodes = node.sequence.map { Array($0) } ?? [node]
    let lines = nodes.compactMap(Line.init)
    guard lines.count == nodes.count, !lines.isEmpty else {
      throw diagnostic(key, "found \(described(node)), expected a text or a list of texts")
    }
    return lines
  }

  /// The items of the list `key`, each a text with a value or without: `- text` or `- text: value`.
  /// - Throws: `malformed` where the value is no list, or an item is something else.
  package func pairs(
    _ key: String
  ) throws(FileError) -> [(text: String, line: Int, column: Int, value: Line?)] {
    let node = try node(key)
    guard let items = node.sequence else {
      throw diagnostic(
        key, "found \(described(node)), expected a list, each line beginning with - ")
    }
    var pairs: [(text: String, line: Int, column: Int, value: Line?)] = []
    for item in items {
      if let line = Line(item) {
        pairs.append((line.text, line.line, line.column, nil))
      } else if case .mapping(let mapping) = item, mapping.count == 1, let pair = mapping.first,
        let text = Line(pair.key), let value = Line(pair.value)
      {
        pairs.append((text.text, text.line, text.column, value))
      } else {
        throw diagnostic(key, "found \(described(item)), expected a text, or text: CLAIM")
      }
    }
    return pairs
  }
}

/// The lines of a text joined with single spaces.
private func joined(_ text: String) -> String {
  text.split(whereSeparator: \.isNewline).map { $0.trimming { $0 == " " } }.joined(separator: " ")
}
