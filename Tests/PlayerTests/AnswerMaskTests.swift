// The answer mask: what equals the answer is not to be seen, and nothing else is hidden.

import Canvas
import Lessons
import Machine
import Testing

@testable import Player
@testable import Runs

@Suite("The answer mask")
struct AnswerMaskTests {
  private func covered(_ line: String, _ secret: Double) -> String {
    var canvas = Canvas(width: line.count, height: 1)
    canvas.put(line, row: 0, column: 0, in: canvas.bounds)
    AnswerMask(maskedValues: [Quantity(secret)]).cover(&canvas, rows: 0..<1)
    return canvas.lines[0]
  }

  @Test(
    "a number is hidden however it is written",
    arguments: [
      ("read 155,648 B", 155_648, "read ▚▚▚▚▚▚▚ B"),
      ("155648/155,649", 155_648, "▚▚▚▚▚▚/155,649"),
      ("it is 40.3 GB.", 40_265_318_400, "it is ▚▚▚▚ GB."),
      ("40.3 GB/s", 40_265_318_400, "▚▚▚▚ GB/s"),
      ("16 KiB of it", 16_384, "▚▚ KiB of it"),
      ("41.7 ms", 0.0417, "▚▚▚▚ ms"),
      ("6.268 µs or 6.27 us", 6.268e-6, "▚▚▚▚▚ µs or ▚▚▚▚ us"),
      ("-1.234 and 1.234", -1.2341, "-▚▚▚▚▚ and 1.234"),
      ("12.3%", 0.123, "▚▚▚▚%"),
      ("6.268 µs, 6.27 us, 6268 ns", 6.268e-6, "▚▚▚▚▚ µs, ▚▚▚▚ us, ▚▚▚▚ ns"),
      ("cycle 528 of 6,755", 528, "cycle ▚▚▚ of 6,755"),
      ("0–128", 128, "0–▚▚▚"),
    ] as [(String, Double, String)])
  func hidden(line: String, secret: Double, expected: String) {
    #expect(covered(line, secret) == expected)
  }

  @Test(
    "names, labels, short numbers and other values stay",
    arguments: [
      ("K[128] S[128,128]", 128), ("fp128 flash-attention-128", 128), ("16 tiles", 16),
      ("1 2 3", 2), ("0.5", 0.5), ("155,649 B", 155_648), ("40.4 GB", 40_265_318_400),
      ("40.3 MB", 40_265_318_400), ("1,128", 128), ("0 0.1", 0.123),
    ] as [(String, Double)])
  func shown(line: String, secret: Double) {
    #expect(covered(line, secret) == line)
  }

  @Test("a time is hidden in every unit, and bare where a column may have any")
  func units() {
    var canvas = Canvas(width: 40, height: 1)
    canvas.put("6.268 µs 6268 ns 0.00627 ms 6.268 7.1", row: 0, column: 0, in: canvas.bounds)
    AnswerMask(maskedValues: [Quantity(6.268e-6, .seconds)]).cover(&canvas, rows: 0..<1)
    #expect(canvas.lines[0] == "▚▚▚▚▚ µs ▚▚▚▚ ns ▚▚▚▚▚▚▚ ms ▚▚▚▚▚ 7.1")
  }

  @Test("a figure of the text is hidden whatever its digits")
  func figures() {
    let prose: [Prose] = [.paragraph([Inline("16", figure: Quantity(16)), Inline(" and 16")])]
    let masked = AnswerMask(maskedValues: [Quantity(16)]).cover(prose)
    #expect(masked == [.paragraph([Inline("▚▚", figure: Quantity(16)), Inline(" and 16")])])
  }

  @Test("no page shows an answer that a later page asks for, nor does walking around")
  func pages() throws {
    let lesson = try demoLesson()
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
      var player = LessonPlayer(lesson, beat: 1)
      #expect(!player.lines(width, height).joined().contains("16,384"))
      player.press(.right)
      #expect(!player.lines(width, height).joined().contains("16,384"))
      player.type("x$:view traffic\n")
      let text = player.lines(width, height).joined()
      #expect(!text.contains("16,384") && text.contains("hidden until"))
      player.type("xx:view timeline\nx!")
      #expect(player.lines(width, height).joined().contains("16,384"))
      player.type("x$:view traffic\n")
      #expect(player.lines(width, height).joined().contains("16,384"))
    }
  }

  @Test("what the viewer types is not hidden from them")
  func typing() throws {
    var player = LessonPlayer(try demoLesson(), beat: 1)
    player.press(.right)
    player.type("16384")
    #expect(player.lines().joined().contains("> 16384"))
  }
}
