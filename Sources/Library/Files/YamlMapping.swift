// A mapping of a YAML file whose keys are known beforehand: each may be asked for, by name and
// type, and everything else in it is a mistake that the reader names.

import Machine
import Notation
import Yams

/// Keys and values of one level of a YAML file.
package struct YamlMapping {
  package let path: String
  /// The line it begins on.
  package let line: Int
  /// Where it is in the file: "units.hbm", empty at the top.
  package let name: String
  private var nodes: [String: Node] = [:]
  /// Keys in the order of the file.
  package private(set) var keys: [String] = []

  /// - Parameter allowed: the keys there may be; nil for any.
  /// - Throws: unless `node` is a mapping whose keys are all in `allowed`.
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

  /// "units.hbm.latency" for "latency".
  package func fullName(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

  package func has(_ key: String) -> Bool { nodes[key] != nil }

  /// A complaint about the value of `key`, at its line.
  package func fault(_ key: String, _ reason: String) -> FileError {
    .malformed(
      path: path, line: nodes[key]?.mark?.line ?? line, reason: "'\(fullName(key))': \(reason)")
  }

  package func node(_ key: String) throws(FileError) -> Node {
    if let node = nodes[key] { return node }
    throw .malformed(path: path, line: line, reason: "missing key '\(fullName(key))'")
  }

  /// Where the value of `key` begins, line and column from 1.
  package func place(_ key: String) -> (line: Int, column: Int) {
    let mark = nodes[key]?.mark
    return (mark?.line ?? line, mark?.column ?? 1)
  }

  /// A mapping whose keys may be any.
  package func anyMapping(_ key: String) throws(FileError) -> YamlMapping {
    try YamlMapping(node(key), path: path, name: fullName(key), allowed: nil)
  }

  package func mapping(_ key: String, allowed: [String]) throws(FileError) -> YamlMapping {
    try YamlMapping(node(key), path: path, name: fullName(key), allowed: allowed)
  }

  /// One line of text without control characters.
  package func text(_ key: String) throws(FileError) -> String {
    let node = try node(key)
    guard case .scalar(let scalar) = node, !scalar.string.isEmpty else {
      throw fault(key, "found \(described(node)), expected text")
    }
    guard isPlain(scalar.string) else {
      throw fault(key, "found \(quoted(scalar.string)), expected one line of plain text")
    }
    return scalar.string
  }

  package func texts(_ key: String) throws(FileError) -> [String] {
    let node = try node(key)
    let items = node.sequence?.compactMap { $0.scalar?.string } ?? []
    guard let sequence = node.sequence, items.count == sequence.count, items.allSatisfy(isPlain)
    else { throw fault(key, "found \(described(node)), expected a list of words") }
    return items
  }

  /// A text cut at its blanks, or a list.
  package func words(_ key: String) throws(FileError) -> [String] {
    guard case .scalar = try node(key) else { return try texts(key) }
    return try text(key).split(separator: " ").map(String.init)
  }

  package func flag(_ key: String) throws(FileError) -> Bool {
    let node = try node(key)
    guard let word = plainWord(node), word == "true" || word == "false" else {
      throw fault(key, "found \(described(node)), expected true or false")
    }
    return word == "true"
  }

  package func number(_ key: String) throws(FileError) -> Double {
    let node = try node(key)
    guard let word = plainWord(node), let number = decimal(word) else {
      throw fault(key, "found \(described(node)), expected a number")
    }
    return number
  }

  /// A number as it was written; nil where the value of `key` is something else.
  package func bareNumber(_ key: String) throws(FileError) -> String? {
    guard let word = plainWord(try node(key)), decimal(word) != nil else { return nil }
    return word
  }

  /// A number written without a fraction, in `range`.
  package func integer(_ key: String, in range: ClosedRange<Int>) throws(FileError) -> Int {
    guard let integer = Int(exactly: try number(key)), range.contains(integer) else {
      throw fault(
        key, "found \(described(nodes[key])), expected \(wholeNumbers(range))")
    }
    return integer
  }
}

/// "a whole number from 1 to 1,024".
package func wholeNumbers(_ range: ClosedRange<Int>) -> String {
  "a whole number from \(grouped(range.lowerBound)) to \(grouped(range.upperBound))"
}

/// What a node is, for messages.
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

/// A finite decimal number; `_` may part its digits. Not YAML's octal, sixty-based and .inf forms,
/// which surprise whoever did not mean them.
private func decimal(_ word: String) -> Double? {
  let digits = word.replacing("_", with: "")
  guard digits.allSatisfy({ "0123456789.eE+-".contains($0) }), word.first != "_",
    let number = Double(digits), number.isFinite
  else { return nil }
  return number
}
