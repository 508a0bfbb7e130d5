// Splits a lesson's file into front matter and beats, and each beat into prose and directives.

import CCommonMark
import Library

/// The parts of a file as lines that are not parsed yet.
struct Outline: Sendable {
  /// Consecutive lines, and the number of the first, from 1.
  struct Part: Sendable {
    var line: Int
    var lines: [String] = []
  }

  /// The kinds of fenced blocks that are instructions to this program.
  enum Kind: String, CaseIterable { case cue, ask, expect, notes }

  /// A fenced block with an instruction.
  struct Directive: Sendable {
    var kind: Kind
    /// Line of the opening fence, from 1.
    var line: Int
    var content: Part
  }

  /// A beat: a heading and the lines up to the next.
  struct Section: Sendable {
    var title: String
    /// Line and column of the title, from 1.
    var line: Int
    var column: Int
    var prose: [Part] = []
    var directives: [Directive] = []
  }

  var frontMatter = Part(line: 2)
  var sections: [Section] = []
}

extension Outline {
  /// - Throws: where front matter or beats are missing, or a block is not closed.
  init(_ source: ScriptSource) throws(FileDiagnostic) {
    guard source.lines.first?.trimming({ $0 == " " }) == "---" else {
      throw source.diagnostic(1, 1, "found no front matter, expected a first line of ---")
    }
    let rest = source.lines.dropFirst()
    guard let end = rest.firstIndex(where: { $0.trimming { $0 == " " } == "---" }) else {
      throw source.diagnostic(1, 1, "found front matter that does not end, expected a line of ---")
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
      throw source.diagnostic(
        source.lines.count, 1, "found no beat, expected a heading such as ## Title")
    }
  }

  private mutating func addProse(_ source: ScriptSource, _ lines: Range<Int>) throws(FileDiagnostic)
  {
    for index in lines {
      let line = source.lines[index]
      if sections.isEmpty {
        guard line.allSatisfy(\.isWhitespace) else {
          throw source.diagnostic(
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

  /// Adds a directive to the last beat.
  /// - Parameter lines: indices of the opening fence and of the lines before the closing one.
  private mutating func add(
    _ kind: Kind, _ lines: Range<Int>, of source: ScriptSource
  ) throws(FileDiagnostic) {
    guard !sections.isEmpty else {
      throw source.diagnostic(
        lines.lowerBound + 1, 1, "found a block before the first beat (## Title)")
    }
    // The contents of an indented fence are indented as far.
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
