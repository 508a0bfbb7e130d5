// A lesson's file cut into its parts: front matter, beats, and in each beat prose and directives.

import CCommonMark
import Library
import Machine

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
    /// Where the title is, from 1.
    var line: Int
    var column: Int
    var prose: [Part] = []
    var directives: [Directive] = []
  }

  var frontMatter = Part(line: 2)
  var sections: [Section] = []
}

extension Outline {
  /// - Throws: what cannot be cut into parts.
  init(_ source: ScriptSource) throws(FileDiagnostic) {
    guard source.lines.first?.trimming({ $0 == " " }) == "---" else {
      throw source.fault(1, 1, "found no front matter, expected a first line of ---")
    }
    let rest = source.lines.dropFirst()
    guard let end = rest.firstIndex(where: { $0.trimming { $0 == " " } == "---" }) else {
      throw source.fault(1, 1, "found front matter that does not end, expected a line of ---")
    }
    frontMatter.lines = Array(source.lines[1..<end])
    var next = end + 1
    for block in try Self.blocks(source, after: end) {
      try addProse(source, next..<block.first)
      next = block.last + 1
      if let title = block.title {
        sections.append(Section(title: title.text, line: block.first + 1, column: title.column))
      } else if let kind = block.kind {
        try add(kind, block.first..<block.last, of: source)
      } else {
        try addProse(source, block.first..<next)
      }
    }
    try addProse(source, next..<source.lines.count)
    guard !sections.isEmpty else {
      throw source.fault(
        source.lines.count, 1, "found no beat, expected a heading such as ## Title")
    }
  }

  private mutating func addProse(_ source: ScriptSource, _ lines: Range<Int>) throws(FileDiagnostic)
  {
    for index in lines {
      let line = source.lines[index]
      if sections.isEmpty {
        guard line.allSatisfy(\.isWhitespace) else {
          throw source.fault(
            index + 1, 1, "found text before the first beat, expected a heading such as ## Title")
        }
        continue
      }
      let last = sections.count - 1
      if let part = sections[last].prose.last, part.line + part.lines.count == index + 1 {
        sections[last].prose[sections[last].prose.count - 1].lines.append(line)
      } else {
        sections[last].prose.append(Part(line: index + 1, lines: [line]))
      }
    }
  }

  /// - Parameter lines: indices of the opening fence and of the lines before the closing one.
  private mutating func add(
    _ kind: Kind, _ lines: Range<Int>, of source: ScriptSource
  ) throws(FileDiagnostic) {
    guard !sections.isEmpty else {
      throw source.fault(
        lines.lowerBound + 1, 1, "found a block before the first beat (## Title)")
    }
    // As far as its fence is set in, so is what stands in it.
    let indentation = source.lines[lines.lowerBound].prefix { $0 == " " }.count
    let content = lines.dropFirst().map { index in
      let line = source.lines[index]
      return String(line.dropFirst(min(indentation, line.prefix { $0 == " " }.count)))
    }
    sections[sections.count - 1].directives.append(
      Directive(
        kind: kind, line: lines.lowerBound + 1,
        content: Part(line: lines.lowerBound + 2, lines: content)))
  }
}
