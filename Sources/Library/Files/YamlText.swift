// Parses YAML from untrusted files. The library Yams reads the grammar; its errors become one line
// with a line number. Anchors, which can make a short file expand without bound, are refused first.
import Foundation
import Notation
import Yams

/// The root node of a YAML text, or nil where it holds nothing but comments.
///
/// Anchors are refused: aliases of aliases can stand for more nodes than memory holds (the “billion
/// laughs” attack), and no file of this program needs them.
/// - Throws: `malformed` with the line.
package func composeYaml(_ text: String, path: String) throws(FileError) -> Node? {
  do {
    if text.contains("&"), let line = try anchorLine(text) {
      throw FileError.malformed(
        path: path, line: line,
        reason: "found an anchor (&name), which is not read here; write the value out")
    }
    return try Parser(yaml: text, encoding: .utf8).singleRoot()
  } catch let error as YamlError {
    throw yamlDiagnostic(error, text: text, path: path)
  } catch let error as FileError {
    throw error
  } catch {
    throw .malformed(path: path, reason: "\(error)")
  }
}

/// The line of the first node with an anchor, found by the parser, because an ampersand in a
/// comment, in quotation marks or inside a text is no anchor. Asterisks are replaced before this
/// parse, so that no alias is expanded.
private func anchorLine(_ text: String) throws -> Int? {
  let parser = try Parser(yaml: text.replacing("*", with: "∗"), encoding: .utf8)
  // The parser owns the anchors; the nodes only point to them.
  return try withExtendedLifetime(parser) { try parser.singleRoot().flatMap(firstAnchor) }
}

/// The line of the first anchor at `root` or below it, in the order of the file.
private func firstAnchor(_ root: Node) -> Int? {
  var left = [root]
  while let node = left.popLast() {
    if node.anchor != nil { return node.mark?.line ?? 1 }
    switch node {
    case .mapping(let mapping): left += mapping.reversed().flatMap { [$0.value, $0.key] }
    case .sequence(let sequence): left += sequence.reversed()
    case .scalar, .alias: break
    }
  }
  return nil
}

/// The most frequent cause of a syntax error, as a suggestion to append; empty where none is known.
private func advice(_ problem: String) -> String {
  let isQuoting = [
    "mapping values", "did not find expected", "could not find expected", "cannot start",
  ]
  .contains(where: problem.contains)
  return isQuoting
    ? "; a text with ': ' or ' #' in it, or with one of * { [ & ! % > | \" ' before it, "
      + "stands in quotation marks" : ""
}

private func yamlDiagnostic(_ error: YamlError, text: String, path: String) -> FileError {
  switch error {
  case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
    .composer(_, let problem, let mark, _):
    .malformed(
      path: path, line: mark.line, reason: "not valid YAML: \(visible(problem))\(advice(problem))")
  case .duplicatedKeysInMapping(let keys, let context):
    .malformed(
      path: path, line: line(repeating: keys, in: text, after: context.mark.line),
      reason: "found the key \(listed(keys.map(quoted))) twice, expected it once")
  case .reader(let problem, let offset, _, _):
    .malformed(
      path: path, line: offset.map { text.prefix($0).count { $0.isNewline } + 1 },
      reason: "not valid YAML: \(visible(problem))")
  default:
    .malformed(path: path, reason: "not valid YAML")
  }
}

/// The line on which one of `keys` occurs again after `line`, from 1; `line` itself where none is
/// found.
private func line(repeating keys: [String], in text: String, after line: Int) -> Int {
  let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
  guard lines.indices.contains(line - 1) else { return line }
  let indentation = lines[line - 1].prefix { $0 == " " }
  let again = lines[line...].firstIndex { other in
    keys.contains { other.hasPrefix(indentation + $0 + ":") }
  }
  return again.map { $0 + 1 } ?? line
}
