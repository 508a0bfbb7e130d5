// Which figures an answer names: they are hidden until it is given.

import Moments
import Testing

@testable import Lessons

@Suite("The figures of an answer")
struct FigureNameTests {
  private func figures(_ answer: String, hide: String = "") throws -> HiddenFigures {
    let reading = read(answer, hide)
    let lesson = try #require(reading.lesson, "\(reading.diagnostics.map(\.report))")
    return lesson.questions[0].figures
  }

  private func read(_ answer: String, _ hide: String) -> Lesson.Reading {
    Lesson.read(
      """
      ---
      title: T
      summary: S.
      minutes: 1
      runs:
        flash: { kernel: flash-attention, n: 32, d: 8, tile: 16, seed: 1 }
        naive: { kernel: standard-attention, n: 32, d: 8, tile: 16, seed: 1 }
      ---
      ## One

      ```cue
      until: flash finished store O[1]
      ```

      ```ask
      question: How much?
      answer: \(answer)
      hide: \(hide.isEmpty ? "traffic" : hide)
      ```
      """, path: "x.md")
  }

  @Test("one figure is named, now or at the end")
  func single() throws {
    #expect(
      try figures("flash.hbm.readBytes") == HiddenFigures(.report("hbm.readBytes"), of: "flash"))
    #expect(
      try figures("flash.now.tensors.K.readBytes")
        == HiddenFigures(.report("tensors.K.readBytes"), of: "flash"))
    #expect(
      try figures("flash.launches.attention.blocks")
        == HiddenFigures(.report("launches.attention.blocks"), of: "flash"))
    // A launch by its number is the launch of that name.
    #expect(
      try figures("naive.launches[1].hbmBytes")
        == HiddenFigures(.report("launches.softmax.hbmBytes"), of: "naive"))
    #expect(try figures("naive.cycles") == HiddenFigures(.report("cycles"), of: "naive"))
  }

  @Test("each term of a sum is named, and what else is calculated is not")
  func calculations() throws {
    let both = HiddenFigures(.report("tensors.K.readBytes"), of: "flash")
      .union(HiddenFigures(.report("tensors.V.readBytes"), of: "flash"))
    #expect(try figures("flash.tensors.K.readBytes + flash.tensors.V.readBytes") == both)
    #expect(try figures("naive.hbm.bytes - flash.hbm.bytes").isEmpty)
    #expect(try figures("flash.flops.matmul / flash.hbm.bytes").isEmpty)
    let ratio = HiddenFigures(.ratio("hbm.bytes"), of: "flash")
      .union(HiddenFigures(.ratio("hbm.bytes"), of: "naive"))
    #expect(try figures("ratio(naive.hbm.bytes, flash.hbm.bytes)") == ratio)
    #expect(try figures("naive.hbm.bytes / flash.hbm.bytes") == ratio)
    #expect(
      try figures("cycle(\"flash finished load K[0]\") - cycle(\"flash started load K[0]\")")
        == HiddenFigures(.duration, of: "flash"))
  }

  @Test("a value is named by its row and column in the matrix")
  func values() throws {
    #expect(
      try figures("flash.O[1](3,2)")
        == HiddenFigures(.value(of: "O", row: 19, column: 2), of: "flash"))
    #expect(
      try figures("sum(exact(flash.l[0](3)))")
        == HiddenFigures(.value(of: "l", row: 3, column: 0), of: "flash"))
  }

  @Test("an author may name further figures, which must exist")
  func named() throws {
    let hidden = try figures("flash.cycles", hide: "traffic naive.hbm.bytes flash.O[1](3)")
    #expect(hidden.hides(.report("hbm.writeBytes"), of: "naive"))
    #expect(hidden.hides(.value(of: "O", row: 19, column: 7), of: "flash"))
    #expect(!hidden.hides(.value(of: "O", row: 20, column: 7), of: "flash"))
    let typo = read("flash.cycles", "flash.hbm.byts").diagnostics.map(\.message)
    #expect(typo.contains { $0.contains("byts") }, "\(typo)")
    let unknown = read("flash.cycles", "trafic").diagnostics.map(\.message)
    #expect(unknown.contains { $0.contains("trafic") && $0.contains("traffic") }, "\(unknown)")
  }
}
