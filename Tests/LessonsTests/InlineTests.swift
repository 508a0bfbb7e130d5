// Markdown as CommonMark has it: the signs inside a line. None of them is ever shown.

import Testing

@testable import Library

@Suite("Markdown inside a line")
struct InlineTests {
  /// Emphasis as _ _, strong as * *, code as ` `.
  private func signs(_ text: String) throws -> String {
    guard case .paragraph(let pieces)? = try prose(text).first else { return "" }
    return pieces.map { piece in
      var text = piece.text
      if piece.style.contains(.code) { text = "`\(text)`" }
      if piece.style.contains(.emphasis) { text = "_\(text)_" }
      if piece.style.contains(.strong) { text = "*\(text)*" }
      return text
    }.joined()
  }

  @Test(
    "Emphasis in all its forms",
    arguments: [
      ("*a* b", "_a_ b"), ("_a_ b", "_a_ b"), ("**a**", "*a*"), ("__a__", "*a*"),
      ("***a*** b", "*_a_* b"), ("**a *b* c**", "*a **_b_** c*"), ("*a **b***", "_a _*_b_*"),
      ("a*b*c", "a_b_c"), ("a_b_c", "a_b_c"), ("2 * 3 * 4", "2 * 3 * 4"), ("* a*", ""),
      ("a * b*", "a * b*"), ("*a", "*a"), ("**a*", "*_a_"), ("m_new and l_new", "m_new and l_new"),
      ("*a\nb*", "_a b_"), ("*{1 + 1}*", "_2_"), ("**{1 + 1}**x", "*2*x"), ("*`a`*", "_`a`_"),
      ("_({1})_", "_(__1__)_"), ("{3 * 2} * {2 * 1}", "6 * 2"), ("**a**b", "*a*b"),
    ])
  func emphasis(text: String, expected: String) throws {
    #expect(try signs(text) == expected)
  }

  @Test(
    "Code ends at as many signs as it began with",
    arguments: [
      ("`a`", "`a`"), ("``a ` b``", "`a ` b`"), ("`` ` ``", "```"), ("` a `", "`a`"),
      ("`a", "`a"), ("``a`", "``a`"), ("`*a* {b} \\*`", "`*a* {b} \\*`"),
      ("`{` and `}`", "`{` and `}`"),
      ("`a\nb`", "`a b`"), ("`a``b`", "`a``b`"),
    ])
  func code(text: String, expected: String) throws {
    #expect(try signs(text) == expected)
  }

  @Test(
    "Backslashes, entities and blanks",
    arguments: [
      ("m\\_new, S\\[0,1\\] and \\#3", "m_new, S[0,1] and #3"), ("\\*a\\*", "*a*"),
      ("\\{a\\} \\\\ \\a", "{a} \\ \\a"), ("&amp; &lt; &gt; &quot;", "& < > \""),
      ("a&nbsp;b", "a\u{A0}b"),
      ("&alpha; &#945; &#x3B1;", "α α α"), ("&nothing; a & b", "&nothing; a & b"),
      ("a < b > c", "a < b > c"),
      ("S[0,1] (2)", "S[0,1] (2)"), ("[a] and [b]", "[a] and [b]"), ("1\\. a", "1. a"),
      ("a!", "a!"),
      ("{1} \\{2}", "1 {2}"), ("}", "}"), ("K~ ~ m~[0]", "K~ ~ m~[0]"),
      ("https://a.b/c", "https://a.b/c"),
    ])
  func escapes(text: String, expected: String) throws {
    #expect(try signs(text) == expected)
  }

  @Test("Questions, choices and headings are read like a line of text, whatever they begin with")
  func oneLine() throws {
    let reading = read(
      """
      ## *A* {1 + 1}
      ```ask
      question: "1. *How* many `B` in {1 + 1}?"
      choices:
        - "- {1 + 1} of *them*": naive.cycles > 0
        - "# none": naive.cycles < 0
      explain: "> \\\\*a\\\\*"
      ```
      """)
    let lesson = try #require(reading.lesson, "\(reading.diagnostics.map(\.report))")
    let question = lesson.questions[0]
    #expect(lesson.beats[0].title == "A 2")
    #expect(question.prompt.plain == "1. How many B in 2?")
    #expect(question.kind == .choice(["- 2 of them", "# none"], right: 0))
    #expect(question.explanation.plain == "> *a*")
  }

  @Test("A letter and its accent are one character, however they were typed")
  func accents() throws {
    #expect(try signs("o\u{308}") == "\u{F6}")
    #expect(try Array(signs("o\u{308} m\u{303}").unicodeScalars).count == 4)
    let reading = read("## Gro\u{308}ße\n\nDie Gro\u{308}\u{DF}e {x}.")
    #expect(reading.diagnostics.map { [$0.line, $0.column] } == [[11, 12]])
  }

  @Test(
    "A blank that is typed with Option is a blank behind a sign and in an expression",
    arguments: ["\u{A0}", "\u{202F}", "\u{2007}", "\u{2009}", "\u{3000}"])
  func oddBlanks(blank: String) throws {
    let text = """
      ##_A

      -_a
      -_b

      1._c
      2)_d

      >_e

      {naive.cycles_+ 1_cycles_in_plain} f

      |_g_|
      |_--_|
      |_1_|

      ```_expect
      flash.hbm.bytes_<_naive.hbm.bytes
      ```

      ```cue
      until:_flash_finished_load_K[0]
      ```

      ##_B_
      ```ask
      question:_How many?
      answer:_naive.hbm.bytes
      ```
      """.replacing("_", with: blank)
    let reading = read(text)
    let beats = try #require(reading.lesson, "\(reading.diagnostics.map(\.report))").beats
    #expect(beats.map(\.title) == ["A", "B"] && beats[0].stage.cycle > 0)
    #expect(outline(beats[0].prose).hasPrefix("ul[p(a) | p(b)] ol1[p(c)] ol2[p(d)] q[p(e)] p("))
    #expect(outline(beats[0].prose).contains("t("))
  }
}
