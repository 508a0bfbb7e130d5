// What a lesson may cost: its runs together, its expressions together, said at the line before
// anything is computed.

import Testing

@testable import Lessons
@testable import Library

@Suite("A lesson's limits")
struct LimitTests {
  /// The first fault of a lesson with these runs beside the two small ones, and how long it took.
  private func refusal(_ runs: String, _ beats: String = "## A") -> (
    diagnostic: FileDiagnostic?, time: Duration
  ) {
    var diagnostic: FileDiagnostic?
    let time = ContinuousClock().measure { diagnostic = read(beats, runs: runs).diagnostics.first }
    return (diagnostic, time)
  }

  private static func many(_ count: Int, _ run: String) -> String {
    (0..<count).map { "  r\($0): { \(run), seed: \($0) }" }.joined(separator: "\n")
  }

  @Test(
    "Runs that are together too large are refused at the line of the first that is too much",
    arguments: [
      (many(1, "kernel: flash-attention, n: 1100, d: 8, tile: 8"), 8, "events"),
      (many(9, "kernel: flash-attention, n: 640, d: 8, tile: 8"), 9, "events"),
      (
        many(20, "kernel: flash-attention-2, n: 16, d: 8, tile: 8, heads: 1000, pass: both"), 9,
        "events"
      ),
      (many(20, "kernel: tiled-matmul, m: 700, n: 700, k: 700, tile: 35"), 9, "FLOPs of values"),
      (
        many(20, "kernel: standard-attention, n: 900, d: 64, tile: 60, device: a100-40gb"), 12,
        "FLOPs of values"
      ),
      (
        many(
          20,
          "kernel: naive-matmul, m: 240, n: 240, k: 240, tile-rows: 60, tile-cols: 60, tile-depth: 1"
        ), 14, "bytes of tiles"
      ),
      (
        many(
          9,
          "kernel: flash-attention-2, n: 300000, d: 64, dtype: fp16, device: a100-40gb, timing-only: true"
        ), 11, "tile steps"
      ),
    ])
  func runs(runs: String, line: Int, message: String) throws {
    let (found, time) = refusal(runs)
    let diagnostic = try #require(found)
    #expect(
      diagnostic.message.contains("too large for a lesson") && diagnostic.message.contains(message),
      "\(diagnostic.report)")
    #expect(diagnostic.line == line, "\(diagnostic.report)")
    #expect(time < .seconds(20))
  }

  @Test(
    "Expressions that compute too much are refused where they stand, before they do",
    arguments: [
      ("{sum(product(big.S, big.S))}", 10), ("{sum(product(big.S, transpose(big.S)))}", 10),
      ((0..<120).map { _ in "{sum(big.S)}" }.joined(separator: "\n"), 10),
      (
        "```expect\n" + (0..<120).map { _ in "close(big.S, big.S)" }.joined(separator: "\n")
          + "\n```", 11
      ),
      ("```ask\nquestion: x\nanswer: sum(product(big.S, big.S))\n```", 12),
    ])
  func expressions(text: String, line: Int) throws {
    let run = "  big: { kernel: standard-attention, n: 1000, d: 4, tile: 50 }"
    let (found, time) = refusal(run, "## A\n```cue\nend\n```\n" + text)
    let diagnostic = try #require(found)
    #expect(diagnostic.message.contains("values to compute"), "\(diagnostic.report)")
    #expect(diagnostic.line >= line + 3 && time < .seconds(60), "\(diagnostic.report) \(time)")
  }

  @Test("Beats and questions have a number beyond which nobody teaches")
  func counts() throws {
    let beats = refusal("", (0..<201).map { "## B\($0)" }.joined(separator: "\n"))
    #expect(beats.diagnostic?.message.contains("found 201 beats") == true)
    let ask = "```ask\nquestion: q\nchoices: [a, b]\nanswer: a\n```\n"
    let questions = refusal("", "## A\n" + String(repeating: ask, count: 21))
    #expect(questions.diagnostic?.message.contains("found 21 questions") == true)
    #expect(questions.diagnostic?.line == 10 + 20 * 5)
  }

  @Test(
    "Neither a cue of nothing nor a tile without a number nor a power of a power stops the reading",
    arguments: [
      ("```cue\n{}\n```", 11, "says nothing"), ("```cue\n```", 10, "nothing"),
      ("{reads(flash.K[])}", 10, "tile numbers"), ("{writes(flash.K[1,2,3])}", 10, "tile numbers"),
      ("{flash.K[]}", 10, "tile numbers"), ("{exact(flash.O[])}", 10, "tile numbers"),
      (
        "{" + String(repeating: "(", count: 20) + "1 B" + String(repeating: ")^9", count: 20) + "}",
        10, "counts nothing"
      ),
      (
        "{(1 B)^-9 * (1 s)^9 / (1 cycle)^9 * ((1 FLOP)^9)^9 * ((1 FLOP)^9)^9}", 10, "counts nothing"
      ),
      (
        "{" + String(repeating: "(", count: 4000) + "1" + String(repeating: ")", count: 4000) + "}",
        10, "500 at most"
      ),
      ("{(1 B)^-9223372036854775808}", 10, "whole number"),
      ("{flash.token(0)(1)}", 10, "token"), ("{max()}", 10, "arguments"),
      ("{flash.Q()}", 10, "(ROW)"),
      ("{flash.Q(1,2,3)}", 10, "(ROW)"), ("{cycle()}", 10, "RUN EVENT"),
      ("{flash.launches[]}", 10, "whole number"),
    ])
  func traps(text: String, line: Int, message: String) throws {
    let diagnostic = try #require(read("## A\n" + text).diagnostics.first)
    #expect(diagnostic.line == line && diagnostic.message.contains(message), "\(diagnostic.report)")
  }

  @Test("Deep nesting of any kind is refused or read, and soon")
  func nesting() {
    let texts = [
      String(repeating: "[\n", count: 60_000), String(repeating: "> ", count: 4900),
      String(repeating: "- ", count: 4900), String(repeating: "> - 1. ", count: 1000) + "a",
      (0..<90).map { String(repeating: "  ", count: $0) + "- a" }.joined(separator: "\n"),
      String(repeating: "[", count: 9000), String(repeating: "*a _b ", count: 1600),
      String(repeating: "![", count: 4900), String(repeating: "&", count: 9000),
      "```ask\nquestion: q\norder: " + String(repeating: "[", count: 9000) + "\n```",
    ]
    let time = ContinuousClock().measure {
      for text in texts { _ = read("## A\n" + text) }
    }
    #expect(time < .seconds(60))
    let yaml = Lesson.read(
      "---\n" + String(repeating: "[\n", count: 60_000) + "---\n## A", path: "x.md")
    #expect(yaml.lesson == nil)
  }
}
