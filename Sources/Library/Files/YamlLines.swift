// Texts of a YAML mapping with their places, for values that are a language of their own.

import Machine
import Yams

extension YamlMapping {
  /// A text and where it begins, line and column from 1.
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

  /// Text that may go on over several lines, as one line.
  package func line(_ key: String) throws(FileError) -> String {
    guard let line = Line(try node(key)), !line.text.isEmpty else {
      throw fault(key, "found \(described(try node(key))), expected text")
    }
    return line.text
  }

  /// A text, or a list of texts.
  package func linesOfList(_ key: String) throws(FileError) -> [Line] {
    let node = try node(key)
    let nodes = node.sequence.map { Array($0) } ?? [node]
    let lines = nodes.compactMap(Line.init)
    guard lines.count == nodes.count, !lines.isEmpty else {
      throw fault(key, "found \(described(node)), expected a text or a list of texts")
    }
    return lines
  }

  /// A list of texts, each with a value or without: `- text` or `- text: value`.
  package func pairs(
    _ key: String
  ) throws(FileError) -> [(text: String, line: Int, column: Int, value: Line?)] {
    let node = try node(key)
    guard let items = node.sequence else {
      throw fault(key, "found \(described(node)), expected a list, each line beginning with - ")
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
        throw fault(key, "found \(described(item)), expected a text, or text: CLAIM")
      }
    }
    return pairs
  }
}

/// Lines of one text, as one.
private func joined(_ text: String) -> String {
  text.split(whereSeparator: \.isNewline).map { $0.trimming { $0 == " " } }.joined(separator: " ")
}
