// A lesson's file cut into its parts: front matter, beats, and in each beat prose and directives.

/// The parts, by lines; nothing is understood yet.
struct Outline: Sendable {
  /// Lines that belong together, and the number of the first.
  struct Part: Sendable {
    var line: Int
    var lines: [String] = []
  }

  enum Kind: String, CaseIterable { case cue, ask, expect, notes }

  struct Directive: Sendable {
    var kind: Kind
    /// Where its fence is.
    var line: Int
    var content: Part
  }

  struct Section: Sendable {
    var title: String
    var line: Int
    var prose: [Part] = []
    var directives: [Directive] = []
  }

  var frontMatter = Part(line: 2)
  var sections: [Section] = []

  /// A fence: its sign, its word, and whether a line closes it.
  struct Fence {
    var sign: Substring
    var word: String

    init?(_ line: String) {
      let text = line.drop { $0 == " " }
      guard let first = text.first, first == "`" || first == "~" else { return nil }
      sign = text.prefix { $0 == first }
      let info = text.dropFirst(sign.count).trimming { $0 == " " }
      guard sign.count >= 3, !info.contains("`") else { return nil }
      word = String(info.prefix { $0 != " " })
    }

    func isClosed(by line: String) -> Bool {
      guard let other = Fence(line), other.word.isEmpty else { return false }
      return other.sign.first == sign.first && other.sign.count >= sign.count
    }
  }
}

extension Outline {
  /// - Throws: what cannot be cut into parts.
  init(_ source: ScriptSource) throws(Fault) {
    guard source.lines.first?.trimming({ $0 == " " }) == "---" else {
      throw source.fault(1, 1, "found no front matter, expected a first line of ---")
    }
    let rest = source.lines.dropFirst()
    guard let end = rest.firstIndex(where: { $0.trimming { $0 == " " } == "---" }) else {
      throw source.fault(1, 1, "found front matter that does not end, expected a line of ---")
    }
    frontMatter.lines = Array(source.lines[1..<end])
    var index = end + 1
    while index < source.lines.count { try take(&index, of: source) }
    guard !sections.isEmpty else {
      throw source.fault(
        source.lines.count, 1, "found no beat, expected a heading such as ## Title")
    }
  }

  private mutating func take(_ index: inout Int, of source: ScriptSource) throws(Fault) {
    let line = source.lines[index]
    if line.hasPrefix("## ") {
      let title = line.dropFirst(3).trimming { $0 == " " }
      sections.append(Section(title: String(title), line: index + 1))
      index += 1
    } else if let fence = Fence(line) {
      try takeFence(fence, &index, of: source)
    } else {
      try addProse(line, index + 1, of: source)
      index += 1
    }
  }

  private mutating func addProse(
    _ line: String, _ number: Int, of source: ScriptSource
  ) throws(Fault) {
    if sections.isEmpty {
      guard line.allSatisfy(\.isWhitespace) else {
        throw source.fault(
          number, 1, "found text before the first beat, expected a heading such as ## Title")
      }
      return
    }
    let last = sections.count - 1
    if let part = sections[last].prose.last, part.line + part.lines.count == number {
      sections[last].prose[sections[last].prose.count - 1].lines.append(line)
    } else {
      sections[last].prose.append(Part(line: number, lines: [line]))
    }
  }

  private mutating func takeFence(
    _ fence: Fence, _ index: inout Int, of source: ScriptSource
  ) throws(Fault) {
    let start = index
    let kind = Kind(rawValue: fence.word)
    let kinds = Kind.allCases.map(\.rawValue)
    if kind == nil, let near = nearest(fence.word, in: kinds) {
      throw source.fault(
        start + 1, 1,
        "found a block of \(quoted(fence.word)); blocks are "
          + kinds.joined(separator: ", "), note: near)
    }
    var content = Part(line: start + 2)
    index += 1
    while index < source.lines.count, !fence.isClosed(by: source.lines[index]) {
      let line = source.lines[index]
      let isOther = Fence(line)?.word.isEmpty == false || (kind != nil && line.hasPrefix("## "))
      if isOther { break }
      content.lines.append(line)
      index += 1
    }
    guard index < source.lines.count, fence.isClosed(by: source.lines[index]) else {
      let place = index < source.lines.count ? "before line \(index + 1)" : "to the end of the file"
      throw source.fault(
        start + 1, 1,
        "found a block that is not closed \(place), expected a line of \(fence.sign.prefix(10))")
    }
    index += 1
    if let kind {
      guard !sections.isEmpty else {
        throw source.fault(start + 1, 1, "found a block before the first beat (## Title)")
      }
      sections[sections.count - 1].directives.append(
        Directive(kind: kind, line: start + 1, content: content))
    } else {
      for number in start..<index { try addProse(source.lines[number], number + 1, of: source) }
    }
  }
}

extension StringProtocol {
  /// Without such characters at either end.
  func trimming(_ isOut: (Character) -> Bool) -> SubSequence {
    let rest = drop(while: isOut)
    guard let last = rest.lastIndex(where: { !isOut($0) }) else { return self[endIndex...] }
    return self[rest.startIndex...last]
  }
}
