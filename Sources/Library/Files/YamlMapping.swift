// A mapping of a YAML file whose keys are known beforehand. Values are read by key and type; an
// unknown key, a missing key or a value of another type is an error that names the line.

import Machine
import Notation
import Yams

/// The keys and values of one mapping in a YAML file.
package struct YamlMapping {
  package let path: String
  /// Line on which the mapping begins, from 1.
  package let line: Int
  /// Path of keys that leads to the mapping: "units.hbm", empty at the top level.
  package let name: String
  private var nodes: [String: Node] = [:]
  /// Keys in the order of the file.
  package private(set) var keys: [String] = []

  /// - Parameter allowed: the keys that may occur; nil for any.
  /// - Throws: `malformed` unless `node` is a mapping whose keys are all in `allowed`.
  package init(_ node: Node?, path: String, name: String = "", allowed: [String]?) throws(FileError)
  {
    self.path = path
    self.name = name
    line = node?.mark?.line ?? 1
    guard case .mapping(let mapping)? = node else {
      let place = name.isEmpty ? "" : "'\(name)': "
      throw .malformed(
        path: path, line: line,
        reason: "\(place)found \(described(node)), expected "
          + (allowed.map { "the keys \(listed($0))" } ?? "names and what they stand for"))
    }
    for (key, value) in mapping {
      let text = try Self.key(key, path: path, allowed: allowed, name: name)
      keys.append(text)
      nodes[text] = value
    }
  }

  private static func key(
    _ node: Node, path: String, allowed: [String]?, name: String
  ) throws(FileError) -> String {
    if let word = node.scalar?.string, allowed?.contains(word) ?? true { return word }
    let found = node.scalar?.string ?? ""
    let allowed = allowed ?? []
    let place = name.isEmpty ? "" : " in '\(name)'"
    throw .malformed(
      path: path, line: node.mark?.line,
      reason: "unknown key \(quoted(found))\(place)\(suggestion(for: found, in: allowed)); "
        + "the keys are \(allowed.joined(separator: ", "))")
  }

  /// The key with the path of keys before it: "units.hbm.latency" for "latency".
  package func fullName(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

  /// True where the mapping has the key.
  package func has(_ key: String) -> Bool { nodes[key] != nil }

  /// An error about the value of `key`, with its line.
  package func diagnostic(_ key: String, _ reason: String) -> FileError {
    .malformed(
      path: path, line: nodes[key]?.mark?.line ?? line, reason: "'\(fullName(key))': \(reason)")
  }

  /// The YAML node of `key`.
  /// - Throws: `malformed` where the key is missing.
  package func node(_ key: String) throws(FileError) -> Node {
    if let node = nodes[key] { return node }
    throw .malformed(path: path, line: line, reason: "missing key '\(fullName(key))'")
  }

  /// The place where the value of `key` begins; line and column count from 1.
  package func place(_ key: String) -> (line: Int, column: Int) {
    let mark = nodes[key]?.mark
    return (mark?.line ?? line, mark?.column ?? 1)
  }

  /// The mapping at `key`, with any keys.
  package func anyMapping(_ key: String) throws(FileError) -> YamlMapping {
    try YamlMapping(node(key), path: path, name: fullName(key), allowed: nil)
  }

  /// The mapping at `key`, whose keys are all in `allowed`.
  package func mapping(_ key: String, allowed: [String]) throws(FileError) -> YamlMapping {
    try YamlMapping(node(key), path: path, name: fullName(key), allowed: allowed)
  }

  /// The text of `key`, one line without control characters.
  package func text(_ key: String) throws(FileError) -> String {
    let node = try node(key)
    guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
      throw diagnostic(key, "found \(described(node)), expected text")
    }
    guard isPlain(scalar.string) else {
      throw diagnostic(key, "found \(quoted(scalar.string)), expected one line of plain text")
    }
    return scalar.string
  }

  /// The list of texts at `key`, none with control characters.
  package func texts(_ key: String) throws(FileError) -> [String] {
    let node = try node(key)
    let items = node.sequence?.compactMap { $0.scalar?.string } ?? []
    guard let sequence = node.sequence, items.count == sequence.count, items.allSatisfy(isPlain)
    else { throw diagnostic(key, "found \(described(node)), expected a list of words") }
    return items
  }

  /// The words of `key`: a text split at spaces, or a list.
  package func words(_ key: String) throws(FileError) -> [String] {
    guard case .scalar = try node(key) else { return try texts(key) }
    return try text(key).split(separator: " ").map(String.init)
  }

  /// The value of `key`, which is `true` or `false`.
  package func flag(_ key: String) throws(FileError) -> Bool {
    let node = try node(key)
    guard let word = plainWord(node), word == "true" || word == "false" else {
      throw diagnostic(key, "found \(described(node)), expected true or false")
    }
    return word == "true"
  }

  /// The finite decimal number at `key`.
  package func number(_ key: String) throws(FileError) -> Double {
    let node = try node(key)
    guard let word = plainWord(node), let number = decimal(word) else {
      throw diagnostic(key, "found \(described(node)), expected a number")
    }
    return number
  }

  /// The number at `key` as it was written; nil where the value is no number.
  package func bareNumber(_ key: String) throws(FileError) -> String? {
    guard let word = plainWord(try node(key)), decimal(word) != nil else { return nil }
    return word
  }

  /// The whole number at `key`, which must be in `range`.
  package func integer(_ key: String, in range: ClosedRange<Int>) throws(FileError) -> Int {
    guard let integer = Int(exactly: try number(key)), range.contains(integer) else {
      throw diagnostic(
        key, "found \(described(nodes[key])), expected \(wholeNumbers(range))")
    }
    return integer
  }
}

/// The words for a range in error messages: "a whole number from 1 to 1,024".
package func wholeNumbers(_ range: ClosedRange<Int>) -> String {
  "a whole number from \(grouped(range.lowerBound)) to \(grouped(range.upperBound))"
}

/// What a node holds, in words for error messages: "a list", "the text 'x'".
package func described(_ node: Node?) -> String {
  switch node {
  case .mapping?: "a mapping"
  case .sequence?: "a list"
  case .scalar(let scalar)? where scalar.style == .plain && decimal(scalar.string) != nil:
    scalar.string
  case .scalar(let scalar)?:
    scalar.string.isEmpty ? "nothing" : "the text \(quoted(scalar.string))"
  case .alias?, nil: "nothing"
  }
}

private func plainWord(_ node: Node) -> String? {
  guard case .scalar(let scalar) = node, scalar.style == .plain else { return nil }
  return scalar.string
}

/// The value of a finite decimal number; `_` may separate its digits. YAML's octal, base-60 and
/// `.inf` notations are refused: `010` and `1:30` would not mean what they seem to say.
private func decimal(_ word: String) -> Double? {
  let digits = word.replacing("_", with: "")
  guard digits.allSatisfy({ "0123456789.eE+-".contains($0) }), word.first != "_",
    let number = Double(digits), number.isFinite
  else { return nil }
  return number
}
