// Markdown as CommonMark has it: blocks. What a beat cannot show is refused at its line.

import Testing

@testable import Lessons
@testable import Library

/// The prose of a beat whose text begins on line 10.
func prose(_ text: String) throws -> [Prose] {
  let reading = read("## A\n" + text)
  return try #require(reading.lesson, "\(reading.diagnostics.map(\.report))").beats[0].prose
}

/// Every block with its signs: a short form to compare with.
func outline(_ prose: [Prose]) -> String { prose.map(\.sketch).joined(separator: " ") }

extension Prose {
  fileprivate var sketch: String {
    switch self {
    case .paragraph(let text): "p(\(text.plain))"
    case .heading(let text): "h(\(text.plain))"
    case .list(let items, let number, let isLoose):
      (number.map { "ol\($0)" } ?? "ul") + (isLoose ? "*" : "")
        + "[\(items.map(sketches).joined(separator: " | "))]"
    case .quote(let blocks): "q[\(sketches(blocks))]"
    case .code(let lines, _): "code(\(lines.joined(separator: "⏎")))"
    case .table(let header, let rows, _):
      "t(\(([header] + rows).map { $0.map(\.plain).joined(separator: ",") }.joined(separator: ";")))"
    }
  }
}

private func sketches(_ prose: [Prose]) -> String { outline(prose) }

@Suite("Markdown blocks")
struct MarkdownTests {
  @Test(
    "Lists have the numbers, levels and blocks that CommonMark gives them",
    arguments: [
      ("- a\n- b", "ul[p(a) | p(b)]"), ("+ a\n+ b", "ul[p(a) | p(b)]"),
      ("* a\n* b", "ul[p(a) | p(b)]"), ("- a\n+ b", "ul[p(a)] ul[p(b)]"),
      ("1) a\n2) b", "ol1[p(a) | p(b)]"), ("3. a\n4. b", "ol3[p(a) | p(b)]"),
      ("0. a\n7. b", "ol0[p(a) | p(b)]"), ("1. a\n2) b", "ol1[p(a)] ol2[p(b)]"),
      ("1. a\n\n2. b\n\n3. c", "ol1*[p(a) | p(b) | p(c)]"),
      ("1. a\n\n   b\n\n2. c", "ol1*[p(a) p(b) | p(c)]"),
      ("1. a\n   1. b\n   2. c\n2. d", "ol1[p(a) ol1[p(b) | p(c)] | p(d)]"),
      ("- a\n  - b\n    - c\n- d", "ul[p(a) ul[p(b) ul[p(c)]] | p(d)]"),
      ("- a\n  > b\n- c", "ul[p(a) q[p(b)] | p(c)]"),
      ("- a\n\n  ```\n  x\n  ```\n- b", "ul*[p(a) code(x) | p(b)]"),
      ("1. a\n\n```\nx\n```\n\n2. b", "ol1[p(a)] code(x) ol2[p(b)]"),
      ("- a\nb", "ul[p(a b)]"), ("-\n- b", "ul[ | p(b)]"), ("a\n2. b", "p(a 2. b)"),
      ("a\n- b", "p(a) ul[p(b)]"), ("123456789. a", "ol123456789[p(a)]"),
      ("1234567890. a", "p(1234567890. a)"), ("-a", "p(-a)"), ("1.a", "p(1.a)"),
      ("- - a", "ul[ul[p(a)]]"), ("- {1 + 1}\n- b", "ul[p(2) | p(b)]"),
    ])
  func lists(text: String, expected: String) throws {
    #expect(try outline(prose(text)) == expected)
  }

  @Test(
    "A fence is closed by one of its sign and at least its length",
    arguments: [
      ("````markdown\n```python\nx\n```\n````", "code(```python⏎x⏎```)"),
      ("~~~\n```\nx\n~~~", "code(```⏎x)"), ("```\n~~~\n```", "code(~~~)"),
      ("```text\n``` python\nx\n```", "code(``` python⏎x)"), ("```\nx\n`````", "code(x)"),
      ("   ```\n   x\n ```", "code(x)"),
      ("````cue-like\n```cue\nuntil: end\n```\n````", "code(```cue⏎until: end⏎```)"),
      ("~~~ a ` b\nx\n~~~", "code(x)"), ("a\n\n    x {y}\n      z", "p(a) code(x {y}⏎  z)"),
      ("> ```\n> x\n> ```\n> b", "q[code(x) p(b)]"), ("```\n{x}\n\n{y\n```", "code({x}⏎⏎{y)"),
      ("```{note}\nx\n```", "code(x)"), ("```\n## x\n```", "code(## x)"),
    ])
  func fences(text: String, expected: String) throws {
    #expect(try outline(prose(text)) == expected)
  }

