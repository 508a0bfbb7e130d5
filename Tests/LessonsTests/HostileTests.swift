// Lessons from strangers that no author would write: the reader answers with faults, soon, and does
// not crash, whatever they hold.

import Foundation
import Testing

@testable import Lessons
@testable import Library

/// A text that is not printed whole wherever it is named.
struct Specimen: Sendable, ExpressibleByStringLiteral, CustomTestStringConvertible {
  let text: String

  init(_ text: String) { self.text = text }
  init(stringLiteral text: String) { self.init(text) }

  var testDescription: String { visible(String(text.prefix(40))) + " (\(text.utf8.count) bytes)" }
}

@Suite("Hostile lessons")
struct HostileTests {
  private static let front = """
    ---
    title: T
    summary: S.
    minutes: 1
    runs:
      a: { kernel: flash-attention, n: 8, d: 4, tile: 4 }
    ---

    """

  /// Reads it and checks that what is said can be shown and points into the file.
  private func read(_ text: String) -> Lesson.Reading {
    let reading = Lesson.read(text, path: "x.md")
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.count
    let isLesson = reading.lesson != nil
    #expect(isLesson == reading.diagnostics.isEmpty)
    for diagnostic in reading.diagnostics {
      #expect(
        isPlain(diagnostic.headline) && diagnostic.message.utf8.count < 1000,
        "\(diagnostic.headline)")
      #expect((1...max(1, lines)).contains(diagnostic.line) && diagnostic.column >= 1)
      #expect(diagnostic.report.utf8.count < 3000)
    }
    return reading
  }

  private func isLesson(_ text: String) -> Bool { read(text).lesson != nil }

  private static func specimens(_ texts: [String]) -> [Specimen] { texts.map { Specimen($0) } }

  private static func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  static let noLessons = specimens([

    "", "\n", "---", "---\n---", "---\n---\n", "## Title", "\u{FEFF}", "\0", "---\n\t\n---\n## T",
    "---\n[[[[\n---\n## T", "---\n- a\n---\n## T", "---\n? a\n: b\n---\n## T",
    "---\n" + repeated("[", 5000) + "\n---\n## T",
    "---\n" + repeated("{a: ", 2000) + "\n---\n## T",
    "---\n" + repeated("- ", 4000) + "\n---\n## T", "---\n!!binary x\n---\n## T",
    "---\ntitle: !!python/object x\n---\n## T", "---\ntitle: *a\n---\n## T",
    "---\ntitle: |\n  a\n  b\n---\n## T", repeated("---\n", 50_000),
    repeated("\u{202E}\u{200D}", 1000), repeated("e\u{301}\u{301}\u{301}", 3000),
  ])

  @Test("What is no lesson at all has a fault", .timeLimit(.minutes(10)), arguments: noLessons)
  func noLesson(specimen: Specimen) { #expect(!isLesson(specimen.text)) }

  static let runs = specimens([
    "a: { kernel: flash-attention, n: 1048576, d: 1048576 }",
    "a: { kernel: flash-attention, n: 99999999999999999999 }",
    "a: { kernel: flash-attention, n: -1 }",
    "a: { n: 4 }",
    "a: flash-attention",
    "a: { kernel: flash-attention, n: 8, heads: 1048576, batch: 1048576, tile: 1 }",
    "a: { kernel: flash-attention, n: 8, scale: 1e999 }",
    "a: { kernel: flash-attention, n: 1e3000 }",
    "a: { kernel: tiled-matmul, m: 1048576, n: 1048576, k: 1048576 }",
    "1: { kernel: tiled-matmul }",
    "a: { kernel: flash-attention, device: /dev/zero }",
    "a: { kernel: flash-attention, device: /etc }",
    "a: { kernel: flash-attention, mask: \"window:-1,9223372036854775807\" }",
    "a: { kernel: flash-attention, mask: \"padding:99999999999999999999\" }",
    "a: { kernel: flash-attention, seed: 18446744073709551616 }", "\"a\\e[2J\": { kernel: x }",
    "a: { kernel: flash-attention, sample: ../../etc/passwd }",
    (0..<200).map { "r\($0): { kernel: flash-attention }" }.joined(separator: "\n  "),
  ])

  @Test(
    "A run that cannot be is refused before it is begun", .timeLimit(.minutes(10)), arguments: runs)
  func impossibleRuns(run: Specimen) {
    let text = Self.front.replacing(
      "a: { kernel: flash-attention, n: 8, d: 4, tile: 4 }", with: run.text)
    #expect(!isLesson(text + "## T\n"))
  }

  static let expressions = specimens([
    repeated("(", 3000), repeated("(", 3000) + "1" + repeated(")", 3000),
    "a.cycles" + repeated(" + 1 cycles", 800), repeated("-", 9000) + "1",
    "1" + repeated("^9", 2000),
    "1" + repeated(" * 1", 2000), repeated("abs(", 500) + "1", repeated("not ", 2000) + "(1 < 2)",
    "1" + repeated(" and 1", 1000), "9^9^9", "9^(9^(9^9))", "0/0", "1/0", "-1/0", "log(0)",
    "sqrt(-1)",
    "round(1e300)", "floor(1/0)", "1e999", repeated("9", 5000), "0." + repeated("0", 5000) + "1",
    "a.S[1e300]", "a.S[-1]", "a.S[0,0](1e18,0)", "a.Q(-1,0)", "a.Q(9223372036854775807)",
    "a.S[99999999999999999999]", "a" + repeated(".a", 3000), "a.Q" + repeated("(0)", 2000),
    "a.token(1e300)", "a.token(-1)", "cycle(\"\(repeated("*", 2000))x\")",
    "events(\"a \(repeated("*a", 1500))\")", "events(\"a *\")", "max()", "min(1)", "sum(1,2,3)",
    "\"", "a.now", "a.device", "tile", "1 in \(repeated("x", 3000))", "1 to 99999999999999999999",
    "1 to -1", "a.cycles in KB", "exact(a.S[0,0])", "reads(1)", "\u{661}\u{662}", "1e", "1e+", "..",
    "@",
    repeated("max(1,", 1000), repeated("[", 3000), "a[" + repeated("1,", 3000) + "1]",
  ])

  @Test(
    "An expression beyond reason is answered, not followed", .timeLimit(.minutes(10)),
    arguments: expressions)
  func hostileExpressions(specimen: Specimen) {
    let expression = specimen.text
    for beat in [
      "{\(expression)}", "```expect\n\(expression)\n```", "```cue\ncycle: '\(expression)'\n```",
      "```ask\nquestion: x\nanswer: '\(expression)'\nexplain: x\n```",
    ] {
      _ = read(Self.front + "## T\n\n" + beat + "\n")
    }
  }

  @Test("A long sum over many lines is no way to exhaust the stack", .timeLimit(.minutes(10)))
  func longSum() {
    let sum = Self.repeated("1 +\n  ", 8000) + "1"
    _ = read(
      Self.front + "## T\n\n```ask\nquestion: x\nanswer: \(sum)\nexplain: x\n```\n\n{\(sum)}\n")
  }

  static let prose = specimens([
    repeated("*", 9000), repeated("*a **b ", 1400),
    repeated("*a **b ", 700) + repeated("** *", 700),
    repeated("*a ", 3000) + repeated("a*", 3000), repeated("`", 9000), repeated("{", 9000),
    repeated("}", 9000), repeated("\\", 9000), repeated("|", 9000),
    repeated("| a ", 2000) + "\n|-|",
    repeated("> ", 4000), repeated("- ", 4000), repeated("- a\n", 4000),
    repeated("1. a\n", 4000),
    repeated("a\n", 12_000), repeated("*a\n", 6000), repeated("`a\n", 6000),
    repeated("{1}\n", 4000), repeated("### x\n", 4000), repeated("## x\n", 5000),
    repeated("```\n", 4001), repeated("~~~ x\n", 2000), repeated("```expect\n1 < 2\n```\n", 2000),
    "```cue\nuntil: a *\n```", "```cue\nuntil: a \(repeated("*a", 2000))*b\n```",
    "```cue\nuntil: 99999999999999999999th a started load K[0]\n```",
    "```cue\nuntil: 9223372036854775807th a started load K[0]\n```", "```cue\ncycle: 1e300\n```",
    "```cue\nrow: 1e300\n```", "```cue\nhighlight: \(repeated("K[0] ", 5000))\n```",
    "```cue\nplay: true\nspeed: 1e-300\ncycle: 9\n```", "```cue\nspeed: .inf\n```",
    "```cue\n[]\n```",
    "```cue\nuntil: &a x\n```", "```cue\nuntil: [a, b]\n```", "```ask\n```", "```ask\n- a\n```",
    "```ask\nquestion: x\norder: \(repeated("[", 2000))\n```",
    "```notes\n\(repeated("*a **b ", 1000))\n```",
    "```ask\nquestion: x\nanswer: a.cycles\ntolerance: 1e999%\nexplain: x\n```",
    "```ask\nquestion: x\nanswer: a.cycles\npoints: -1e300\nexplain: x\n```",
  ])

  @Test(
    "Prose without end or meaning is read or refused", .timeLimit(.minutes(10)), arguments: prose)
  func hostileProse(prose: Specimen) {
    _ = read(Self.front + "## T\n\n" + prose.text + "\n")
  }

  @Test("Line ends of any kind, and a byte order mark, change nothing")
  func lineEnds() {
    let text = Self.front + "## T\n\nIt takes {a.cycles}.\n"
    for other in [text, "\u{FEFF}" + text, text.replacing("\n", with: "\r\n")] {
      #expect(isLesson(other))
    }
  }
}
