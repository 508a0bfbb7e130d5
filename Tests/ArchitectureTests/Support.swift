// The package as files: what the house rules are checked on.

import Foundation

/// The package's own folder.
let packageRoot = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A Swift file of the package.
struct SourceFile: Sendable, CustomStringConvertible {
  /// From the package's folder: `Sources/Machine/Block.swift`.
  var path: String
  var lines: [String]

  var description: String { path }
  /// `Machine` for `Sources/Machine/Block.swift`.
  var target: String { String(path.split(separator: "/")[1]) }

  /// The modules it imports.
  var imports: [String] {
    lines.compactMap { line in
      var words = line.split(separator: " ").map(String.init)
      words.removeAll { $0.hasPrefix("@") || $0 == "public" || $0 == "private" }
      guard words.count >= 2, words[0] == "import" else { return nil }
      let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
      let module = kinds.contains(words[1]) ? words[2] : words[1]
      return module.split(separator: ".").first.map(String.init)
    }
  }

  /// `Machine/Program` for `Sources/Machine/Program/Block.swift`.
  var folder: String { path.split(separator: "/").dropFirst().dropLast().joined(separator: "/") }

  /// The types that it declares at its outermost level, and that other files can see.
  var outerTypes: [String] {
    SourceFile(
      path: path,
      lines: lines.filter { $0.first?.isWhitespace == false && !$0.hasPrefix("private") }
    )
    .types
  }

  /// The words of its code that begin with a capital: those of comments and texts are left out.
  var words: Set<String> {
    var isText = false
    var words: Set<String> = []
    for line in lines where !line.contains("import ") {
      let parts = line.components(separatedBy: "\"\"\"")
      for (number, part) in parts.enumerated() {
        if number > 0 { isText.toggle() }
        let found = part.code(isText: isText).split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        words.formUnion(found.filter { $0.first!.isUppercase }.map(String.init))
      }
    }
    return words
  }

  /// The names of the types it declares.
  var types: [String] {
    lines.compactMap { line in
      let words = line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
      let kinds = ["struct", "class", "enum", "protocol", "actor", "typealias"]
      guard !line.trimmingCharacters(in: .whitespaces).hasPrefix("//"),
        let kind = words.firstIndex(where: kinds.contains), kind + 1 < words.count,
        words[..<kind].allSatisfy(Self.modifiers.contains)
      else { return nil }
      return words[kind + 1]
    }
  }

  private static let modifiers: Set<String> = [
    "public", "private", "fileprivate", "internal", "package", "final", "indirect", "open",
  ]
}

/// All Swift files below a folder of the package, in the order of their paths.
func swiftFiles(_ folder: String) -> [SourceFile] {
  let root = packageRoot.appending(path: folder)
  guard let walk = FileManager.default.enumerator(atPath: root.path) else { return [] }
  return walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().map { path in
    let text = (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
    return SourceFile(
      path: "\(folder)/\(path)",
      lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
  }
}

/// The folders below `Sources` or `Tests`.
func folders(_ folder: String) -> [String] {
  let root = packageRoot.appending(path: folder)
  let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
  return names.filter { name in
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(
      atPath: root.appending(path: name).path, isDirectory: &isFolder) && isFolder.boolValue
  }.sorted()
}

extension String {
  /// A line without its comment and its texts, but with what the texts interpolate.
  /// - Parameter isText: the line stands in a text of several lines.
  fileprivate func code(isText: Bool) -> String {
    guard isText || contains("\"") || contains("//") else { return self }
    let interpolated = matches(of: #/\\\(([^"]*?)\)/#).map { String($0.1) }.joined(separator: " ")
    if isText { return interpolated }
    let bare = replacing(#/"(\\.|[^"\\])*"/#, with: "")
    return String(bare.prefix(upTo: bare.range(of: "//")?.lowerBound ?? bare.endIndex)) + " "
      + interpolated
  }
}
