// Ways to break a lesson: each finds a place in a file that is right, makes it wrong there, and knows
// the line on which the reader must say so.

import Testing

@testable import Lessons
@testable import Library

/// A broken lesson.
struct Mutant {
  var bytes: [UInt8]
  /// Where the fault must be reported, from 1.
  var line: Int

  init(_ lines: [String], line: Int) {
    bytes = Array(lines.joined(separator: "\n").utf8)
    self.line = line
  }
}

/// A way to break a lesson at one of several places.
struct Mutation: Sendable, CustomTestStringConvertible {
  let name: String
  /// All the mutants it can make of a lesson.
  let mutants: @Sendable (Script) -> [Mutant]

  var testDescription: String { name }

  /// The mutant that `seed` picks; nil where the lesson has no place for it.
  func mutant(of script: Script, seed: Int) -> Mutant? {
    let all = mutants(script)
    return all.isEmpty ? nil : all[(seed &* 0x9E37 &+ 7) % all.count]
  }
}

/// A lesson's lines, and which of them are what.
struct Script: Sendable {
  var lines: [String]
  /// Fenced blocks: their word, and the indices of the two fences.
  private(set) var blocks: [(word: String, open: Int, close: Int)] = []
  /// Indices of lines of prose.
  private(set) var prose: [Int] = []
  /// Indices of the front matter's lines.
  let front: Range<Int>
  /// As they are before anything is broken.
  let questions: [Question]
  let diagnostics: [FileDiagnostic]

  init(_ text: String) {
    let reading = Lesson.read(text, path: "lesson.md")
    questions = reading.lesson?.questions ?? []
    diagnostics = reading.diagnostics
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let end = lines.dropFirst().firstIndex(of: "---") ?? 0
    front = 1..<end
    var open: (word: String, index: Int)?
    for index in (end + 1)..<lines.count {
      let line = lines[index]
      if let block = open {
        guard line == "```" else { continue }
        blocks.append((block.word, block.index, index))
        open = nil
      } else if line.hasPrefix("```") {
        open = (String(line.dropFirst(3)), index)
      } else if !line.isEmpty, !line.hasPrefix("#") {
        prose.append(index)
      }
    }
  }

  /// Blocks of a kind.
  func blocks(_ word: String) -> [Range<Int>] {
    blocks.filter { $0.word == word }.map { $0.open + 1..<$0.close }
  }

  /// Indices of the lines of such blocks that begin with `key:`.
  func lines(of word: String, key: String) -> [Int] {
    blocks(word).flatMap { $0.filter { lines[$0].hasPrefix(key + ":") } }
  }

  /// With line `index` replaced; the fault is expected there unless told otherwise.
  func replacing(_ index: Int, _ text: String, diagnostic: Int? = nil) -> Mutant {
    var copy = lines
    copy[index] = text
    return Mutant(copy, line: (diagnostic ?? index) + 1)
  }

  func inserting(_ text: String, at index: Int) -> Mutant {
    var copy = lines
    copy.insert(text, at: index)
    return Mutant(copy, line: index + 1)
  }

  /// The value behind the key of a line.
  func value(_ index: Int) -> String {
    String(lines[index].drop { $0 != ":" }.dropFirst().drop { $0 == " " })
  }
}
