// The text of a beat as plain lines, one sentence on each: for screen readers, pipes and hand-outs.

import Lessons
import Library
import Player

/// Formats prose without drawing characters, and masks answers in it.
struct ProseText {
  let mask: AnswerMask

  /// The lines of some blocks, one sentence on each; an empty line separates blocks.
  func lines(_ prose: [Prose]) -> [String] {
    Array(prose.map(lines).filter { !$0.isEmpty }.joined(separator: [""]))
  }

  /// The sentences of some text, the first after `label`.
  func sentences(_ inlines: [Inline], label: String = "") -> [String] {
    var sentences = inlines.lines.flatMap { split(mask.hiding($0)) }
    if sentences.isEmpty { sentences = [""] }
    sentences[0] = label + sentences[0]
    return sentences.filter { !$0.isEmpty }
  }

  private func lines(_ block: Prose) -> [String] {
    switch block {
    case .paragraph(let text), .heading(let text): sentences(text)
    case .quote(let blocks): label("Quotation: ", lines(blocks), indent: "")
    case .code(let lines, _): lines
    case .list(let items, let number, let isLoose): list(items, number, isLoose)
    case .table(let header, let rows, _): rows.map { row(header, $0) }
    }
  }

  /// The items of a list behind bullets or numbers; a nested list is indented.
  private func list(_ items: [[Prose]], _ number: Int?, _ isLoose: Bool) -> [String] {
    items.enumerated().flatMap { index, item in
      let sign = number.map { "\($0 + index). " } ?? "- "
      let indent = String(repeating: " ", count: sign.count)
      let blocks = item.map { block -> [String] in
        guard case .list = block else { return lines(block) }
        return lines(block).map { $0.isEmpty ? "" : indent + $0 }
      }
      return label(sign, Array(blocks.joined()), indent: indent)
    }
  }

  /// The lines with `label` before the first, or alone on a line where the first is indented.
  private func label(_ label: String, _ lines: [String], indent: String) -> [String] {
    guard let first = lines.first, !first.hasPrefix(" ") else { return [label] + lines }
    return [label + first] + lines.dropFirst()
  }

  /// A table row with the name of each column: `kernel: flash-attention; bytes: 4,096 B.`
  private func row(_ header: [[Inline]], _ cells: [[Inline]]) -> String {
    let pairs = zip(header, cells).map { title, cell in
      let name = title.plain
      return (name.isEmpty ? "" : name + ": ") + mask.hiding(cell)
    }
    return pairs.joined(separator: "; ") + "."
  }
}

/// `text` split into sentences.
private func split(_ text: String) -> [String] {
  var sentences: [String] = []
  var sentence = ""
  let words = text.split(whereSeparator: \.isWhitespace)
  for (index, word) in words.enumerated() {
    sentence += (sentence.isEmpty ? "" : " ") + word
    let next = index + 1 < words.count ? words[index + 1] : ""
    if isEnd(word), isStart(next) {
      sentences.append(sentence)
      sentence = ""
    }
  }
  return sentence.isEmpty ? sentences : sentences + [sentence]
}

private let closing: Set<Character> = [")", "”", "’", "\"", "'", "*"]
private let abbreviations: Set<String> = [
  "al.", "approx.", "cf.", "ch.", "e.g.", "eq.", "eqs.", "fig.", "figs.", "i.e.", "no.", "p.",
  "pp.", "resp.", "sec.", "vs.",
]

/// True for the last word of a sentence: `done.`, `why?)`, and not `Fig.`
private func isEnd(_ word: Substring) -> Bool {
  var bare = word
  while let last = bare.last, closing.contains(last) { bare.removeLast() }
  guard let last = bare.last, ".?!".contains(last) else { return false }
  while let first = bare.first, first == "(" { bare.removeFirst() }
  return !abbreviations.contains(bare.lowercased())
}

/// True for the first word of a sentence: it does not begin with a lower-case letter.
private func isStart(_ word: Substring) -> Bool {
  guard let first = word.first(where: { $0.isLetter || $0.isNumber }) else { return !word.isEmpty }
  return !first.isLowercase || !first.isASCII
}