  @Test(
    "A language that looks like one of the four blocks is a language",
    arguments: ["cu", "cuh", "asm", "asc", "ahk", "awk", "as", "note", "task", "export", "cuda"])
  func languages(word: String) throws {
    #expect(try outline(prose("```\(word)\nx\n```")) == "code(x)")
  }

  @Test(
    "Quotations, headings, tables and lines",
    arguments: [
      ("> a\nb\n> c", "q[p(a b c)]"), ("> a\n\n> b", "q[p(a)] q[p(b)]"), (">a", "q[p(a)]"),
      ("> - a\n>   - b", "q[ul[p(a) ul[p(b)]]]"), ("> a\n> > b", "q[p(a) q[p(b)]]"),
      ("### a ###", "h(a)"), ("  ### a", "h(a)"), ("###a", "p(###a)"), ("\\### a", "p(### a)"),
      ("a\n### b\nc", "p(a) h(b) p(c)"), ("a  \nb", "p(a b)"), ("a\\\nb", "p(a b)"),
      ("| a | b |\n|--|:-:|\n| `x` | {1 + 1} |", "t(a,b;x,2)"),
      ("a | b\n--|--\n1 | \\|", "t(a,b;1,|)"), ("x\n| a |\n|--|\n| 1 |\n\ny", "p(x) t(a;1) p(y)"),
      ("#5 and #6", "p(#5 and #6)"), ("a\n\n\n\nb", "p(a) p(b)"), ("a {1 +\n1} b", "p(a 2 b)"),
    ])
  func others(text: String, expected: String) throws {
    #expect(try outline(prose(text)) == expected)
  }

  @Test("A hard break is a line break; a heading of a beat may be closed and set in")
  func breaks() throws {
    #expect(try prose("a\\\nb") == [.paragraph([Inline("a"), .lineBreak, Inline("b")])])
    let lesson = try #require(read("  ## A *b* {1 + 1} ##\n##  C#\n").lesson)
    #expect(lesson.beats.map(\.title) == ["A b 2", "C#"])
  }

  @Test(
    "What a beat does not show is refused at its line and column",
    arguments: [
      ("a [b](c) d", 10, 3, "link"), ("a\nb <https://c.d>", 11, 3, "link"),
      ("![a](b)", 10, 1, "picture"), ("a <b>c</b>", 10, 3, "HTML"), ("<div>\n\na", 10, 1, "HTML"),
      ("a\n\n<!-- b -->", 12, 1, "HTML"), ("a\n\n---\n\nb", 12, 1, "rule"),
      ("* * *", 10, 1, "rule"),
      ("Title\n===", 10, 1, "the signs below"), ("Title\n---", 10, 1, "the signs below"),
      ("#### a", 10, 1, "level 4"), ("# a", 10, 1, "level 1"), ("- ## a", 10, 3, "level 2"),
      ("a\n\n[b]: /c\n", 12, 1, "where a link leads"), ("[b][c]\n\n[c]: /d", 10, 1, "link"),
      ("a ~~b~~ c", 10, 1, "struck"), ("a &#27;[31m", 10, 1, "control character"),
      ("| a | b |\n|--|--|\n| 1 |", 12, 1, "1 cells"),
      ("| a | b |\n|--|--|\n| 1 | 2 | 3 |", 12, 1, "3 cells"),
      ("- a\n  ```cue\n  end\n  ```", 11, 3, "'cue' inside a list"),
      ("a *b* {naive.cycls}", 10, 14, "'cycls'"), ("- a\n\n  b {naive.cycls}", 12, 12, "'cycls'"),
      ("| a |\n|--|\n| {x} |", 12, 4, "'x'"), ("> a {\n> b", 10, 5, "{ without }"),
      ("é *ö* [b](c)", 10, 7, "link"), ("- - - - - - - - a", 10, 13, "6 deep"),
      ("````cue\nuntil: end\n```", 10, 1, "not closed"), ("~~~\nx\n```", 10, 1, "not closed"),
      ("```Ask\nquestion: a\n```", 10, 1, "'Ask'"),
      ("```\nx\n\n```ask\ny\n```", 10, 1, "before line 13"),
      ("a \u{E000} b", 10, 3, "U+E000"),
    ])
  func refused(text: String, line: Int, column: Int, message: String) throws {
    let reading = read("## A\n" + text)
    let diagnostic = try #require(reading.diagnostics.first, "nothing is wrong with it")
    #expect(diagnostic.message.contains(message), "\(diagnostic.report)")
    #expect(diagnostic.line == line && diagnostic.column == column, "\(diagnostic.report)")
  }
}
