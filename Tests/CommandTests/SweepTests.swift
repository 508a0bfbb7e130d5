// `sweep` as a user meets it: ranges, figures, what does not fit, and what is refused.

import Foundation
import Testing

@testable import Library
@testable import Studies
@testable import tilewalk

@Suite("Sweep")
struct SweepTests {
  @Test(
    "understands factors, steps and lists",
    arguments: [
      ("n=512..4096*2", [512.0, 1024, 2048, 4096], true), ("n=1..4+1", [1, 2, 3, 4], false),
      ("tile=16,32,64", [16, 32, 64], true), ("--d=8", [8], false),
      ("dropout=0..0.3+0.1", [0, 0.1, 0.2, 0.3], false), ("n=10..25*2", [10, 20], true),
    ])
  func ranges(text: String, values: [Double], isMultiplicative: Bool) throws {
    let range = try SweepRange(text)
    #expect(range.values == values && range.isMultiplicative == isMultiplicative)
  }

  static let refusals: [(String, String)] = [
    ("sweep flash-attention", "--over"),
    ("sweep flash-atention --over n=8,16", "did you mean flash-attention?"),
    ("sweep flash-attention --over n", "expected OPTION=RANGE"),
    ("sweep flash-attention --over heds=1,2", "did you mean heads?"),
    ("sweep flash-attention --over n=8..4*2", "expected FROM..TO*FACTOR"),
    ("sweep flash-attention --over n=8..64*1", "expected FROM..TO*FACTOR"),
    ("sweep flash-attention --over n=1..2000+1", "at most 1000"),
    ("sweep flash-attention --over n=1,2 --n 3", "--n is given, and swept over"),
    ("sweep flash-attention --over n=1,2 --over d=3", "found 2 of them, expected one"),
    ("sweep flash-attention --over n=1,2,1", "every value once"),
    ("sweep flash-attention --over n=1.5,2", "expected whole numbers"),
    ("sweep flash-attention --over n=0,8", "--n 0"),
    ("sweep flash-attention --over m=8,16", "--m is for matrix products"),
    ("sweep flash-attention --over n=8,16 --figure secnds", "did you mean seconds?"),
    ("sweep flash-attention --over n=8,16 --figure hbm", "did you mean hbm.bytes?"),
    ("sweep flash-attention --over n=8,16 --figure speedup", "add --baseline"),
    ("sweep flash-attention --over n=8,16 --device classroom,v10", "did you mean 'v100'?"),
  ]

  @Test("says in one line what it does not understand", arguments: refusals)
  func refuse(line: String, words: String) throws {
    let outcome = try tilewalk(line)
    #expect(outcome.code == 64, "\(line): \(outcome.error)")
    #expect(outcome.output.isEmpty && outcome.errorLines.count == 1, "\(outcome.error)")
    #expect(outcome.error.contains(words), "\(outcome.error)")
  }

  @Test("goes on where a tile does not fit, and says so")
  func obstacles() throws {
    let line = "sweep flash-attention --n 128 --d 8 --over tile=16,32,128"
    #expect(try tilewalk(line).output.contains("128     does not fit"))
    let data = Data(try tilewalk(line + " --format json").output.utf8)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    let points = try #require(object["points"] as? [[String: Any]])
    #expect(points.count == 3)
    #expect((points[2]["figures"] as? [String: Any])?["seconds"] is NSNull)
    #expect((points[2]["reason"] as? String)?.contains("do not fit in SRAM") == true)
  }

  @Test("reports the same as run does, and ratios to a baseline that is not shown")
  func figures() throws {
    let run = try tilewalk("run flash-attention --n 32 --timing-only --format json")
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let sweep = try tilewalk(
      "sweep flash-attention --over n=32 --figure seconds hbm.bytes speedup tflops intensity "
        + "launches.attention.cycles --baseline flash-attention-2 --format csv")
    let lines = sweep.output.split(separator: "\n").map { $0.split(separator: ",") }
    #expect(lines.count == 2, "\(sweep.error)")
    #expect(lines[1][1] == "flash-attention")
    #expect(Double(lines[1][3]) == report["seconds"] as? Double)
    let hbm = try #require(report["hbm"] as? [String: Int])
    #expect(Int(lines[1][4]) == hbm.values.reduce(0, +))
    #expect(lines[1][5...8].allSatisfy { Double($0).map { $0 > 0 } == true })
  }

  @Test("draws a plot of 80 columns and 22 lines, in ASCII if asked")
  func plot() throws {
    let line = "sweep flash-attention standard-attention --over n=16..128*2 --format plot"
    let lines = try tilewalk(line + " --ascii").output.split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 23 && lines.allSatisfy { $0.count <= 80 && $0.allSatisfy(\.isASCII) })
    #expect(lines[21].contains("A flash-attention") && lines[21].contains("B standard-attention"))
  }

  @Test("on a terminal is coloured, and not under NO_COLOR")
  func colours() throws {
    let arguments = ["sweep", "flash-attention", "--over", "n=16..64*2", "--format", "plot"]
    let (coloured, _, _) = try PseudoTerminal(arguments).end()
    #expect(coloured.contains("\u{1B}[") && coloured.contains("⠤"))
    let (plain, code, _) = try PseudoTerminal(arguments, environment: ["NO_COLOR": "1"]).end()
    #expect(code == 0 && !plain.contains("\u{1B}"))
  }
}
