// The language of figures: what expressions come to, and how numbers are written.

import Kernels
import Machine
import Testing

@testable import Lessons
@testable import Library

@Suite("Expressions")
struct ExpressionTests {
  /// An evaluator at the end of two runs.
  static let end: Evaluator = {
    let lesson = read("## A").lesson!
    let cycle = lesson.runs.map(\.recording.lastCycle).max()!
    return Evaluator(lesson.runs.map { RunFigures(.recorded($0)) }, cycle: cycle)
  }()

  static func value(_ text: String, at evaluator: Evaluator = end) throws -> Value {
    try evaluator.value(try ExpressionParser.parse(text))
  }

  @Test(
    "Precedence is the textbook's",
    arguments: [
      ("1 + 2 * 3", 7.0), ("(1 + 2) * 3", 9), ("-2^2", -4), ("2 * -3", -6), ("7 - 2 - 1", 4),
      ("8 / 4 / 2", 1), ("5%", 0.05), ("1e3 + .5", 1000.5), ("max(1, 5, 3)", 5), ("2 x", 2),
    ])
  func precedence(text: String, expected: Double) throws {
    let value = try #require(try Self.value(text).quantity)
    #expect(abs(value.value - expected) < 1e-12)
  }

  @Test(
    "Claims",
    arguments: [
      ("1 < 2 and not 2 < 1", true), ("1 < 2 or 1 / 0 < 2", true), ("2 ms == 2000 us", true),
      ("48 KiB == 49152 B", true), ("naive.kernel == \"standard-attention\"", true),
      ("close(0.1 + 0.2, 0.3)", true), ("0.1 + 0.2 == 0.3", false),
      ("flash.hbm.bytes == flash.hbm.readBytes + flash.hbm.writeBytes", true),
      ("flash.now.hbm.bytes == flash.hbm.bytes", true),
      ("naive.tensors.S.writeBytes == naive.problem.n * naive.problem.kv * 4 B", true),
      ("naive.tensors.S.readBytes == naive.closedForm.S.readBytes", true),
      ("naive.launches.softmax.cycles == naive.launches[1].cycles", true),
      ("close(flash.O[1], exact(flash.O[1]))", true),
      ("close(naive.S[0,2], exact(naive.S[0,2]))", true),
      ("close(rowsum(naive.P[1,0]) + rowsum(naive.P[1,1]) + rowsum(naive.P[1,2]), 1)", true),
      ("close(naive.S(5,7), sum(naive.Q(5) * naive.K(7)) * naive.problem.scale)", true),
      ("close(product(naive.Q, transpose(naive.K)) * naive.problem.scale, naive.S)", true),
      ("naive.S[1,1](1,3) == naive.S(5,7)", true),
      ("reads(flash.Q[0]) == 3 and writes(flash.O[0]) == 3", true),
      ("reads(naive.K[0]) == 3", true),
      ("cycle(\"naive started launch softmax\") >= cycle(\"naive finished launch scores\")", true),
      ("events(\"flash finished load K[*]\") == flash.problem.kv / flash.mapping.tileCols", true),
      ("flash.device.hbmBytesPerCycle * 10 cycles > 1 B", true),
      ("flash.error.maxAbsolute < 1e-5", true), ("finite(log(0))", false),
    ])
  func claims(text: String, expected: Bool) throws {
    #expect(try Self.value(text) == .flag(expected))
  }

  @Test(
    "Units are kept apart, and names are checked",
    arguments: [
      ("1 B + 1", 5), ("flash.cycles < flash.hbm.bytes", 14), ("exp(flash.cycles)", 1),
      ("flash.hbm.byts", 11), ("flsh.cycles", 1), ("flash", 1), ("foo(1)", 1), ("1 +", 4),
      ("(1", 3), ("1 2", 3), ("flash.S[0]", 7), ("naive.S[0,0](9,0)", 13), ("flash.token(0)", 12),
      ("\"a", 1), ("1 ? 2", 3), ("naive.S[0,0] + naive.Q", 14), ("cycle(\"naive\")", 1),
    ])
  func refusals(text: String, column: Int) throws {
    let diagnostic = #expect(throws: ExpressionError.self) { _ = try Self.value(text) }
    #expect(diagnostic?.column == column, "\(text): \(diagnostic?.message ?? "")")
  }

  @Test(
    "Numbers are written as a reader wants them",
    arguments: [
      ("155648 B", "155,648 B"), ("40300000000 B", "40.3 GB"), ("5305 cycles", "5,305 cycles"),
      ("0.0073 s", "7.3 ms"), ("ratio(10723, 5305)", "2.02"), ("2/3", "0.667"),
      ("1/3*100000", "33,333"),
      ("4 x in x", "4×"), ("0.4531 in % to 1", "45.3%"), ("155648 B in KiB", "152 KiB"),
      ("1234567 B in KB to 1", "1,234.6 KB"), ("1.5 B in plain", "1.5"), ("1/8", "0.125"),
      ("1 < 2", "yes"),
      ("66600000000 FLOP", "66.6 GFLOPs"), ("10 B / 4 cycles", "2.5 B/cycle"),
    ])
  func texts(text: String, expected: String) throws {
    let format = try DisplayFormat(text, column: 1)
    #expect(try format.text(Self.value(format.expression), column: 1) == expected)
  }

  @Test(
    "Gradients are compared with the chain rule, whichever kernel computed them",
    arguments: ["standard-attention", "flash-attention", "flash-attention-2"])
  func gradients(kernel: String) throws {
    let lesson = try #require(
      read(
        "## A",
        runs: """
            back: { kernel: \(kernel), n: 10, kv: 7, d: 4, dv: 3, heads: 2, kv-heads: 1,
              tile-rows: 4, tile-cols: 3, mask: causal, dropout: 0.2, pass: both }
          """
      ).lesson)
    let end = Evaluator(
      lesson.runs.map { RunFigures(.recorded($0)) },
      cycle: lesson.runs.map(\.recording.lastCycle).max()!)
    for tile in ["dQ[1]", "dQ[2]", "dK[1]", "dK[2]", "dV[0]", "dV[2]"] {
      #expect(try Self.value("close(back.\(tile), exact(back.\(tile)))", at: end) == .flag(true))
      #expect(try Self.value("max(abs(back.\(tile))) > 0", at: end) == .flag(true), "\(tile)")
    }
    #expect(try Self.value("close(back.dQ(5,1), exact(back.dQ(5,1)))", at: end) == .flag(true))
    guard kernel != "standard-attention" else { return }
    #expect(try Self.value("close(back.D[1], exact(back.D[1]))", at: end) == .flag(true))
    #expect(try Self.value("back.flops.recomputed > 0 FLOP", at: end) == .flag(true))
  }

  @Test("A tile is what it was at the cycle, and nothing before it is there")
  func tilesInTime() throws {
    let lesson = try #require(read("## A").lesson)
    let figures = lesson.runs.map { RunFigures(.recorded($0)) }
    let first = figures[0].events.cycles(matching: "finished store S[0,0]")[0]
    let before = Evaluator(figures, cycle: first - 1)
    let after = Evaluator(figures, cycle: first)
    #expect(try Self.value("writes(naive.S[0,0])", at: before).quantity?.value == 0)
    #expect(try Self.value("writes(naive.S[0,0])", at: after).quantity?.value == 1)
    #expect(try Self.value("naive.now.tensors.S.writeBytes", at: after).quantity?.value == 64)
    #expect(throws: ExpressionError.self) { _ = try Self.value("naive.P[0,0]", at: after) }
  }
}
